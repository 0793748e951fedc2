"""Calibration (D): what norms are of use for, where they mean something.

    python derivations/calibration.py [--out DIR]

Lecture notes that run: every section says what it is about and puts its laws, which are then derived, step by step, with the
verdict of the kernel on each. Nothing that is said to be proved here is typed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derivations.lecture import Notes


def posteriors(notes: Notes) -> None:
    """A concentration makes a posterior."""
    notes.say(r"""
        Chapter C reads from a norm how concentrated the queries of an item are. If that is known, how sure should one be of a
        match? For directions that scatter by von Mises and Fisher, Bayes' rule is a softmax in which every item has a
        temperature of its own, the inverse of its concentration.
    """)
    notes.law("D1")


def rankings(notes: Notes) -> None:
    """Rankings by inner products."""
    notes.say(r"""
        Ranking by inner products uses the norm without asking. Between cosine and inner product lies a family, $\cos(q,
        d)\,\lVert d\rVert^b$, and one can ask data for $b$. The query's norm never matters; the document's does, and the
        wrong way round below cosine 0.
    """)
    notes.law("D2")


def stored(notes: Notes) -> None:
    """Rows that were normalised."""
    notes.say(r"""
        Many files of embeddings hold unit rows. What is left of a length there is rounding, and it should not be taken for
        anything else.
    """)
    notes.law("D3")


SECTIONS = (posteriors, rankings, stored,)


def main(argv: Sequence[str] | None = None) -> int:
    """Derive and print the chapter, write its LaTeX; 1 if a step is not proved."""
    from derivations.chapter_script import run_chapter

    return run_chapter("calibration", argv, SECTIONS)


if __name__ == "__main__":
    if not __package__:  # run as a file: imports start at the folder above, not at this one
        sys.path[0] = str(Path(__file__).resolve().parent.parent)
    sys.exit(main())
