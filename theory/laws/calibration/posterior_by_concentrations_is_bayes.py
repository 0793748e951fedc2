"""D1. Queries von Mises-Fisher about their items: Bayes' posterior is a softmax of ``kappa_i cos_i + ln C_d(kappa_i) + ln prior_i``.

So an item's temperature is ``1/kappa_i``, and its bias the density's normaliser. Any other posterior loses, and one temperature is another
wherever two concentrations differ.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import All, AtLeast, Combination, Equal, Goal, Interval, Tangent
from theory.letters import COSINE, PROBABILITY, Letter

KAPPA, PRIOR = sp.Symbol("kappa", positive=True), sp.Symbol("pi", positive=True)
T, N = sp.Symbol("t", real=True), sp.Symbol("N", real=True)  # cosine with the mean direction; ln C_d(kappa)
P, X = sp.Symbol("p", positive=True), sp.Symbol("y", real=True)  # Bayes' probability of an item; ln q/p of another one's q
A = sp.Symbol("A", positive=True)  # A_d(kappa), the mean cosine
FORMULAS = {
    "logit": KAPPA * T + N + sp.log(PRIOR),
    "tilt": sp.Symbol("kappa_1", positive=True) - sp.Symbol("kappa_2", positive=True),  # of the log odds, by a cosine both items have
    "regret": P * (sp.exp(X) - 1 - X),  # its sum over the items is the mean loss of q beyond p's
    "normaliser_slope": -A,  # d ln C_d/d kappa
}
FIRST, SECOND = ({KAPPA: sp.Symbol(f"kappa_{i}", positive=True), T: sp.Symbol(f"t_{i}", real=True), N: sp.Symbol(f"N_{i}", real=True),
                  PRIOR: sp.Symbol(f"pi_{i}", positive=True)} for i in (1, 2))  # fmt: skip
REST = sp.Symbol("R", positive=True)  # sum of prior times density of all other items
COMMON, BETA, BIAS = sp.Symbol("t", real=True), sp.Symbol("beta", positive=True), sp.Symbol("b", real=True)
ELSEWHERE, OTHER = sp.Symbol("s", real=True), sp.Symbol("k", positive=True)
Z = sp.Function("Z", positive=True)(KAPPA)  # 1/C_d, the integral of exp(kappa t) over the sphere


def density(item: dict[sp.Symbol, sp.Expr]) -> sp.Expr:
    """``C_d(kappa) exp(kappa t)``."""
    return sp.exp(item[N] + item[KAPPA] * item[T])


def posterior(formulas: Formulas, one: sp.Expr, other: sp.Expr, prior: sp.Expr | None = None) -> Equal:
    """Bayes' rule for densities of two of the items, against the softmax; ``prior``: how probable the first one really is."""
    mine, its = (FIRST[PRIOR] if prior is None else prior) * one, SECOND[PRIOR] * other
    weights = [sp.exp(formulas["logit"].subs(item, simultaneous=True)) for item in (FIRST, SECOND)]
    return Equal(mine / (mine + its + REST), weights[0] / (weights[0] + weights[1] + REST), r"P(1 \mid x)")


def bayes(formulas: Formulas) -> Equal:
    """Under the hypotheses."""
    return posterior(formulas, density(FIRST), density(SECOND))


def _tilt(formulas: Formulas) -> Goal:
    """The log odds where both cosines are t."""
    odds = [formulas["logit"].subs({**item, T: COMMON}, simultaneous=True) for item in (FIRST, SECOND)]
    name = r"\frac{d}{dt}\ln\frac{P(1 \mid x)}{P(2 \mid x)}\Big|_{t_1 = t_2 = t}"
    return Equal(sp.diff(odds[0] - odds[1], COMMON), formulas["tilt"], name)


