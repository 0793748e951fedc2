"""B5. Quartic law: ``r(t) = (r_0^4 + 2 eta int_0^t G)^(1/4)`` in time ``t = eta k``.

For constant energy the error of ``r^4`` is of order 2 in ``eta`` at a fixed ``eta^2 k``.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import sgd_hypotheses, tangential_gradient
from theory.kernel import (
    All,
    AtLeast,
    ByInduction,
    Combination,
    Equal,
    Expands,
    Goal,
    Instance,
    Monotone,
    Solves,
    Tends,
)
from theory.laws.dynamics.fourth_power_recursion import FORMULAS as RECURSION
from theory.laws.dynamics.fourth_power_sandwich import FORMULAS as SANDWICH
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.notation import G, a, eta, k, r, r0, t, u, z, z0
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


def statement(formulas: Formulas, following: Vector) -> Goal:
    """One step to third order in the learning rate, as the quartic law has it for the step's own drive."""
    claimed = formulas["fourth_power"].subs({z0: Norm(u) ** 4, A: RECURSION["drive"]}, simultaneous=True)
    coefficients = tuple(sp.diff(claimed, eta, i).subs(eta, 0) / sp.factorial(i) for i in range(4))
    return Expands(squared_norm(following) ** 2, eta, coefficients, r"\lVert u_{k+1}\rVert^4")


def _one_step(formulas: Formulas, small: bool) -> Goal:
    """The growth by the quartic law over that of a step, as the drive tends to 0, which is small steps; or to infinity."""
    drive = sp.Symbol("a", positive=True)
    claimed = formulas["fourth_power"].subs({z0: z, A: drive}, simultaneous=True) - z
    growth = RECURSION["next_fourth_power"].subs(a, drive) - z
    return Tends(claimed / growth, drive, sp.S.One, at_zero=small, name=rf"\frac{{{latex(claimed)}}}{{z_{{k+1}} - z_k}}")


def _flow(formulas: Formulas) -> tuple[Solves, Equal, Equal]:
    """The formula solves the equation of the flow; its fourth power in the variables of steps."""
    solution = formulas["norm"].subs(HEAT, GAMMA(t))
    rate = eta * sp.diff(GAMMA(t), t) / (2 * solution**3)
    return (
        Solves(formulas["norm"], r, HEAT, eta / (2 * r**3), r0, "r"),
        Equal(sp.diff(solution, t), rate, rf"\frac{{d}}{{dt}} {latex(solution)}"),
        Equal(formulas["norm"] ** 4, formulas["fourth_power"].subs({z0: r0**4, A: eta * HEAT}), "r(t)^4"),
    )


def _effective(formulas: Formulas, fourth_power: sp.Expr, energy: sp.Expr) -> sp.Expr:
    """``eta/sqrt(z_k)`` for ``z_k`` given in ``A`` and ``M``, drives being constant, over the claimed rate at ``energy``."""
    drive = RECURSION["drive"]
    return eta / sp.sqrt(fourth_power.subs({A: drive * k, M: drive})) / formulas["effective_rate"].subs(G, energy)


def _above(formulas: Formulas) -> sp.Expr:
    """What the sandwich grants to ``z_k`` at most."""
    return wide(formulas["fourth_power"]).subs(U, SANDWICH["upper_excess"])


def _forgets(formulas: Formulas) -> Goal:
    """Both bounds of ``z_k`` by the sandwich give the same limit."""
    rate = latex(1 / formulas["effective_rate"])
    return All(tuple(
        _fits(_effective(formulas, bound, G), rf"\Bigl(\frac{{\eta}}{{r_k^2}}\Bigr)_{{\{end}}} {rate}")
        for end, bound in (("max", formulas["fourth_power"]), ("min", _above(formulas)))
    ))  # fmt: skip


def _fits(ratio: sp.Expr, name: str = "") -> Tends:
    """After many steps the effective learning rate is the claimed one."""
    return Tends(ratio, k, sp.S.One, name=name)


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
                            shown=r"z_K - (z_0 + 2A_K) \ge \frac{a}{2} \ln\frac{z_0 + 2A_K + U}{z_0 + U}")  # fmt: skip
    reaches = Equal(here.subs(share, 0), WIDE, r"z\big|_{h=0}")  # h = 0 is allowed, so z may be all of w
    return All((induction, reaches))


def _squeeze(formulas: Formulas) -> tuple[Goal, Goal]:
    """Upper bound (the sandwich) and lower bound, both over ``eta^2``, have the same limit."""
    drives = {A: G * TIME, M: eta**2 * G}
    upper = SANDWICH["upper_excess"].subs(drives)
    reached, start = (wide(e).subs(U, upper) for e in (formulas["fourth_power"].subs(drives), z0))
    lower = error_floor(reached, start).subs(a, RECURSION["drive"])
    limit = formulas["error_coefficient"]
    return tuple(Tends(bound / eta**2, eta, limit, at_zero=True,
                       name=rf"\frac{{(z_k - z_0 - 2A_k)_{{\{end}}}}}{{\eta^2}}\Big|_{{\eta^2 k = s}}")
                 for bound, end in ((upper, "max"), (lower, "min")))  # type: ignore[return-value]  # fmt: skip


