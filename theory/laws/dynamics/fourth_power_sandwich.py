"""B4. ``z_0 + 2 A_K <= z_K <= z_0 + 2 A_K + sum a_k^2/(z_0 + 2 A_k)``, the sum at most ``M (M/z_0 + ln(...)/2)``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.hypotheses import sgd_hypotheses, tangential_gradient
from theory.kernel import All, AtLeast, ByInduction, Combination, Domain, Equal, Goal, Instance, Interval, Monotone, Tends
from theory.laws.dynamics.fourth_power_recursion import FORMULAS as RECURSION
from theory.notation import G, a, eta, u, z, z0
from theory.optimizers import sgd
from theory.typeset import latex
from theory.vectors import Norm, Vector, squared_norm, vector

A = sp.Symbol("A", nonnegative=True)  # sum of the drives so far
S = sp.Symbol("S", nonnegative=True)  # sum of a_k^2 / (z_0 + 2 A_k) so far
M = sp.Symbol("M", positive=True)  # largest drive
X = sp.Symbol("X", positive=True)  # z_0 + 2 A_k
Y = sp.Symbol("y", nonnegative=True)
FORMULAS = {
    "lower": z0 + 2 * A,  # <= z_K
    "term": a**2 / (z0 + 2 * A),  # of the sum in the upper bound
    "upper_excess": M * (M / z0 + sp.log((z0 + 2 * A) / z0) / 2),  # of that sum, hence of z_K - lower
}
LOG_GAP = sp.log(1 + Y) - Y / (1 + Y)  # not negative: step 3
SLACK = sp.Symbol("s", nonnegative=True)
NEXT_A = {A: A + a}
STEP = sgd.step(vector(u), tangential_gradient(), eta)


def first_step_is_tight(formulas: Formulas, following: Vector) -> Goal:
    """Both bounds after one step, in one: what is above the lower bound is exactly the first term."""
    here = {z0: Norm(u) ** 4, a: eta**2 * G}
    above = squared_norm(following) ** 2 - formulas["lower"].subs(A, a).subs(here)
    return Equal(above, formulas["term"].subs(A, 0).subs(here), "z_1 - (z_0 + 2a_0)")


def _at_end(formula: sp.Expr) -> str:
    """A bound at the end of a run of K steps: its accumulated drive is ``A_K``."""
    return latex(formula).replace("A", "A_K")


def _lower(formulas: Formulas) -> Goal:
    update = {z: RECURSION["next_fourth_power"], **NEXT_A}
    return ByInduction(z - formulas["lower"], {z: z0, A: sp.S.Zero}, update, (z, formulas["lower"] + SLACK), SLACK, starts_equal=True,
                       name=r"z_K \ge", shown=rf"z_K \ge {_at_end(formulas['lower'])}")  # fmt: skip


def _upper(formulas: Formulas) -> Goal:
    """Uses the lower bound, ``z = lower + gap`` with ``gap >= 0``, for the one term in which ``z`` divides."""
    gap = sp.Symbol("h", nonnegative=True)
    update = {z: RECURSION["next_fourth_power"], S: S + formulas["term"], **NEXT_A}
    slack = formulas["lower"] + S - z
    return ByInduction(slack.subs(z, formulas["lower"] + gap), {gap: sp.S.Zero, S: sp.S.Zero},
                       _in_gap(update, gap, formulas), (S, gap + SLACK), SLACK, starts_equal=True, name=r"z_K \le",
                       shown=r"z_K \le z_0 + 2A_K + \sum_{k<K} "
                       + latex(formulas["term"]).replace("A", "A_k").replace("a^", "a_k^"))  # fmt: skip


def _in_gap(update: dict[sp.Symbol, sp.Expr], gap: sp.Symbol, formulas: Formulas) -> dict[sp.Symbol, sp.Expr]:
    """The recursion of ``z`` as one of ``gap = z - lower``."""
    following = update[z].subs(z, formulas["lower"] + gap) - formulas["lower"].subs(NEXT_A)
    return {gap: following, S: update[S], A: update[A]}


def _sum_bound(formulas: Formulas) -> Goal:
    """Potential ``M (M/z_0 - M/x_k + ln(x_k/z_0)/2) - S_k``, ``x_k = z_0 + 2 A_k``, never falls below 0.

    The step needs ``ln(1 + y) >= y/(1 + y)`` with ``y = 2a/x`` (the step before), which the certificate instantiates.
    """
    potential = formulas["upper_excess"].subs(A, (X - z0) / 2) - M**2 / X - S
    following = {X: X + 2 * a, S: S + formulas["term"].subs(A, (X - z0) / 2)}
    solved = (S, formulas["upper_excess"].subs(A, (X - z0) / 2) - M**2 / X - SLACK)
    logarithm = Instance(LOG_GAP, Y, 2 * a / X, Monotone(Y, sp.S.Zero))
    certificate = Combination(((SLACK,), (M / 2, logarithm), (_step_rest(),)))
    return ByInduction(potential, {X: z0, S: sp.S.Zero}, following, solved, SLACK, certificate, starts_equal=True, name=r"\sum \le",
                       shown=r"\sum_{k<K} \frac{a_k^2}{z_0 + 2A_k} \le " + _at_end(formulas["upper_excess"]))  # fmt: skip


def _step_rest() -> sp.Expr:
    """``M^2 (1/x - 1/(x+2a)) + M a/(x+2a) - a^2/x``: not negative for ``0 <= a <= M``."""
    return M**2 * (1 / X - 1 / (X + 2 * a)) + M * a / (X + 2 * a) - a**2 / X


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Two inductions on the recursion; an inequality for the logarithm; a third induction; sharpness."""
    one_step = {A: a, M: a}
    ratio = formulas["term"].subs(A, 0) / formulas["upper_excess"].subs(one_step)
    small = sp.Symbol("q", positive=True)
    return (
        Step("Lower bound, by induction: the recursion adds $2a_k$ and something positive.", _lower(formulas), concludes=True),
        Step("After one step the upper bound is attained.", first_step_is_tight(formulas, STEP)),
        Step("Upper bound, by induction: $z_k$ divides, and the lower bound bounds it below. Here $h = z_k - z_0 - 2A_k$, and $S$ is the"
             " sum so far.", _upper(formulas), concludes=True),
        Step("$\\ln(1+y) \\ge y/(1+y)$: equal at 0, and the derivative of the difference is $y/(1+y)^2$.",
             AtLeast(LOG_GAP, sp.S.Zero, Monotone(Y, sp.S.Zero))),
        Step("For $0 \\le a \\le M$ and $X = z_0 + 2A$ what is left of the next step has no negative coefficient.",
             AtLeast(_step_rest(), sp.S.Zero)),
        Step("The sum, by induction on a potential.", _sum_bound(formulas), concludes=True),
        Step("For a first drive $q = a_0 = M$ much larger than $z_0$ the bound of the sum is attained: no smaller constant will do.",
             Tends(ratio.subs(a, small), small, sp.S.One,
                   name=r"\lim_{a_0\to\infty} \frac{a_0^2/z_0}{M(M/z_0 + \frac12\ln(1+2a_0/z_0))}")),
        Step("For many small steps the logarithm's constant is attained: its slope in $A$ is that of the sum for drives $M$.",
             Equal(sp.diff(formulas["upper_excess"], A), (formulas["term"] / a).subs(a, M),
                   rf"\frac{{d}}{{dA}} {latex(formulas['upper_excess'])}")),
    )  # fmt: skip


