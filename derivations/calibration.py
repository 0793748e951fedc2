"""Calibration (D), step by step: ``python derivations/calibration.py [--out DIR]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Derive and print the chapter, write its LaTeX; 1 if a step is not proved."""
    from derivations.chapter_script import run_chapter

    return run_chapter("calibration", argv)


if __name__ == "__main__":
    if not __package__:  # run as a file: imports start at the folder above, not at this one
        sys.path[0] = str(Path(__file__).resolve().parent.parent)
    sys.exit(main())
