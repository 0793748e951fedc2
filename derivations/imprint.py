"""The semantic imprint (C): what a trained norm says of what an embedding stands for.

    python derivations/imprint.py [--out DIR]

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


def drift_heat_decay(notes: Notes) -> None:
    """Drift, heat and decay."""
    notes.say(r"""
        Chapters A and B know one row and one loss. In training many losses move a row, and three things happen to its norm: a
        mean gradient with a radial part moves it at first order in the learning rate (drift), the square of every step
        lengthens it (heat), decay shortens it. Their balance is a quadratic equation, whose root is the norm.
    """)
    notes.law("C0")
    notes.say(r"""
        The balance is of means, and the mean of a square is not the square at the mean. The gap has a sign and a bound.
    """)
    notes.law("C0a")
    notes.say(r"Which of the three rules depends on the sign of the drift.")
    notes.law("C0b")
    notes.say(r"""
        A row of a lookup table, under SGD and a loss of cosines, has no drift: its gradient is orthogonal to it, item by
        item. There the norm is heat alone.
    """)
    notes.law("C1")


def heat_is_meaning(notes: Notes) -> None:
    """What heat measures."""
    notes.say(r"""
        So what is the heat of a row? Around its mean direction it is dispersion: how much the gradients of its contexts
        disagree. A batch averages it out.
    """)
    notes.law("C2")
    notes.say(r"""
        Let contexts scatter about a mean direction with concentration $\kappa$. The more concentrated, the less they
        disagree, the shorter the row: specific rows are short. Note the direction, which is not the one that one might guess.
    """)
    notes.law("C3")
    notes.say(r"""
        InfoNCE's softmax saturates, and pushes of negatives add to the heat. Their mean is still an integral over a single
        number.
    """)
    notes.law("C3a")
    notes.say(r"""
        Labels can disagree, too. If a query has several right answers its residual never vanishes, and the heat that this
        leaves is the impurity of its labels at most.
    """)
    notes.law("C4")
    notes.say(r"""
        Read backwards: a norm and a count of visits give an estimate of dispersion, with a bias and a noise floor that are
        known.
    """)
    notes.law("C7")


def both_tables(notes: Notes) -> None:
    """Words and contexts that learn together."""
    notes.say(r"""
        Where both sides of a pair are trained a row's neighbours move as well. At given directions, what makes positives and
        negatives alike cools a word, and does nothing of the kind to a context.
    """)
    notes.law("C11")
    notes.say(r"""
        Bias and dispersion compete: early in training a word is hot because it is wrong, later because its contexts disagree.
    """)
    notes.law("C11a")
    notes.say(r"""
        Where the model fits, concentration first warms a word and then cools it. When it turns depends on how rare its own
        contexts are: "specific is short" has its conditions.
    """)
    notes.law("C11b")


def frequency(notes: Notes) -> None:
    """Frequency."""
    notes.say(r"""
        A frequent row takes more steps. How much longer that makes it is a matter of the optimiser and of whether decay waits
        for a visit.
    """)
    notes.law("C5")
    notes.say(r"Adam's memory makes rare rows and frequent ones differ.")
    notes.law("C5b")
    notes.say(r"""
        Where decay does not wait, a rare row shrinks between visits and is thrown far by the next one. Its norm has heavy
        tails, and means of it may not exist.
    """)
    notes.law("C6")


def shared_encoders(notes: Notes) -> None:
    """Encoders that share their weights."""
    notes.say(r"""
        The outputs of an encoder are not free: one item's step moves all of them. In a linear encoder norm passes from item
        to item, while that of the weights is kept.
    """)
    notes.law("C8a")
    notes.say(r"With a hidden layer an item moves its own norm as well.")
    notes.law("C8b")
    notes.say(r"""
        The sign is decided by the neighbourhood: neighbours that agree lengthen an item, neighbours that do not shorten it.
    """)
    notes.law("C8c")
    notes.say(r"""
        This is first order in the learning rate, and what a lookup table has is second: so in an encoder the budget of norm
        is mostly redistributed, by whoever is near.
    """)
    notes.law("C12")


def other_causes(notes: Notes) -> None:
    """Norms that come from elsewhere."""
    notes.say(r"Not every length is an imprint of training. The mean of many tokens is short because it is a mean.")
    notes.law("C9")
    notes.say(r"""
        And losses on inner products see the length, so that it carries information: in skip-gram with negative sampling, of
        how a word's contexts differ from all contexts.
    """)
    notes.law("C10")


SECTIONS = (drift_heat_decay, heat_is_meaning, both_tables, frequency, shared_encoders, other_causes,)


def main(argv: Sequence[str] | None = None) -> int:
    """Derive and print the chapter, write its LaTeX; 1 if a step is not proved."""
    from derivations.chapter_script import run_chapter

    return run_chapter("imprint", argv, SECTIONS)


if __name__ == "__main__":
    if not __package__:  # run as a file: imports start at the folder above, not at this one
        sys.path[0] = str(Path(__file__).resolve().parent.parent)
    sys.exit(main())