def _flat(formulas: Formulas) -> Goal:
    """A softmax of one temperature, with any bias: its odds do not tilt, and Bayes' less it do by the whole tilt."""
    odds = [formulas["logit"].subs({**item, T: COMMON}, simultaneous=True) for item in (FIRST, SECOND)]
    one = BETA * COMMON - (BETA * COMMON + BIAS)
    return Equal(sp.diff(odds[0] - odds[1] - one, COMMON), formulas["tilt"], r"\frac{d}{dt}(\ln\text{odds} - \ln\text{odds}_\beta)")


def _regret(formulas: Formulas) -> Goal:
    """``p ln(p/q) = -p x``, plus what sums to 0 over the items, ``q - p``; not negative."""
    return All((
        Equal(-P * X + (P * sp.exp(X) - P), formulas["regret"], r"p\ln\frac{p}{q} + q - p"),
        AtLeast(formulas["regret"], sp.S.Zero, Combination(((P, Tangent(X)),)), name="p(e^y - 1 - y)"),
    ))  # fmt: skip


def slope(formulas: Formulas, mean: sp.Expr = A) -> Equal:
    """``ln C = -ln Z``, where ``Z' = A Z``: under the integral exp(kappa t) has the slope t exp(kappa t)."""
    left = sp.diff(-sp.log(Z), KAPPA).subs(sp.diff(Z, KAPPA), mean * Z)
    return Equal(left, formulas["normaliser_slope"], r"\frac{d}{d\kappa}\ln C_d")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Bayes' rule; the odds of two items; one temperature; what another posterior loses; the normaliser."""
    return (
        Step("Bayes' rule, for two of any number of items; $R$ is the sum of $\\pi_i e^{N_i + \\kappa_i t_i}$ over the others.",
             bayes(formulas), concludes=True, case=r"the posterior of an item, of temperature $1/\kappa_1$ and bias $N_1 + \ln\pi_1$"),
        Step("Where a query is as near to the one as to the other, the odds tilt to the more concentrated one the nearer it is.",
             _tilt(formulas), concludes=True, case="two items, where both cosines are $t$"),
        Step("A softmax of one temperature $1/\\beta$ and any bias has odds that do not tilt: no choice of both is Bayes' unless"
             " $\\kappa_1 = \\kappa_2$.", _flat(formulas)),
        Step("Another posterior $q = p e^y$ has the mean loss $\\sum p \\ln(p/q)$ beyond Bayes', a sum of terms", _regret(formulas),
             concludes=True, case="another posterior, $q = pe^y$: a term of its mean loss beyond Bayes'"),
        Step("The normaliser falls as the mean cosine $A$ of an item's queries says.", slope(formulas), concludes=True,
             case="the normaliser of the density"),
    )  # fmt: skip


def normalised(kappa: sp.Expr) -> Interval:
    """``ln C_d(kappa)`` where it is elementary: in three dimensions, relative to the uniform density, as cosines are uniform there."""
    known = sp.log(kappa / sp.sinh(kappa))
    return Interval(known, known, low_open=False, high_open=False)


def _instead(formulas: Formulas, goal: Equal, factor: sp.Expr) -> Equal:
    """The softmax holds with the first item's weight times a factor."""
    mine, its = (sp.exp(formulas["logit"].subs(item, simultaneous=True)) for item in (FIRST, SECOND))
    mine = sp.powsimp(sp.expand(factor * mine))
    return Equal(goal.left, mine / (mine + its + REST), goal.name)


def _mixed(formulas: Formulas) -> Witness:
    """A density, but none of von Mises-Fisher's."""
    goal = posterior(formulas, (density(FIRST) + 1) / 2, density(SECOND))
    instead = _instead(formulas, goal, (1 + 1 / density(FIRST)) / 2)
    return Witness("half of the first item's queries come from all directions alike", goal, instead=instead)


def _tilted(formulas: Formulas) -> Witness:
    """The first item's mean direction is not where its row is: it has the cosine s, the row t."""
    goal = posterior(formulas, density({**FIRST, T: ELSEWHERE}), density(SECOND))
    off = sp.exp(FIRST[KAPPA] * (ELSEWHERE - FIRST[T]))
    return Witness("a mean direction elsewhere, at cosine s", goal, instead=_instead(formulas, goal, off))


