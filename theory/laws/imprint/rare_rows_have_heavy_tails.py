"""C6. Rare rows under dense decay: norms have a power tail, whose exponent is ``ln(1 - p)/ln(1 - eta lambda)``, about ``p/(eta lambda)``.

Between visits a row shrinks by ``1 - q`` a step, ``q = eta lambda``; a visit at a small norm throws it far out, to about
``eta |g~|/r``. With a probability p of a visit at each step, gaps are geometric, and so the norm's tail is a power.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.hypotheses import TANGENT, tangential_gradient
from theory.kernel import All, ByInduction, Domain, Equal, Goal, Interval, Tends
from theory.letters import COUNT, Letter, exactly
from theory.notation import G, eta, lam, r0, u
from theory.optimizers import sgd_decoupled_decay
from theory.vectors import Norm, Vector, squared_norm, unit, vector

P, Q = sp.symbols("p q", positive=True)  # probability of a visit, eta lambda
K = sp.Symbol("k", positive=True)  # steps without a visit
KEEP, NONE = sp.symbols("kappa nu", positive=True)  # 1 - q and 1 - p
RANGES = {x: Interval(sp.S.Zero, sp.S.One) for x in (P, Q, KEEP, NONE)}
SIZE = sp.Symbol("r", positive=True)  # a norm that vanishes
SCALE = sp.Symbol("s", positive=True)  # of p and q, both of them small
RATIO = sp.Symbol("x", positive=True)  # of the series
POWER, SUM = sp.symbols("y S", real=True)  # x^K, and the series' first K terms together
SLACK = sp.Symbol("gap", nonnegative=True)
FORMULAS = {
    "unvisited": r0 * (1 - Q) ** K,  # norm after k steps without a gradient
    "tail_exponent": sp.log(1 - P) / sp.log(1 - Q),  # alpha: Pr(r > x) falls as x^-alpha
    "small_exponent": P / Q,  # what it is for rare visits and little decay
    "threshold": 1 - (1 - Q) ** 4,  # of p: the fourth moment over a gap is finite above it only
    "thrown": sp.sqrt(eta**2 * G),  # r' r after a visit at a small norm r
}


def _in_logs(e: sp.Expr) -> sp.Expr:
    """With names for 1 - q and 1 - p, which are positive."""
    return e.subs({1 - Q: KEEP, 1 - P: NONE})


def shrinks(formulas: Formulas, factor: sp.Expr = 1 - Q) -> Goal:
    """Each step without a visit multiplies the norm by ``1 - q``; none of them is the start."""
    after = _in_logs(formulas["unvisited"])
    again = Equal(after.subs(K, K + 1), sp.powsimp(after * _in_logs(factor)), r"r_{k+1}")
    return All((again, Equal(after.subs(K, 0), r0, r"r_k|_{k=0}")))


def tail(formulas: Formulas, gap: sp.Expr = NONE**K) -> Goal:
    """Pr(a gap of k steps or more) as a power of what the norm shrinks by in it."""
    shrunk = _in_logs(formulas["unvisited"]) / r0
    return Equal(shrunk ** _in_logs(formulas["tail_exponent"]), gap, r"\Bigl(\frac{r_k}{r_0}\Bigr)^{\alpha}")


def _visited(gradient: Vector) -> Vector:
    return sgd_decoupled_decay.step(vector(u), gradient, eta, lam)


def thrown(formulas: Formulas, gradient: Vector) -> Goal:
    """``r' r`` after a visit at a norm that vanishes, squared."""
    product = (squared_norm(_visited(gradient)) * Norm(u) ** 2).xreplace({Norm(u): SIZE})
    return Tends(product, SIZE, formulas["thrown"] ** 2, at_zero=True, name=r"\lim_{r\to0} (r' r)^2")


def _fourth(formulas: Formulas) -> Goal:
    """A visit after a gap throws ``r'^4``, the square of the step's own ``r'^2``, to so many times what it is without one.

    The terms of its mean over gaps, ``(r_0/r_k)^4`` times a probability, are the powers of one ratio.
    """
    power = _in_logs(1 - formulas["threshold"])
    after = (squared_norm(_visited(tangential_gradient())) ** 2).xreplace({Norm(u): SIZE})
    longer = after.subs(SIZE, _in_logs(formulas["unvisited"]).subs(r0, SIZE)) / after
    grown = Tends(longer, SIZE, (1 / power) ** K, at_zero=True, name=r"\lim_{r\to0} \Bigl(\frac{r'_k}{r'_0}\Bigr)^4")
    shrunk = Equal((r0 / _in_logs(formulas["unvisited"])) ** 4 * NONE**K, (NONE / KEEP**4) ** K, r"(1-p)^k (r_0/r_k)^4")
    return All((grown, shrunk))


def _threshold(formulas: Formulas) -> Goal:
    """What the ratio falls short of 1 has the sign of what ``p`` is above the threshold."""
    ratio = (1 - P) / (1 - Q) ** 4
    return Equal(1 - ratio, (P - formulas["threshold"]) / (1 - Q) ** 4, "1 - x")


