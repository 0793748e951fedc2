"""C1. A row of a lookup table under SGD has no drift, along every path: only heat and decay set its norm."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.hypotheses import TANGENT, perpendicular, tangential_gradient
from theory.kernel import Domain, Equal, Goal
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, DRIFT, HEAT, V_STAR
from theory.laws.imprint.drift_heat_decay_equilibrium import FORMULAS as CENTRE
from theory.letters import PROBABILITY
from theory.notation import G, eta, lam, u, v, w
from theory.optimizers import sgd
from theory.vectors import Norm, Vector, direction, inner, squared_norm, unit, vector

DECAY = sp.Symbol("lambda", positive=True)
BETA, SHARE = sp.Symbol("beta", positive=True), sp.Symbol("k", positive=True)
FORMULAS = {
    "drift": sp.S.Zero,  # -<u, s>
    "heat": G,  # |u|^2 |s|^2
    "equilibrium": eta * G / (2 * DECAY),  # r_eq^4
}
OTHER = direction("g")  # of the gradient of another row


def statement(formulas: Formulas, step: Vector, at: Vector | None = None) -> Equal:
    """The drift of a step."""
    return Equal(-inner(vector(u) if at is None else at, step), formulas["drift"], r"-\langle u, s\rangle")


def _equilibrium(formulas: Formulas) -> Goal:
    """C0's equilibrium with this drift and heat."""
    known = {DRIFT: formulas["drift"], HEAT: formulas["heat"], lam: DECAY}
    scales = {D_STAR: CENTRE["drift_scale"].subs(known), V_STAR: sp.sqrt(CENTRE["heat_scale"].subs(known))}
    return Equal(CENTRE["equilibrium"].subs(scales) ** 2, formulas["equilibrium"], "r_{\\mathrm{eq}}^4")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Drift, heat, and what C0 makes of them."""
    gradient = tangential_gradient()
    return (
        Step("The step is the gradient, and the gradient is orthogonal to where it is taken, whichever minibatch was drawn.",
             statement(formulas, gradient), concludes=True),
        Step("Its heat is the gradient energy.", Equal(Norm(u) ** 2 * squared_norm(gradient), formulas["heat"], r"r^2\lVert s\rVert^2"),
             concludes=True),
        Step("So with decay the equilibrium $r_{\\mathrm{eq}}$ of drift and heat, to leading order in $\\eta\\lambda$, is that of heat"
             " alone.",
             _equilibrium(formulas), concludes=True),
    )  # fmt: skip


def _radial(formulas: Formulas) -> Witness:
    return Witness("a gradient with a radial part, as inner products give", statement(formulas, tangential_gradient()))


def _lagging(formulas: Formulas) -> Witness:
    """A fresh tangential gradient at ``u = w - eta g``, and ``beta`` times the last one, ``g``, orthogonal to ``w``: that one drifts."""
    last = sp.sqrt(G) * unit(TANGENT)
    goal = statement(formulas, BETA * last, at=sgd.step(vector(w), last, eta))
    lag = Equal(goal.left, BETA * eta * squared_norm(last), goal.name)
    where = replace(perpendicular(TANGENT, w), ranges={BETA: PROBABILITY})
    return Witness(r"momentum: the last gradient, of which $\beta$ is carried along, is orthogonal to where the row was", goal, where, lag)


def _preconditioned(formulas: Formulas) -> Witness:
    """``1 + k v^ v^T`` times the gradient."""
    pull = SHARE * inner(unit(v), tangential_gradient())
    goal = statement(formulas, tangential_gradient() + pull * unit(v))
    turned = Equal(goal.left, -pull * inner(vector(u), unit(v)), goal.name)
    return Witness("a preconditioner: steps along $v$ that are larger by $k$ of what they are", goal, perpendicular(TANGENT, u), turned)


def _shared(formulas: Formulas) -> Witness:
    """Another row's gradient, orthogonal to that row, moves this one as well."""
    goal = statement(formulas, tangential_gradient() + SHARE * unit(OTHER))
    both = Domain(orthogonal=((TANGENT, u), (OTHER, v)))
    passed = Equal(goal.left, -SHARE * inner(vector(u), unit(OTHER)), goal.name)
    return Witness("a shared encoder: the gradient $g$ of $v$, orthogonal to $v$, moves $u$ too, by $k$ of its length", goal, both, passed)


CLAIM = Claim(
    id="lookup-rows-have-no-drift",
    chapter="imprint",
    label="C1",
    title="Rows of a lookup table have no drift under SGD",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that $g \perp u$", perpendicular(TANGENT, u), _radial),
        Hypothesis("no-momentum", "the step is $-\\eta s$ with $s = g$ the gradient taken at $u$ itself, nothing is carried along",
                                  witness=_lagging),
        Hypothesis("no-preconditioner", "the step is along the gradient, not a matrix times it", witness=_preconditioned),
        Hypothesis("lookup", "every row is a parameter of its own: no other row's gradient moves it", witness=_shared),
    ),
    letters={
        r"r_{\mathrm{eq}}": r"norm at the equilibrium, to leading order in $\eta\lambda$",
        "k": "length of what is added to the gradient, over the gradient's",
    },
    steps=steps,
    evidence="radial parts of minibatch gradients along descent on two losses; the settled norm as decay vanishes",
    provenance=Provenance.DERIVED,
    derived_from=("gradient-is-orthogonal", "drift-heat-decay-equilibrium"),
)
