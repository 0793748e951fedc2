"""``python -m tests.test_derivations.golden --update`` writes every formula of every claim down as it is printed now.

Look at the difference before it is committed: a formula that changes here changes in the paper, the report and the terminal.
"""

from __future__ import annotations

import sys

from tests.test_derivations.golden import FOLDER, written
from theory.catalogue import catalogue


def main(arguments: list[str]) -> int:
    if arguments != ["--update"]:
        print(__doc__)
        return 2
    for chapter in catalogue().chapters():
        path = FOLDER / f"{chapter}.txt"
        path.write_text(written(chapter), encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
