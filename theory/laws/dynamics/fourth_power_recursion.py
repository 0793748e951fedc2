"""B3. In ``z = r^4`` and ``a = eta^2 G`` a step of SGD reads ``z' = z + 2 a + a^2/z``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Provenance, Step
from theory.hypotheses import sgd_hypotheses, tangential_gradient
from theory.kernel import All, AtLeast, Equal, Goal
from theory.laws.dynamics.sgd_step_is_pythagorean import FORMULAS as PYTHAGORAS
from theory.notation import G, a, eta, r, u, z
from theory.optimizers import sgd
from theory.vectors import Norm, Vector, squared_norm, vector

FORMULAS = {
    "next_fourth_power": z + 2 * a + a**2 / z,
    "variable": r**4,  # z
    "drive": eta**2 * G,  # a
}


def statement(formulas: Formulas, following: Vector) -> Goal:
    """The fourth power of the norm after the step."""
    inserted = formulas["next_fourth_power"].subs({z: formulas["variable"], a: formulas["drive"]}, simultaneous=True)
    return Equal(squared_norm(following) ** 2, inserted.subs(r, Norm(u)), r"\lVert u_{k+1}\rVert^4")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Square the Pythagorean recursion."""
    squared = PYTHAGORAS["next_squared_norm"] ** 2
    inserted = formulas["next_fourth_power"].subs({z: formulas["variable"], a: formulas["drive"]}, simultaneous=True)
    in_variables = squared.subs({r: z ** sp.Rational(1, 4), G: a / eta**2}, simultaneous=True)
    rest = a**2 / z
    following = sgd.step(vector(u), tangential_gradient(), eta)
    return (
        Step("Square the Pythagorean recursion.", Equal(squared.subs(r, Norm(u)), inserted.subs(r, Norm(u)))),
        Step("So for the step itself,", statement(formulas, following), concludes=True),
        Step("which is, with $z = z_k = \\lVert u_k\\rVert^4$ and the drive $a = \\eta^2 G$,",
             Equal(in_variables, formulas["next_fourth_power"], "z_{k+1}"), concludes=True),
        Step("and growth is linear in the drive up to a second-order term that is not negative.",
             All((Equal(formulas["next_fourth_power"] - (z + 2 * a), rest, "z_{k+1} - (z + 2a)"), AtLeast(rest, sp.S.Zero)))),
    )  # fmt: skip


CLAIM = Claim(
    id="fourth-power-recursion",
    chapter="dynamics",
    label="B3",
    title="The fourth power of the norm grows by twice the drive, plus a second-order term",
    formulas=FORMULAS,
    hypotheses=sgd_hypotheses(statement),
    letters={"a": r"drive of a step, $\eta^2 G$", "z": r"$\lVert u\rVert^4$", "z_{k+1}": r"$\lVert u_{k+1}\rVert^4$"},
    steps=steps,
    evidence="fourth powers of measured norms along noisy minibatch paths, step by step, to rounding",
    provenance=Provenance.DERIVED,
    derived_from=("sgd-step-is-pythagorean",),
)
