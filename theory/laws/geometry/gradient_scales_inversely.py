"""A2. The gradient of a scale-invariant loss is homogeneous of degree -1."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import differentiable, scale_invariant_loss
from theory.kernel import Goal
from theory.losses import Loss, cosine_regression, infonce, unspecified
from theory.notation import c, u, v
from theory.vectors import Norm, Vector, equal_vectors, multiple, unit

FORMULAS = {"factor": 1 / c}  # grad L(c u) = factor * grad L(u)


def statement(formulas: Formulas, loss: Loss) -> Goal:
    """The gradient at ``c u`` against the gradient at ``u``."""
    here = loss.calculus.gradient(loss.value)
    there = here.map(lambda e: loss.calculus.scaled(e, c))
    return equal_vectors(there, formulas["factor"] * here, r"\nabla L(cu)", multiple(formulas["factor"], r"\nabla L(u)"))


def kinked_gradient(formulas: Formulas) -> Vector:
    """At ``c u``, of a loss with gradient ``v^/|u|`` at ``u`` orthogonal to ``v``: slope 1 in the cosine."""
    return formulas["factor"] * (1 / Norm(u)) * unit(v)


def _negative_scale(formulas: Formulas) -> Witness:
    """At ``-u`` the cosine has the same gradient, not its opposite."""
    loss, minus = cosine_regression.LOSS, sp.S.NegativeOne
    gradient: Vector = loss.calculus.gradient(loss.value)
    there = loss.calculus.at_multiple(gradient, minus)
    goal = equal_vectors(there, formulas["factor"].subs(c, minus) * gradient, r"\nabla L(-u)", r"-\nabla L(u)")
    instead = equal_vectors(there, gradient, r"\nabla L(-u)", r"\nabla L(u)")
    return Witness("c = -1 for cosine regression: the gradient at -u is that at u, not its opposite", goal, instead=instead)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Directions stay, norms scale, the jet of the loss is the same on the whole ray."""
    return (
        Step("$\\hat u$ and all cosines are unchanged at $cu$; only the $1/r$ of the chain rule scales.",
             statement(formulas, unspecified.LOSS), concludes=True),
        Step("Cosine regression.", statement(formulas, cosine_regression.LOSS)),
        Step("InfoNCE.", statement(formulas, infonce.LOSS)),
    )  # fmt: skip


CLAIM = Claim(
    id="gradient-scales-inversely",
    chapter="geometry",
    label="A2",
    title="Longer embeddings have proportionally smaller gradients",
    formulas=FORMULAS,
    hypotheses=(
        scale_invariant_loss(statement),
        differentiable(kinked_gradient, scale=c),
        Hypothesis("positive-scale", "$c > 0$", witness=_negative_scale),
    ),
    steps=steps,
    evidence="gradients at u and at c u, coordinate by coordinate, to rounding",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("euler", "Euler's theorem on homogeneous functions"),),
    derived_from=("gradient-is-orthogonal",),
)
