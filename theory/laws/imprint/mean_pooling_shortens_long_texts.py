"""C9. The mean of T independent tokens: ``E|h|^2 = |m|^2 + s^2/T``, which falls with length."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import AtLeast, ByInduction, Domain, Equal, Goal, Interval, Tends
from theory.letters import COUNT, PROBABILITY, Letter
from theory.typeset import latex
from theory.vectors import Norm, direction, inner, squared_norm, vector

T = sp.Symbol("T", integer=True, positive=True)  # number of tokens
Q = sp.Symbol("Q", real=True)  # E|h_T|^2
M, S = sp.Symbol("m", positive=True), sp.Symbol("s", positive=True)  # |m|, and s^2 = E|x_t - m|^2
RHO = sp.Symbol("rho", positive=True)  # correlation of two tokens, in units of s^2
SLACK = sp.Symbol("e", nonnegative=True)
FORMULAS = {
    "squared_norm": M**2 + S**2 / T,  # E|h|^2
    "limit": M**2,  # of long texts
    "fall": S**2 / (T * (T + 1)),  # by one more token
}
h, x = direction("h"), direction("x")
SQUARED = r"\mathbb E\lVert \bar h\rVert^2"


def with_one_more(crossed: sp.Expr, token: sp.Expr) -> sp.Expr:
    """``E|h_{T+1}|^2`` from ``E|h_T|^2 = Q``, ``E<h_T, x> = crossed`` and ``E|x|^2 = token``."""
    return (T**2 * Q + 2 * T * crossed + token) / (T + 1) ** 2


INDEPENDENT = with_one_more(M**2, M**2 + S**2)


def by_induction(claimed: sp.Expr, following: sp.Expr) -> Goal:
    """``E|h_T|^2`` is what is claimed: from the first token on, by one more at a time."""
    return ByInduction(Q - claimed, {T: sp.S.One, Q: M**2 + S**2}, {T: T + 1, Q: following}, (Q, claimed + SLACK), SLACK,
                       exact=True, name=SQUARED, shown=latex(claimed))  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """One more token; induction; what that makes of long texts."""
    claimed = formulas["squared_norm"]
    mean = (1 / (T + 1)) * (T * vector(h) + vector(x))
    one_more = with_one_more(inner(vector(h), vector(x)), Norm(x) ** 2).subs(Q, Norm(h) ** 2)
    return (
        Step("One more token $x$ makes the mean $h$ of $T$ tokens to $(Th + x)/(T + 1)$, whose squared norm is",
             Equal(squared_norm(mean), one_more, r"\lVert \bar h_{T+1}\rVert^2"), free=True),
        Step("In expectation $\\langle h, x\\rangle$ is $m^2$ for a token that is independent of all before,"
             " and $\\lVert x\\rVert^2$ is $m^2 + s^2$. So, by induction over $T$, with $Q$ for the mean so far,",
             by_induction(claimed, INDEPENDENT), concludes=True),
        Step("One more token always shortens the mean, by", Equal(claimed - claimed.subs(T, T + 1), formulas["fall"],
             rf"{SQUARED}\big|_T - {SQUARED}\big|_{{T+1}}"), concludes=True),
        Step("which is positive,", AtLeast(formulas["fall"], sp.S.Zero, strict=True), concludes=True),
        Step("down to what the tokens have in common.", Tends(claimed, T, formulas["limit"], name=SQUARED), concludes=True),
    )  # fmt: skip


def _correlated(formulas: Formulas) -> Witness:
    """``E<x_t - m, x_t' - m> = rho s^2``: part of the spread never averages out."""
    following = with_one_more(M**2 + RHO * S**2, M**2 + S**2)
    instead = by_induction(M**2 + S**2 * (1 + (T - 1) * RHO) / T, following)
    return Witness(r"tokens that are correlated, by $\rho$ any two", by_induction(formulas["squared_norm"], following), _RANGE, instead)


def _unlike(formulas: Formulas) -> Witness:
    following = with_one_more(sp.S.Zero, S**2)
    instead = by_induction(M**2 / T**2 + S**2 / T, following)
    return Witness("a first token unlike all others, whose mean is 0", by_induction(formulas["squared_norm"], following), _RANGE, instead)


def _sum(formulas: Formulas) -> Witness:
    following = Q + 2 * T * M**2 + M**2 + S**2
    instead = by_induction(T**2 * M**2 + T * S**2, following)
    return Witness("the sum of the tokens instead of their mean", by_induction(formulas["squared_norm"], following), _RANGE, instead)


_RANGE = Domain(ranges={T: Interval(sp.S.One, sp.oo, low_open=False)})
CLAIM = Claim(
    id="mean-pooling-shortens-long-texts",
    chapter="imprint",
    label="C9",
    title="Mean pooling shortens long texts, on average",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("independent-tokens", r"tokens are independent, or at least uncorrelated", witness=_correlated),
        Hypothesis("one-distribution",
                   r"all have one mean $\mu$, of length $m$, and one spread $s^2 = \mathbb E\lVert x_t - \mu\rVert^2$", witness=_unlike),
        Hypothesis("mean-pooling", r"$\bar h = \frac1T\sum_{t=1}^T x_t$ with $T \ge 1$", _RANGE, witness=_sum),
    ),
    letters={
        "T": Letter("number of tokens", COUNT), "m": r"length of the mean, $\lVert\mu\rVert$", "s": r"root of the spread $s^2$ about $\mu$",
        "rho": Letter("correlation of two tokens", PROBABILITY),
    },
    steps=steps,
    evidence="pooled tokens drawn from finitely many: the expectation over all sequences, exact but for rounding; long texts by independent"
    " draws, within an interval of error rate 1e-9",
    provenance=Provenance.DERIVED,
    remark="An audit of text encoders controls for length: on average the longer of two texts about one thing has the shorter embedding,"
    " though of a single pair that need not be so. Tokens in one text are correlated, by $\\rho$ any two, and then"
    r" $\mathbb E\lVert\bar h\rVert^2 = m^2 + s^2(1 + (T - 1)\rho)/T$, which still falls with $T$ if $\rho < 1$.",
)
