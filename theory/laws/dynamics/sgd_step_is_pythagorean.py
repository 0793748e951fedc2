"""B2. An SGD step on a scale-invariant loss is the hypotenuse of a right triangle."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Provenance, Reference, Step
from theory.hypotheses import sgd_hypotheses, tangential_gradient
from theory.kernel import All, AtLeast, Combination, Equal, Goal
from theory.notation import G, eta, r, u
from theory.optimizers import sgd
from theory.vectors import Norm, Vector, inner, squared_norm, vector

FORMULAS = {
    "next_squared_norm": r**2 + eta**2 * G / r**2,
    "tan_rotation": eta * sp.sqrt(G) / r**2,
    "least_squared_norm": 2 * eta * sp.sqrt(G),
}
GRADIENT = tangential_gradient()
NEXT = sgd.step(vector(u), GRADIENT, eta)


def statement(formulas: Formulas, following: Vector) -> Goal:
    """The squared norm after the step."""
    return Equal(squared_norm(following), formulas["next_squared_norm"].subs(r, Norm(u)), r"\lVert u_{k+1}\rVert^2")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Pythagoras; the angle at the origin; arithmetic against geometric mean."""
    here = {r: Norm(u)}
    tangent = formulas["tan_rotation"].subs(here)
    along = inner(vector(u), NEXT)
    across = squared_norm(vector(u)) * squared_norm(NEXT) - along**2
    growth, least = (formulas[name].subs(here) for name in ("next_squared_norm", "least_squared_norm"))
    root = Norm(u) - eta * sp.sqrt(G) / Norm(u)
    return (
        Step("The gradient energy is $G$ by definition: $\\lVert u\\rVert^2 \\lVert g\\rVert^2 = G$.",
             Equal(squared_norm(vector(u)) * squared_norm(GRADIENT), G, r"\lVert u\rVert^2\lVert g\rVert^2")),
        Step("$u_{k+1} = u - \\eta g$ with $g \\perp u$: Pythagoras.", statement(formulas, NEXT), concludes=True),
        Step("The step keeps $\\langle u, u_{k+1}\\rangle = \\lVert u\\rVert^2 > 0$, so the angle is acute.",
             AtLeast(along, sp.S.Zero, strict=True, name=r"\langle u, u_{k+1}\rangle")),
        Step("The tangent of the rotation, from the Gram determinant.",
             All((Equal(across / along**2, tangent**2, r"\tan^2\delta"), AtLeast(tangent, sp.S.Zero, name=r"\tan\delta"))),
             concludes=True),
        Step("Whatever the norm was, afterwards the norm has a floor: the difference is a square.",
             AtLeast(growth, least, Combination(((root**2,),)), name=r"\lVert u_{k+1}\rVert^2"), concludes=True),
        Step("The floor is reached at $\\lVert u\\rVert^2 = \\eta\\sqrt G$.",
             Equal(growth.subs(Norm(u), sp.sqrt(eta * sp.sqrt(G))), least, r"\lVert u_{k+1}\rVert^2\big|_{\lVert u\rVert^2=\eta\sqrt G}")),
    )  # fmt: skip


CLAIM = Claim(
    id="sgd-step-is-pythagorean",
    chapter="dynamics",
    label="B2",
    title="An SGD step on a scale-invariant loss lengthens the embedding by Pythagoras",
    formulas=FORMULAS,
    hypotheses=sgd_hypotheses(statement),
    steps=steps,
    evidence="SGD steps on both losses of cosines: measured norm, angle and floor against the formulas, to rounding",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("arora2019", "Arora, Li, Lyu, Theoretical analysis of auto rate-tuning by batch normalization", "Lemma 2.4"),),
    derived_from=("gradient-is-orthogonal",),
)
