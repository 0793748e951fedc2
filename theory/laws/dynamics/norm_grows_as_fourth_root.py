"""B5. Quartic law: ``r(t) = (r_0^4 + 2 eta int_0^t G)^(1/4)`` in time ``t = eta k``; its error is of order 2 in ``eta``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import sgd_hypotheses, tangential_gradient
from theory.kernel import (
    All,
    AtLeast,
    ByInduction,
    Combination,
    Domain,
    Equal,
    Expands,
    Goal,
    Instance,
    Monotone,
    Tends,
)
from theory.laws.dynamics.fourth_power_recursion import FORMULAS as RECURSION
from theory.laws.dynamics.fourth_power_sandwich import FORMULAS as SANDWICH
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.notation import G, a, eta, k, r0, t, u, z, z0
from theory.optimizers import sgd
from theory.typeset import latex
from theory.vectors import Norm, Vector, squared_norm, vector

GAMMA = sp.Function("Gamma", nonnegative=True)  # int_0^t G
HEAT = sp.Symbol("Gamma", nonnegative=True)  # its value at the time asked for
TIME = sp.Symbol("s", positive=True)  # eta^2 k, the time in which growth does not depend on eta
FORMULAS = {
    "norm": (r0**4 + 2 * eta * HEAT) ** sp.Rational(1, 4),
    "fourth_power": z0 + 2 * A,  # the same along steps, A the sum of drives
    "effective_rate": (2 * G * k) ** sp.Rational(-1, 2),  # eta/r^2 after many steps of constant energy
    "error_coefficient": G / 2 * sp.log(1 + 2 * G * TIME / z0),  # of eta^2 in z - fourth_power, eta^2 k = s
}
U = sp.Symbol("U", nonnegative=True)  # an upper bound of z - fourth_power over the run
SLACK, Y, WIDE = sp.Symbol("q", nonnegative=True), sp.Symbol("y", nonnegative=True), sp.Symbol("w", positive=True)
LOG_GAP = Y - sp.log(1 + Y)  # not negative


def wide(lower: sp.Expr) -> sp.Expr:
    """What ``z`` cannot exceed where the quartic law says ``lower``."""
    return lower + U


def error_floor(reached: sp.Expr, start: sp.Expr) -> sp.Expr:
    """``(a/2) ln(reached/start)``: what the error has at least become for constant drives ``a``."""
    return a / 2 * sp.log(reached / start)


def statement(_: Formulas, following: Vector) -> Goal:
    """One step to second order in the learning rate: no first-order term, and twice the drive."""
    growth = 2 * RECURSION["drive"] / eta**2
    return Expands(squared_norm(following) ** 2, eta, (Norm(u) ** 4, sp.S.Zero, growth), r"\lVert u_{k+1}\rVert^4")


def _flow(formulas: Formulas) -> tuple[Goal, Equal]:
    """The modified equation in ``z`` and its solution, in ``z`` and in ``r``."""
    state, solution = sp.Symbol("R", positive=True), formulas["norm"].subs(HEAT, GAMMA(t))
    energy = sp.diff(GAMMA(t), t)
    rate = eta * energy / (2 * state**3)
    name = r"\dot r = \eta G/(2r^3)"
    start = {GAMMA(0): sp.S.Zero}
    fourth = formulas["norm"] ** 4
    return (
        All((Equal(sp.diff(solution, t), rate.subs(state, solution), r"\dot r"),
             Equal(solution.subs(t, 0).subs(start), r0, "r(0)")), name=name),
        Equal(fourth, formulas["fourth_power"].subs({z0: r0**4, A: eta * HEAT}), "r^4"),
    )  # fmt: skip


def _error_from_below() -> Goal:
    """``z_K - fourth_power >= (a/2) ln((x_K + U)/(z_0 + U))`` for constant drives while ``z <= x + U``.

    With ``w = x + U`` and ``z = w/(1 + h)``: a step adds ``a^2/z >= a^2/w >= (a/2) ln(1 + 2a/w)``.
    """
    share, error, start = sp.Symbol("h", nonnegative=True), sp.Symbol("E", nonnegative=True), wide(z0)
    here = WIDE / (1 + share)
    gain = a**2 / here  # what the recursion adds to z - fourth_power
    slack = error - error_floor(WIDE, start)
    update = {error: error + gain, WIDE: WIDE + 2 * a}
    solved = (error, SLACK + error_floor(WIDE, start))
    logarithm = Instance(LOG_GAP, Y, 2 * a / WIDE, Monotone(Y, sp.S.Zero))
    certificate = Combination(((SLACK,), (a / 2, logarithm), (gain - a**2 / WIDE,)))
    induction = ByInduction(slack, {error: sp.S.Zero, WIDE: start}, update, solved, SLACK, certificate, starts_equal=True,
                            shown=r"z_K - (z_0 + 2A_K) \ge \tfrac a2 \ln\frac{z_0 + 2A_K + U}{z_0 + U}")  # fmt: skip
    reaches = Equal(here.subs(share, 0), WIDE, r"z\big|_{h=0}")  # h = 0 is allowed, so z may be all of w
    return All((induction, reaches))


def _squeeze(formulas: Formulas) -> tuple[Goal, Goal]:
    """Upper bound (the sandwich) and lower bound, both over ``eta^2``, have the same limit."""
    drives = {A: G * TIME, M: eta**2 * G}
    upper = SANDWICH["upper_excess"].subs(drives)
    reached, start = (wide(e).subs(U, upper) for e in (formulas["fourth_power"].subs(drives), z0))
    lower = error_floor(reached, start).subs(a, RECURSION["drive"])
    limit = formulas["error_coefficient"]
    name = r"\frac{z_K - (z_0+2A_K)}{\eta^2}"
    return tuple(Tends(bound / eta**2, eta, limit, at_zero=True, name=rf"\text{{{side} bound of }}{name}")
                 for bound, side in ((upper, "upper"), (lower, "lower")))  # type: ignore[return-value]  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """From one step to the flow, its solution, the effective learning rate, and the order of the error."""
    following = sgd.step(vector(u), tangential_gradient(), eta)
    flow, same = _flow(formulas)
    effective = eta / sp.sqrt(formulas["fourth_power"].subs(A, RECURSION["drive"] * k))
    upper, lower = _squeeze(formulas)
    growth = RECURSION["next_fourth_power"].subs(a, RECURSION["drive"]) - z
    return (
        Step("One step adds nothing of first order in $\\eta$, and $2\\eta^2 G$ in second order.", statement(formulas, following)),
        Step("Nor of third order: in time $t = \\eta k$ the fourth power grows at rate $2\\eta G + O(\\eta^3)$.",
             Expands(growth, eta, (sp.S.Zero, sp.S.Zero, 2 * G, sp.S.Zero), r"z_{k+1}-z_k")),
        Step("In $r = z^{1/4}$ that is $\\dot r = \\eta G/(2r^3)$, for any energy $G(t)$ with $\\int_0^t G = \\Gamma(t)$; its solution is",
             flow),
        Step("the quartic law,", Equal(formulas["norm"], same.right ** sp.Rational(1, 4), "r"), concludes=True),
        Step("which along steps reads", same, concludes=True),
        Step("so the effective learning rate forgets $\\eta$ and $r_0$.",
             Tends(effective / formulas["effective_rate"], k, sp.S.One,
                   name=r"\frac{\eta}{r_k^2} \Big/ " + latex(formulas["effective_rate"])), concludes=True),
        Step("$\\ln(1+y) \\le y$: equal at 0, and the derivative of the difference is $y/(1+y)$.",
             AtLeast(LOG_GAP, sp.S.Zero, Monotone(Y, sp.S.Zero))),
        Step("By the sandwich $z_k \\le z_0 + 2A_k + U$ with $U$ its bound of the sum.",
             Equal(wide(formulas["fourth_power"]).subs(U, SANDWICH["upper_excess"]), SANDWICH["lower"] + SANDWICH["upper_excess"],
                   r"z_0 + 2A + U")),
        Step("The error from below, by induction, for constant drives and any $U$ with $z_k \\le z_0 + 2A_k + U$.",
             _error_from_below()),
        Step("At fixed $s = \\eta^2 k$ the error over $\\eta^2$ has a limit: from above by the sandwich,", upper, concludes=True),
        Step("and from below with $U$ the sandwich's own bound. The error is of order exactly 2 in $\\eta$.", lower, concludes=True),
    )  # fmt: skip


def _large_steps(formulas: Formulas) -> Witness:
    following = RECURSION["next_fourth_power"].subs(z, z0)
    goal = Equal(following, formulas["fourth_power"].subs(A, a))
    return Witness("steps that are not small: after one step the norm is off by a^2/z", goal)


CLAIM = Claim(
    id="norm-grows-as-fourth-root",
    chapter="dynamics",
    label="B5",
    title="The norm grows as the fourth root of the accumulated gradient energy",
    formulas=FORMULAS,
    hypotheses=(
        *sgd_hypotheses(statement),
        Hypothesis("small-steps", r"$\eta^2 G \ll r^4$", Domain(), _large_steps),
    ),
    steps=steps,
    evidence="gradient oracles with prescribed energies over a ladder of step sizes: order and size of the error; the ODE itself",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("arora2019", "Arora, Li, Lyu, Theoretical analysis of auto rate-tuning by batch normalization"),),
    derived_from=("fourth-power-sandwich",),
)
