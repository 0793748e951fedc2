"""C7. The free estimate: ``D = (r^4 - r_0^4) tau^2/(2 eta^2 n)`` from norms alone is the mean dispersion over n visits, from above.

Without decay, under a loss linear in the cosine. With decay a single norm has a noise floor, of relative standard
deviation ``sqrt(2 eta lambda)/4`` times that of the energy.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import AtLeast, Combination, Domain, Equal, Goal, Interval
from theory.laws.dynamics.fourth_power_recursion import FORMULAS as RECURSION
from theory.laws.dynamics.fourth_power_sandwich import FORMULAS as SANDWICH
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.laws.imprint.drift_heat_decay_equilibrium import V_STAR, P
from theory.laws.imprint.specific_rows_are_short import FORMULAS as SPECIFIC
from theory.laws.imprint.specific_rows_are_short import T
from theory.laws.imprint.stationary_mean_exceeds_equilibrium import FORMULAS as CLOSURE
from theory.laws.imprint.stationary_mean_exceeds_equilibrium import GAMMA, STAR
from theory.letters import PROBABILITY, Letter
from theory.notation import a, eta, n, r, r0, tau, z, z0

MEAN = sp.Symbol("D", nonnegative=True)  # of |P_u v|^2 over the visits
VARIATION = sp.Symbol("C", nonnegative=True)  # standard deviation over mean, of the energy
FORMULAS = {
    "estimate": (r**4 - r0**4) * tau**2 / (2 * eta**2 * n),
    "excess_bound": (eta**2 / (r0**4 * tau**2) + sp.log(1 + 2 * n * eta**2 * MEAN / (tau**2 * r0**4)) / 2) / (2 * n),
    "noise_floor": sp.sqrt(2 * P) * VARIATION / 4,  # standard deviation over mean, of one norm
}
POSITIVE = sp.Symbol("h", positive=True)
KEPT = sp.Symbol("s", positive=True)  # a share of something


def drive(visit: sp.Expr) -> sp.Expr:
    """``a = eta^2 |g~|^2`` of a visit (C3's heat at ``1 - t^2 = h``)."""
    return eta**2 * SPECIFIC["sample_heat"].subs(T, sp.sqrt(1 - visit))


ABOVE = eta**2 * POSITIVE**2 / (2 * tau**2 * z0)  # of the estimate after one visit, a^2/z0 in its units


def at(formulas: Formulas, fourth_power: sp.Expr) -> sp.Expr:
    """The estimate where ``r^4`` is as given."""
    return formulas["estimate"].subs({r: fourth_power ** sp.Rational(1, 4), r0: z0 ** sp.Rational(1, 4)})


def one_visit(formulas: Formulas, counted: sp.Expr = sp.S.One, kept: sp.Expr = sp.S.One, of: sp.Expr = POSITIVE) -> Equal:
    """After a visit, over the row's dispersion there; ``kept`` is what decay leaves of ``r^4``."""
    after = kept * RECURSION["next_fourth_power"].subs({z: z0, a: drive(of)})
    return Equal(at(formulas, after).subs(n, counted), POSITIVE + ABOVE, r"\hat D|_{n=1}")


def _lower(formulas: Formulas) -> Goal:
    return Equal(at(formulas, SANDWICH["lower"].subs(A, n * drive(MEAN))), MEAN, r"\hat D|_{z = z_0 + 2A}")


def _excess(formulas: Formulas) -> Goal:
    """The sandwich's excess, with every drive at most that of ``h = 1``."""
    worst = {A: n * drive(MEAN), M: drive(sp.S.One)}
    above = at(formulas, z0 + SANDWICH["upper_excess"].subs(worst, simultaneous=True))
    return Equal(above, formulas["excess_bound"].subs(r0, z0 ** sp.Rational(1, 4)), r"(\hat D - D)_{\max}")


def _positive(formulas: Formulas) -> Goal:
    return AtLeast(one_visit(formulas).left, POSITIVE, Combination(((ABOVE,),)), name=r"\hat D|_{n=1}", shown="h")


def floor(formulas: Formulas) -> Equal:
    """A quarter of the relative variance of ``r^2`` without drift (C0a)."""
    still = CLOSURE["closure"].subs({STAR: V_STAR / sp.sqrt(2), GAMMA: VARIATION**2})
    return Equal(still * P / 4, formulas["noise_floor"] ** 2, r"\mathrm{CV}(r)^2")


ESTIMATE = "the estimate, without decay"
FLOOR = r"the noise floor, with decay ($p = \eta\lambda$), without drift and to leading order in $p$"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The estimate at the lower end of the sandwich; its excess; one visit; the noise floor."""
    return (
        Step("At the lower end of the sandwich B4, with $A = n\\eta^2 D/\\tau^2$, the estimate is $D$, the mean over the visits of the"
             " dispersion $1 - \\cos^2(u, v_+)$.",
             _lower(formulas), concludes=True, case=ESTIMATE),
        Step("At the upper end, as no dispersion is above 1, it is above by at most", _excess(formulas), concludes=True, case=ESTIMATE),
        Step("After a single visit of dispersion $h$ it is", one_visit(formulas), concludes=True, case=ESTIMATE),
        Step("never below.", _positive(formulas)),
        Step("With decay, $p = \\eta\\lambda$, and without drift the relative variance of $r^2$ is C0a's, and that of a norm, the square of"
             " its coefficient of variation $\\mathrm{CV}(r)$, a quarter of it to leading order; $C$ is the energy's standard deviation"
             " over its mean.", floor(formulas),
             concludes=True, case=FLOOR),
    )  # fmt: skip


def _decaying(formulas: Formulas) -> Witness:
    goal = one_visit(formulas, kept=KEPT)
    left = Equal(goal.left, KEPT * goal.right - (1 - KEPT) * z0 * tau**2 / (2 * eta**2), goal.name)
    return Witness("a part of r^4 decays after the visit: the share s is left", goal, _A_SHARE, left)


def _miscounted(formulas: Formulas) -> Witness:
    goal = one_visit(formulas, counted=sp.Integer(2))
    return Witness("two visits are counted where one was made", goal, instead=Equal(2 * goal.left, goal.right, r"2\hat D|_{n=2}"))


def _saturated(formulas: Formulas) -> Witness:
    """The probability of a miss, squared, is left of the heat."""
    goal = one_visit(formulas, of=KEPT * POSITIVE)
    less = Equal(goal.left, goal.right.subs(POSITIVE, KEPT * POSITIVE), goal.name)
    return Witness("a softmax that saturates: the share s of the heat is left", goal, _A_SHARE, less)


_A_SHARE = Domain(ranges={KEPT: Interval(sp.S.Zero, sp.S.One)})


CLAIM = Claim(
    id="norm-estimates-dispersion",
    chapter="imprint",
    label="C7",
    title="A norm and a count of visits estimate dispersion",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("no-weight-decay", "no decay (for the estimate); the noise floor is one of decay, without drift", witness=_decaying),
        Hypothesis("visits-counted", "$n$ is the number of gradient steps of the row; the estimate is"
                   r" $\hat D = \tau^2(z - z_0)/(2 n \eta^2)$ with $z = r^4$", witness=_miscounted),
        Hypothesis("linear-loss", r"$L = -\cos(u, v_+)/\tau$", witness=_saturated),
    ),
    letters={
        "h": Letter("dispersion at a single visit", PROBABILITY),
        "D": Letter(r"mean dispersion, of $1 - \cos^2(u, v_+)$ over the visits", PROBABILITY), "p": Letter(r"$\eta\lambda$", PROBABILITY),
        "A": r"sum of drives, $n\eta^2 D/\tau^2$", "C": "standard deviation of the energy over its mean",
        "s": "share that is left",
    },
    steps=steps,
    evidence="200 rows, Zipf-like counts, concentrations from 2 to 300: estimates in intervals, rank correlations; settled rows' spread",
    provenance=Provenance.DERIVED,
    derived_from=("fourth-power-sandwich", "specific-rows-are-short", "stationary-mean-exceeds-equilibrium"),
)