def _drive_above(formulas: Formulas) -> Witness:
    """A first drive of 2 where ``M`` is said to be 1: the bound of the sum is one of drives up to ``M``."""
    drive, largest = sp.Integer(2), sp.S.One
    value = RECURSION["next_fourth_power"].subs({z: 1, a: drive})
    excess = formulas["upper_excess"].subs({z0: 1, A: drive, M: largest})
    bound = formulas["lower"].subs({z0: 1, A: drive}) + excess
    name = rf"{_at_end(formulas['lower'] + formulas['upper_excess'])}\Big|_{{A_K = 2}}"
    instead = All((Equal(value, sp.Integer(9), "z_1"), Equal(bound, 6 + sp.log(5) / 2, name)))
    return Witness("a step with drive 2 from $z_0 = 1$, where $M = 1$", AtLeast(bound, value), instead=instead)


RANGE = Interval(sp.S.Zero, M, low_open=False, high_open=False)
CLAIM = Claim(
    id="fourth-power-sandwich",
    chapter="dynamics",
    label="B4",
    title="The fourth power of the norm is twice the accumulated drive, up to a logarithm",
    formulas=FORMULAS,
    hypotheses=(
        *sgd_hypotheses(first_step_is_tight),
        Hypothesis("nonnegative-drives", r"$0 \le a_k = \eta^2 G_k \le M$ and $z_0 > 0$, where $z_k = \lVert u_k\rVert^4$ and"
                   r" $A_K = \sum_{k<K} a_k$", Domain(ranges={a: RANGE}), _drive_above),
    ),
    letters={"M": "largest drive $a_k$", "a": "any of the drives $a_k$"},
    steps=steps,
    evidence="whole runs with arbitrary drives: final fourth power between both bounds, up to a rounding bound",
    provenance=Provenance.DERIVED,
    derived_from=("fourth-power-recursion",),
)
