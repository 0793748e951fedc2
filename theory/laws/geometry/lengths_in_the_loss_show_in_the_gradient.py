"""A8c. Losses that see a length: radial parts for distances (Euclidean, hyperbolic), an L2 penalty, and MagFace's margin."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import Domain, Equal, Goal, Interval
from theory.letters import Letter
from theory.losses import Loss, arcface
from theory.losses.cosface import SCALE
from theory.losses.distances import EUCLIDEAN, HYPERBOLIC, MAGFACE, MOVED_SINE, OTHERS, PARTITION, PENALTY, RATE, UPPER, WEIGHT
from theory.notation import lam, u, v
from theory.vectors import Cosine, Norm, inner, vector

R, S, C = Norm(u), Norm(v), Cosine(u, v)
FORMULAS = {
    "euclidean": 2 * R**2 - 2 * R * S * C,  # <u, grad |u - v|^2>
    "hyperbolic": R**2 * sp.sqrt((1 + S**2) / (1 + R**2)) - R * S * C,  # <u, grad cosh d>
    "l2_penalty": lam * R**2,
    "magface": R * (SCALE * OTHERS / PARTITION * RATE * MOVED_SINE + WEIGHT * (UPPER**-2 - R**-2)),
}


def _none(goal: Equal) -> Goal:
    return Equal(goal.left, sp.S.Zero, goal.name)


def statement(formulas: Formulas, loss: Loss, value: sp.Expr | None = None) -> Equal:
    """The radial part of a loss' gradient, or of another ``value`` in its place."""
    gradient = loss.calculus.gradient(loss.value if value is None else value)
    return Equal(inner(vector(u), gradient), formulas[loss.name], r"\langle u, \nabla_u L\rangle")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Loss by loss."""
    return tuple(
        Step(f"{loss.title[0].upper() + loss.title[1:]}.", statement(formulas, loss), concludes=True, case=loss.title)
        for loss in (EUCLIDEAN, HYPERBOLIC, PENALTY, MAGFACE)
    )


def _chord(formulas: Formulas) -> Witness:
    chord = EUCLIDEAN.value.subs({R: 1, S: 1})
    goal = statement(formulas, EUCLIDEAN, chord)
    return Witness("the distance of directions, |u^ - v^|^2", goal, instead=_none(goal))


def _no_penalty(formulas: Formulas) -> Witness:
    goal = statement(formulas, PENALTY, PENALTY.value.subs(lam, 0))
    return Witness("decay apart from the loss, which has no penalty then", goal, Domain(ranges=_POSITIVE), _none(goal))


def _fixed_margin(formulas: Formulas) -> Witness:
    value = MAGFACE.value.subs({RATE: 0, WEIGHT: 0})
    goal = statement(formulas, MAGFACE, value)
    return Witness("ArcFace: a fixed margin and no regulariser", goal, _THERE, _none(goal))


_POSITIVE = {lam: Interval(0, sp.oo)}
_INSIDE = Domain(ranges={arcface.C: Interval(-1, 1)})
_THERE = Domain(ranges={arcface.C: Interval(-sp.Rational(1, 2), 1)})  # at an angle that leaves room for a margin of 1


def _sphere(formulas: Formulas) -> Witness:
    """Where all points are at one distance from the origin the distance is one of directions."""
    value = HYPERBOLIC.value.subs({R: 1, S: 1})
    goal = statement(formulas, HYPERBOLIC, value)
    return Witness("hyperbolic distance of points on a sphere about the origin", goal, instead=_none(goal))


CLAIM = Claim(
    id="lengths-in-the-loss-show-in-the-gradient",
    chapter="geometry",
    label="A8c",
    title="Distances, penalties and margins that see a length have a radial gradient",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("vectors-not-normalised", "the Euclidean distance is that of the vectors, not of their directions", witness=_chord),
        Hypothesis("radius-is-free", "hyperbolic points are at any distance from the origin", witness=_sphere),
        Hypothesis("penalty-in-the-loss", r"$\frac{\lambda}{2}\lVert u\rVert^2$ with $\lambda > 0$ is part of the loss",
                   Domain(ranges=_POSITIVE), _no_penalty),
        Hypothesis("margin-sees-the-norm", r"MagFace: the margin is $m = m_0 + m_1\lVert u\rVert$, $0 < \theta < \pi - m$", _INSIDE,
                   _fixed_margin),
    ),
    letters={
        "m_0": Letter("margin of a vector of no length", Interval(sp.S.Zero, sp.Rational(3, 4))),
        "m_1": Letter("margin for each unit of length", Interval(sp.S.Zero, sp.Rational(1, 50))), r"\lambda": "strength of the L2 penalty",
        r"\lambda_g": "MagFace's strength of its regulariser", "u_a": "MagFace's upper bound of the norm", "s": "scale of MagFace's logits",
        "n": "number of other prototypes $v_j$",
    },
    steps=steps,
    evidence="radial parts of the gradients of all four against the formulas",
    provenance=Provenance.DERIVED,
    references=(
        Reference("nickel2018", "Nickel, Kiela, Learning continuous hierarchies in the Lorentz model of hyperbolic geometry"),
        Reference("meng2021", "Meng et al., MagFace: A universal representation for face recognition and quality assessment"),
    ),
    derived_from=("gradient-is-orthogonal",),
    remark="The hyperbolic distance d itself has the radial part of cosh d, which is stated, divided by sinh d.",
)
