"""Geometry of scale invariance (A): what a loss that does not see a length does to gradients.

    python derivations/geometry.py [--out DIR]

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


def cosine_ignores_length(notes: Notes) -> None:
    """Cosine ignores length."""
    notes.say(r"""
        A cosine compares directions. Multiply an embedding $u$ by any $c > 0$ and no cosine of it changes, so no loss made of
        cosines does. Yet embeddings have a length, and training changes it. These notes ask what a gradient can know of a
        length that the loss does not see.
    """)
    notes.say(r"""
        Begin with a single cosine. To first order, moving $u$ along itself changes nothing, and moving it across turns it by
        the length of the move over $\lVert u\rVert$. So the gradient is the part of the other direction that is orthogonal to
        $u$, divided by the norm of $u$.
    """)
    notes.law("A4")
    notes.say(r"""
        What was seen of one cosine is true of every loss that ignores length, and of no other: a gradient orthogonal to the
        embedding everywhere and a loss that does not see its length are the same thing. One way round this is Euler's theorem
        for functions of degree 0; the other integrates along a ray.
    """)
    notes.law("A1")


def length_is_a_step_size(notes: Notes) -> None:
    """Length sets the size of a step."""
    notes.say(r"""
        If the loss at $cu$ is the loss at $u$, its gradient at $cu$ has to be smaller by $c$: the same change of direction
        takes a longer way. An embedding that is twice as long is moved half as far and turned a quarter as much. This is all
        that the rest of the theory needs of the geometry.
    """)
    notes.law("A2")
    notes.say(r"""
        A second derivative loses another factor. The Hessian also sends the embedding itself to minus the gradient, so the
        loss is flat along the embedding to second order only where its gradient vanishes.
    """)
    notes.law("A3")


def losses_of_cosines(notes: Notes) -> None:
    """From one cosine to a whole batch."""
    notes.say(r"""
        A contrastive loss has many cosines. By the chain rule its gradient is a sum of projected directions, weighted by the
        slopes $\partial L/\partial c_j$, and each of them is tangential: so is the sum, whatever the slopes are.
    """)
    notes.law("A5")
    notes.say(r"""
        For InfoNCE the slopes are probabilities, and the sum has a reading: what the softmax expects less what it was given,
        projected. Its length is bounded by the probability of a miss, so a row that is already told apart hardly moves.
    """)
    notes.law("A6")
    notes.say(r"""
        Nothing was special to InfoNCE. Losses in use differ in how they weigh cosines, in margins, in which vectors they
        compare; what decides is whether any length enters.
    """)
    notes.law("A7")


def slopes(notes: Notes) -> None:
    """How hot can a loss be."""
    notes.say(r"""
        The gradient energy $G = \lVert u\rVert^2\lVert\nabla_u L\rVert^2$ is what drives norms in the next chapter. It has no
        length in it, and the slopes bound it: pulls and pushes can add up, and never to more than their sum.
    """)
    notes.law("A7a")
    notes.say(r"""
        So for each loss one asks for its slopes. A softmax gives probabilities: InfoNCE with fixed and learned temperature,
        NT-Xent, CLIP in both directions, SupCon with several positives.
    """)
    notes.law("A7b")
    notes.say(r"""
        Margins shift or turn the logit of the positive. Where a hinge shuts there is no gradient, and ArcFace has a slope
        that grows without bound where the angle closes.
    """)
    notes.law("A7c")
    notes.say(r"Losses of pairs treat each cosine by itself, or sum over pairs of a batch.")
    notes.law("A7d")


def where_it_fails(notes: Notes) -> None:
    """Where the length is seen after all."""
    notes.say(r"""
        A law is worth as much as the knowledge of where it stops. With inner products for logits a row that is longer has
        larger logits, and the gradient says so: its radial part weighs logits by probability less target.
    """)
    notes.law("A8a")
    notes.say(r"""
        Code seldom divides by $\lVert u\rVert$; it divides by $\lVert u\rVert + \epsilon$, or by the larger of both. For rows
        much longer than $\epsilon$ that is forgotten; for short ones it is an inner product again.
    """)
    notes.law("A8b")
    notes.say(r"""
        Euclidean and hyperbolic distances, a penalty on norms and a margin that depends on one see the length on purpose. For
        each the radial part is worked out exactly.
    """)
    notes.law("A8c")


def networks(notes: Notes) -> None:
    """Layers."""
    notes.say(r"""
        An embedding is rarely a free row; mostly it is the output of a network. If doubling a weight matrix multiplies the
        output by a power of 2, as with ReLU and without biases, a loss that ignores the output's length ignores the length of
        that matrix. The same laws then hold of each layer.
    """)
    notes.law("A9a")
    notes.say(r"And where a network ends in a normalisation there is nothing to ask: every output has one length.")
    notes.law("A9b")


SECTIONS = (cosine_ignores_length, length_is_a_step_size, losses_of_cosines, slopes, where_it_fails, networks,)


def main(argv: Sequence[str] | None = None) -> int:
    """Derive and print the chapter, write its LaTeX; 1 if a step is not proved."""
    from derivations.chapter_script import run_chapter

    return run_chapter("geometry", argv, SECTIONS)


if __name__ == "__main__":
    if not __package__:  # run as a file: imports start at the folder above, not at this one
        sys.path[0] = str(Path(__file__).resolve().parent.parent)
    sys.exit(main())
