"""``python -m derivations.docs``: ``normlaw docs``, where the command is not installed."""

from __future__ import annotations

import sys

from derivations.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["docs", *sys.argv[1:]]))
