"""A4. The gradient of the cosine is the projected direction over the norm, of length ``sin(theta)/r``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import perpendicular
from theory.kernel import All, AtLeast, Equal, Expands, Goal, Tends
from theory.notation import t, u, v, w
from theory.typeset import latex
from theory.vectors import Calculus, Cosine, Norm, cosine, equal_vectors, inner, reflected, squared_norm, unit, vector

C = Cosine(u, v)
FORMULAS = {
    "gradient": (1 / Norm(u)) * (unit(v) - C * unit(u)),
    "length": sp.sqrt(1 - C**2) / Norm(u),
    "norm_gradient": unit(u),
}
EPSILON = sp.Symbol("epsilon", real=True)


def expansion(formulas: Formulas) -> Goal:
    """``cos(u + eps w, v)`` to first order, from nothing but bilinearity of the inner product."""
    moved = vector(u) + EPSILON * vector(w)
    slope = inner(formulas["gradient"], vector(w))
    return Expands(cosine(moved, vector(v)), EPSILON, (C, slope), r"\cos(u + \epsilon w, v)")


def _zero_embedding(formulas: Formulas) -> Witness:
    """The claimed length, on the way to the origin at a right angle to ``v``, tends to no length of a gradient.

    A gradient at 0 would have a length, and ``t`` times that tends to 0 with ``t = |u|``; the claimed one makes it 1.
    """
    way, name = t * formulas["length"].subs(Norm(u), t), r"t\,\lVert\nabla_u\cos\rVert\big|_{\lVert u\rVert = t}"
    words = "u shrinks to 0 at a right angle to v: the gradient's length grows as its inverse, and has no value at 0"
    instead = Tends(way, t, sp.S.One, at_zero=True, name=name)
    return Witness(words, Tends(way, t, sp.S.Zero, at_zero=True, name=name), perpendicular(u, v), instead)


def _zero_target(formulas: Formulas) -> Witness:
    """The formula needs the direction of ``v``, not its length: at 0 it would have to agree from both sides."""
    goal = equal_vectors(reflected(v, formulas["gradient"]), formulas["gradient"])
    return Witness("v shrinks to 0 along a line from either side: two gradients for v = 0", goal)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """From the definition of the cosine; then length, tangency, and the rule of the calculus itself."""
    gradient, length = formulas["gradient"], formulas["length"]
    norm = sp.sqrt(squared_norm(vector(u) + EPSILON * vector(w)))
    return (
        Step("The norm moves along $\\hat u$.",
             Expands(norm, EPSILON, (Norm(u), inner(formulas["norm_gradient"], vector(w))), r"\lVert u + \epsilon w\rVert")),
        Step("$\\cos(u + \\epsilon w, v)$ to first order, for an arbitrary $w$, from the definition of the cosine.", expansion(formulas)),
        Step("So the gradient is the projected direction over the norm.",
             equal_vectors(Calculus(u, (v,)).gradient(C), gradient, r"\nabla_u \cos(u, v)"), concludes=True),
        Step("It is tangential.", Equal(inner(vector(u), gradient), sp.S.Zero, r"\langle u, \nabla_u \cos\rangle")),
        Step("Its length is $\\sin\\theta / r$.",
             All((Equal(squared_norm(gradient), length**2, r"\lVert\nabla_u \cos\rVert^2"), AtLeast(length, sp.S.Zero,
                           name=rf"\lVert\nabla_u \cos\rVert = {latex(length)}"))), concludes=True),
    )  # fmt: skip


CLAIM = Claim(
    id="cosine-gradient-is-projected-direction",
    chapter="geometry",
    label="A4",
    title="The gradient of a cosine is the projected direction over the norm",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("nonzero-embedding", r"$u \ne 0$", witness=_zero_embedding),
        Hypothesis("nonzero-target", r"$v \ne 0$", witness=_zero_target),
    ),
    steps=steps,
    evidence="the gradient of cosine regression with one target against the formula, coordinate by coordinate",
    provenance=Provenance.DERIVED,
    references=(Reference("zhang2020", "Zhang et al., Deep metric learning with spherical embedding", "eq. 4"),),
)