def _misread(formulas: Formulas) -> Witness:
    """The first item's queries have the concentration k, and the normaliser that belongs to it."""
    real = density({**FIRST, KAPPA: OTHER, N: N})
    goal = posterior(formulas, real, density(SECOND))
    words = "queries of another concentration, $k$, and so of another normaliser, $e^N$"
    return Witness(words, goal, instead=_instead(formulas, goal, real / density(FIRST)))


def _asked_otherwise(formulas: Formulas) -> Witness:
    goal = posterior(formulas, density(FIRST), density(SECOND), prior=FIRST[PRIOR] ** 2)
    words = "the first item is asked for with another probability, $\\pi_1^2$"
    return Witness(words, goal, instead=_instead(formulas, goal, FIRST[PRIOR]))


def _letters(i: int, prior: Interval) -> dict[str, str | Letter]:
    kappa = (FIRST, SECOND)[i - 1][KAPPA]
    return {
        kappa.name: f"concentration of item {i}'s queries",
        f"N_{i}": Letter(rf"logarithm of their density's normaliser $C_d(\kappa_{i})$ in $d$ dimensions", normalised(kappa)),
        f"t_{i}": Letter(f"cosine of the query with item {i}'s mean direction", COSINE),
        f"pi_{i}": Letter(f"prior probability of item {i}", prior),
    }


CLAIM = Claim(
    id="posterior-by-concentrations-is-bayes",
    chapter="calibration",
    label="D1",
    title="The softmax with a temperature for each item, the inverse of its concentration, and its bias is Bayes' posterior",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("von-mises-fisher", r"queries $x$ of item $i$ have density $C_d(\kappa_i) e^{\kappa_i t_i}$ on the sphere, $N_i = \ln"
                                       r" C_d(\kappa_i)$", witness=_mixed),
        Hypothesis("directions-known", r"$t_i$ is the query's cosine with the mean direction of item $i$", witness=_tilted),
        Hypothesis("concentrations-known", r"$\kappa_i$ is the concentration of its queries", witness=_misread),
        Hypothesis("priors-known", r"item $i$ is asked for with probability $\pi_i$, and given $x$ with $P(i \mid x)$",
                                   witness=_asked_otherwise),
    ),
    letters={
        **_letters(1, PROBABILITY), **_letters(2, Interval(sp.S.Zero, 1 - FIRST[PRIOR])),
        "s": Letter("cosine of the query with the real mean direction of item 1", COSINE),
        "N": Letter("logarithm of their normaliser", normalised(OTHER)), "R": "sum of prior times density over all other items",
        "t": Letter("a cosine that both items have", COSINE), "A": Letter("mean cosine of an item's queries", PROBABILITY),
        "p": Letter("Bayes' posterior probability of an item", PROBABILITY), "q": "probability of that item by another posterior",
        "y": Letter(r"$\ln(q/p)$", Interval(-sp.oo, sp.S.Zero)), "kappa": "concentration of an item's queries",
        "k": "real concentration of item 1's queries",
    },
    steps=steps,
    evidence="worlds of items and queries drawn about them: the posterior's residuals against cosines, concentrations, normalisers and"
    " priors have mean 0; the loss of one temperature beyond it; the normaliser's slope against the mean cosine of draws",
    provenance=Provenance.DERIVED,
    references=(Reference("mardia2000", "Mardia, Jupp, Directional Statistics", "ch. 9: the density and its normaliser"),),
    derived_from=("norm-estimates-dispersion", "specific-rows-are-short"),
    remark="That a norm gives the concentration is not claimed here: it is C3 and C7, with their hypotheses. That C_d has Bessel functions"
    " is cited and enters the numbers only.",
)  # fmt: skip