def _series() -> Goal:
    """The mean over gaps below K, of exactly k steps with probability ``p (1 - p)^k``; for every K, whatever the ratio."""
    slack = (1 - RATIO) * SUM - P * (1 - POWER)
    return ByInduction(slack, {SUM: sp.S.Zero, POWER: sp.S.One}, {SUM: SUM + P * POWER, POWER: RATIO * POWER},
                       (POWER, 1 + (SLACK - (1 - RATIO) * SUM) / P), SLACK, exact=True,
                       shown=r"(1 - x)\sum_{k<K} p x^k = p (1 - x^K)")  # fmt: skip


def _small(formulas: Formulas) -> Goal:
    both = {P: SCALE * P, Q: SCALE * Q}
    return Tends(formulas["tail_exponent"].subs(both, simultaneous=True), SCALE, formulas["small_exponent"], at_zero=True,
                 name=r"\lim_{s\to0} \alpha(sp, sq)")  # fmt: skip


VISIT = "a visit at a small norm"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Rows never drawn; the tail of the gaps; how far a visit throws; the fourth moment; small rates."""
    return (
        Step("Without a visit the norm shrinks geometrically.", shrinks(formulas), concludes=True, case="without a visit"),
        Step("A gap of $k$ steps or more has probability $(1-p)^k$: a power of what the norm has shrunk by.", tail(formulas),
             concludes=True, case="gaps of $k$ steps or more, of probability $\\nu^k$"),
        Step("A visit at a small norm $r$ throws the row out to $r' \\sim \\eta\\lVert\\tilde g\\rVert/r$:"
             " the tail of $1/r$ becomes that of $r'$.",
             thrown(formulas, tangential_gradient()), concludes=True, case=VISIT),
        Step("A gap of $k$ steps multiplies the fourth power of the norm after the visit by $(1-q)^{-4k}$, as it does $r_k^{-4}$,",
             _fourth(formulas), concludes=True, case=VISIT),
        Step("and has probability $p(1-p)^k$: its mean over gaps is a geometric series of ratio $x = (1-p)(1-q)^{-4}$, of which"
             " the first $K$ terms are $S$ together (with $y = x^K$),", _series()),
        Step("finite exactly if $x < 1$, that is above the threshold of $p$.", _threshold(formulas), concludes=True,
             case="the mean of $(r_0/r_k)^4$ over gaps, $p\\sum_k x^k$, which is finite exactly if $x < 1$"),
        Step("For rare visits and little decay the exponent is the ratio of the two.", _small(formulas), concludes=True,
             case="rare visits and little decay"),
    )  # fmt: skip


def _only(*symbols: sp.Symbol) -> Domain:
    return Domain(ranges={x: RANGES[x] for x in symbols})


def _lazy(formulas: Formulas) -> Witness:
    return Witness("lazy decay: a row that is not visited does not shrink", shrinks(formulas, factor=sp.S.One), _only(KEEP))


def _unscaled(formulas: Formulas) -> Witness:
    goal = thrown(formulas, sp.sqrt(G) * unit(TANGENT))
    assert isinstance(goal, Tends)
    nowhere = Tends(goal.expr, goal.variable, sp.S.Zero, at_zero=True, name=goal.name)
    return Witness("gradients of one length whatever the norm, as of a loss of inner products", goal, instead=nowhere)


def _regular(formulas: Formulas) -> Witness:
    return Witness("visits at regular intervals: no gap is longer", tail(formulas, gap=sp.S.Zero), _only(KEEP, NONE))


CLAIM = Claim(
    id="rare-rows-have-heavy-tails",
    chapter="imprint",
    label="C6",
    title="Rare rows under dense decay: the law of gaps, the throw of a visit and when the fourth moment over gaps is finite",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("dense-decay", r"every row shrinks by $1 - q$ at every step, $q = \eta\lambda$, visited or not, $0 < q < 1$",
                   _only(Q, KEEP), _lazy),
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that $\lVert g\rVert = \sqrt G/r$", witness=_unscaled),
        Hypothesis("independent-visits", "a row is visited at each step with probability $0 < p < 1$, independently",
                   _only(P, NONE), _regular),
    ),
    letters={
        "k": Letter("number of steps since the last visit", COUNT),
        "kappa": Letter("$1 - q$", exactly(1 - Q)), "nu": Letter("$1 - p$", exactly(1 - P)),
        r"\alpha": r"$\ln\nu/\ln\kappa$, exponent of the tail of $1/r$", "s": "factor of $p$ and $q$",
        "r_k": "norm after $k$ steps without a visit", "r'": "norm after a visit", "r'_k": "norm after a visit at $r_k$",
        "x": r"$\nu/\kappa^4$",
    },
    steps=steps,
    evidence="rows without visits to rounding; Hill estimates over many rare rows, in intervals; visits at tiny norms",
    provenance=Provenance.DERIVED,
    derived_from=("gradient-scales-inversely",),
    remark="Proved are the law of gaps, the throw of a visit and the threshold of the fourth moment of what a gap does. That norms have a"
    " tail of this exponent is measured. The exponent is ln(1 - p)/ln(1 - eta lambda); p/(eta lambda) is its limit for small rates. That"
    " the tail of 1/r before a visit, which the gap makes a power, becomes that of r after it is measured, not decided: r' is a function"
    " of all earlier gaps.",
)
