"""Dynamics of the norm (B): how long an embedding becomes, step by step, by optimiser, schedule and precision.

    python derivations/dynamics.py [--out DIR]

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


def flow_and_steps(notes: Notes) -> None:
    """A flow conserves what steps do not."""
    notes.say(r"""
        The gradient is orthogonal to the embedding (A1). Follow it in infinitely small steps, and the embedding moves on a
        sphere: the norm is conserved.
    """)
    notes.law("B1")
    notes.say(r"""
        A step of finite length leaves the sphere along a tangent, and a tangent leads outwards. Pythagoras says how far: the
        squares of embedding and step add up. A short embedding is lengthened more than a long one.
    """)
    notes.law("B2")
    notes.say(r"""
        How much of that is noise and how much signal is a matter of the limit that is taken. The flow has no heat at all, the
        Itô equation keeps the trace of the covariance, steps keep the bias as well; growing the batch tells them apart.
    """)
    notes.law("B1b")


def fourth_root(notes: Notes) -> None:
    """Growth by the fourth root."""
    notes.say(r"""
        Let $z = \lVert u\rVert^4$. Squaring Pythagoras gives a recursion in $z$ in which the norm has almost vanished from
        the right-hand side: $z$ grows by $2\eta^2 G$ a step, and by a remainder that fades.
    """)
    notes.law("B3")
    notes.say(r"""
        The remainder can be summed: it is a logarithm. So $z$ is pinned between twice what was accumulated and that with a
        logarithm on top.
    """)
    notes.law("B4")
    notes.say(r"""
        Hence the law of the chapter. The norm grows as the fourth root of the accumulated gradient energy: ten times the
        training makes a row 1.8 times as long, and steps shrink by themselves.
    """)
    notes.law("B5")
    notes.say(r"""
        A schedule changes the size of a step, and steps count by their squares: only the sum of the squared learning rates
        matters.
    """)
    notes.law("B9a")
    notes.say(r"These sums are known in closed form for the schedules in use.")
    notes.law("B9b")


def equilibrium(notes: Notes) -> None:
    """Decay, and an equilibrium."""
    notes.say(r"""
        Weight decay shortens every row by a constant factor, heat lengthens short rows more than long ones: they balance. At
        which norm depends on the gradient energy, and how fast on the product of learning rate and decay.
    """)
    notes.law("B6")
    notes.say(r"""
        At that equilibrium the step has a fixed proportion to the norm. So every row turns by the same angle a step, and what
        the norm tells of a row, its rotation does not.
    """)
    notes.law("B7")


def momentum(notes: Notes) -> None:
    """Momentum."""
    notes.say(r"""
        Under heavy ball neither the embedding nor its momentum takes a step of SGD, but a combination of both does: the
        shadow $w$, which is where the embedding would come to rest if gradients stopped. Of $w$ all is known that was known
        of $u$, and the new term is the overlap of momentum and gradient.
    """)
    notes.law("B8a")
    notes.say(r"""
        If gradients persist that overlap adds up. Momentum multiplies the energy, by $1/(1-\beta)^2$ for white noise and by
        more the longer a gradient persists.
    """)
    notes.law("B8b")
    notes.say(r"Decay fits in: with either kind the shadow takes decaying steps of SGD, with one factor for both.")
    notes.law("B8c")
    notes.say(r"""
        So there is an equilibrium. Its norm depends on whether decay is coupled to the momentum; its rotation is as blind to
        meaning as SGD's.
    """)
    notes.law("B8d")
    notes.say(r"Nesterov's look-ahead changes the rotation and leaves the norms.")
    notes.law("B8e")
    notes.say(r"How long it takes to get there depends on the kind of decay as well.")
    notes.law("B8f")


def other_steps(notes: Notes) -> None:
    """Steps of another length."""
    notes.say(r"""
        Divide the gradient by its own length, and what was heat is a constant: the norm then grows as a square root, the same
        for every row, and forgets the gradient.
    """)
    notes.law("B10a")
    notes.say(r"""
        Clipping is in between. A short row has large gradients, which are clipped; once it is long enough it is as under SGD.
    """)
    notes.law("B10b")
    notes.say(r"AdaGrad-norm and WNGrad divide by what they have accumulated, and the norm grows by the logarithm of it.")
    notes.law("B10c")
    notes.say(r"A step that is put back on the sphere, or along it, keeps the norm by construction, and so records nothing.")
    notes.law("B10d")
    notes.say(r"""
        SGDP and AdamP project the step onto the tangent, but do not put it back: the drift that momentum causes is gone, the
        heat is not.
    """)
    notes.law("B10e")


def equivalences(notes: Notes) -> None:
    """One optimiser in the clothes of another."""
    notes.say(r"""
        Because the norm acts as a step size, rules that look different walk the same path on the sphere. SGD is WNGrad there,
        its accumulator the squared norm over the learning rate.
    """)
    notes.law("B11a")
    notes.say(r"Weight decay can be traded for a learning rate that grows exponentially.")
    notes.law("B11b")
    notes.say(r"And start lengths for learning rates: with momentum by the square of the norm ...")
    notes.law("B11c")
    notes.say(r"... and under adaptive rules by the norm itself.")
    notes.law("B11d")


def adaptive(notes: Notes) -> None:
    """Adam and its kind."""
    notes.say(r"""
        With a fixed diagonal preconditioner Pythagoras still holds, in the metric of its inverse; the plain norm then is no
        longer what adds up.
    """)
    notes.law("B12a")
    notes.say(r"""
        Adam's preconditioner is made of the gradients themselves. On white noise every coordinate takes steps of about unit
        size, whatever its gradient, so the squared norm grows by the dimension: Adam is blind to the energy that SGD records.
    """)
    notes.law("B12b")
    notes.say(r"So is the equilibrium of AdamW, and its rotation.")
    notes.law("B12c")
    notes.say(r"signSGD is the plainest case, and shows what symmetry is for: on skewed noise of mean 0 it marches.")
    notes.law("B12h")
    notes.say(r"""
        Lion takes signs of a moving average; on Gaussian noise their correlations are arcsines, and the equilibrium follows.
    """)
    notes.law("B12d")
    notes.say(r"Without the correction of its first means, as in RMSProp, the start is fast.")
    notes.law("B12i")
    notes.say(r"Three departures bring the energy back. An epsilon above the scale of the gradients turns Adam into SGD.")
    notes.law("B12e")
    notes.say(r"L2 regularisation inside Adam is divided by the same scale as the gradients, and leaves a trace of it.")
    notes.law("B12f")
    notes.say(r"""
        And rare rows: a visit that comes seldom meets a second moment that has forgotten the last one, and counts for more.
    """)
    notes.law("B12g")


def low_precision(notes: Notes) -> None:
    """Low precision."""
    notes.say(r"""
        Storage rounds. A decay of less than half a unit in the last place is rounded away at every step, always: it never
        acts.
    """)
    notes.law("B13a")
    notes.say(r"Stochastic rounding gets the mean right, and pays with noise.")
    notes.law("B13b")
    notes.say(r"That noise is heat, and equilibria are longer for it.")
    notes.law("B13c")
    notes.say(r"Rounded to nearest there is no equilibrium at all, but a plateau on which steps are lost.")
    notes.law("B13d")


SECTIONS = (flow_and_steps, fourth_root, equilibrium, momentum, other_steps, equivalences, adaptive, low_precision,)


def main(argv: Sequence[str] | None = None) -> int:
    """Derive and print the chapter, write its LaTeX; 1 if a step is not proved."""
    from derivations.chapter_script import run_chapter

    return run_chapter("dynamics", argv, SECTIONS)


if __name__ == "__main__":
    if not __package__:  # run as a file: imports start at the folder above, not at this one
        sys.path[0] = str(Path(__file__).resolve().parent.parent)
    sys.exit(main())