BOUNDS = r"constant energy, $(\cdot)_{\max}$ and $(\cdot)_{\min}$ being the bounds that were proved"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """From one step to the flow, its solution, the effective learning rate, and the order of the error."""
    following = sgd.step(vector(u), tangential_gradient(), eta)
    flow, any_energy, same = _flow(formulas)
    upper, lower = _squeeze(formulas)
    return (
        Step("One step adds $2\\eta^2 G$, and nothing of first or third order: in time $t = \\eta k$ the fourth power grows at rate"
             " $2\\eta G + O(\\eta^3)$.", statement(formulas, following)),
        Step("The same as a limit: the drive $a = \\eta^2 G$ of a step counts twice where it is small against $z_k$.",
             _one_step(formulas, small=True), concludes=True),
        Step("In $r = z^{1/4}$ the rate $2\\eta G$ is $\\dot r = \\eta G/(2r^3)$, or $\\eta/(2r^3)$ per unit of $\\Gamma = \\int_0^t G$,"
             " of which the quartic law is the solution:", flow, concludes=True),
        Step("for any energy $G(t) = \\dot\\Gamma(t)$ it grows at the rate $\\eta G/(2r^3)$.", any_energy, concludes=True),
        Step("Its fourth power is that of steps, with $z_0 = r_0^4$ and $A = \\eta\\Gamma$, $\\Gamma$ the energy that has added up.", same),
        Step("For constant energy the effective learning rate forgets $\\eta$ and $r_0$: by the sandwich $z_k$ is at least"
             " $z_0 + 2A_k$, and above that by a logarithm at most, which bounds $\\eta/r_k^2$ from both sides:",
             _forgets(formulas), concludes=True, case=BOUNDS),
        Step("$\\ln(1+y) \\le y$: equal at 0, and the derivative of the difference is $y/(1+y)$.",
             AtLeast(LOG_GAP, sp.S.Zero, Monotone(Y, sp.S.Zero))),
        Step("By the sandwich $z_k \\le z_0 + 2A_k + U$ with $U$ its bound of the sum, for drives of at most $M$.",
             Equal(_above(formulas), SANDWICH["lower"] + SANDWICH["upper_excess"],
                   r"z_0 + 2A + U")),
        Step("The error $E$ from below, by induction, for constant drives and any $U$ with $z_k \\le z_0 + 2A_k + U$: write $w$ for the"
             " latter, and $z = w/(1 + h)$ with $h \\ge 0$.",
             _error_from_below()),
        Step("For constant energy, at fixed $s = \\eta^2 k$, the error over $\\eta^2$ has a limit: from above by the sandwich,",
             upper, concludes=True, case=BOUNDS),
        Step("and from below with $U$ the sandwich's own bound. The error is of order exactly 2 in $\\eta$.", lower,
             concludes=True, case=BOUNDS),
    )  # fmt: skip


def _large_steps(formulas: Formulas) -> Witness:
    return Witness("steps that are not small: a^2/z outgrows the rest", _one_step(formulas, small=False))


def _energy_doubles(formulas: Formulas) -> Witness:
    """Energy ``G`` for the first half of the steps, then ``2 G``: ``A_k`` is 3/2 of what it is for ``G`` alone."""
    ratio = _effective(formulas, _above(formulas).subs(A, 3 * A / 2), 2 * G)
    words = "the energy doubles after half of the steps: the effective rate does not fit the energy that is reached"
    return Witness(words, _fits(ratio), instead=Tends(ratio, k, 2 / sp.sqrt(3), name=r"\frac{\eta}{r_k^2} \sqrt{2 G_k k}\Big|_{G_k = 2G}"))


CLAIM = Claim(
    id="norm-grows-as-fourth-root",
    chapter="dynamics",
    label="B5",
    title="The norm grows as the fourth root of the accumulated gradient energy",
    formulas=FORMULAS,
    hypotheses=(
        *sgd_hypotheses(statement),
        Hypothesis("small-steps", r"steps are small: $a/z = \eta^2 G/r^4 \to 0$ (for the growth of a step)", witness=_large_steps),
        Hypothesis("constant-energy",
                   "$G$ does not change (for the effective rate and the coefficient of the error)", witness=_energy_doubles),
    ),
    letters={
        "a": r"drive of a step, $\eta^2 G$", "k": "number of steps", "s": r"$\eta^2 k$, which is held fixed",
        "t": r"time, $\eta$ times the number of steps", "z": r"$\lVert u\rVert^4$", "z_k": r"$\lVert u_k\rVert^4$",
        "r_k": r"$\lVert u_k\rVert$", "A_k": "sum of the first $k$ drives", r"\Gamma": r"energy up to a time, $\Gamma(t) = \int_0^t G$",
    },
    steps=steps,
    evidence="steps with prescribed energies over ladders of step sizes: against the flow at fixed time, order and size of the error",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("arora2019", "Arora, Li, Lyu, Theoretical analysis of auto rate-tuning by batch normalization"),),
    derived_from=("fourth-power-sandwich",),
)  # fmt: skip
