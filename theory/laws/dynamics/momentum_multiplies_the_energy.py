"""B8b. Heavy ball multiplies the energy by ``(1 + beta q)/((1 - beta q)(1 - beta)^2)``, q the persistence of the gradient."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.hypotheses import TANGENT, perpendicular
from theory.kernel import All, ByInduction, Domain, Equal, Goal, Interval, Tends
from theory.laws.dynamics.heavy_ball_shadow_is_pythagorean import FORMULAS as SHADOW
from theory.momentum import BETA, MOMENTUM, OVERLAP, RANGE, before, overlap, shadow
from theory.notation import eta, u
from theory.optimizers import heavy_ball, nesterov
from theory.typeset import latex
from theory.vectors import Vector, inner, squared_norm, unit, vector

Q = sp.Symbol("q", real=True)  # persistence: the mean of the next gradient is q times this one
HEAT = sp.Symbol("h", positive=True)  # |g|^2
P = sp.Symbol("p", real=True)  # (beta q)^k
MANY = sp.Symbol("K", positive=True)  # steps, in the long run
COUNT, GROWTH = sp.Symbol("K", real=True), sp.Symbol("D", real=True)  # steps so far, and E|w|^2 - |w_0|^2
RATE, SLACK = sp.Symbol("a", positive=True), sp.Symbol("s", nonnegative=True)
FORMULAS = {
    "step_growth": (eta / (1 - BETA)) ** 2 * (HEAT + 2 * BETA * OVERLAP),  # of E|w|^2
    "next_overlap": Q * (BETA * OVERLAP + HEAT),
    "overlap": HEAT * Q * (1 - P) / (1 - BETA * Q),  # E<m_{k-1}, g_k> after k steps
    "growth": (eta / (1 - BETA)) ** 2 * HEAT * (COUNT * (1 + BETA * Q) / (1 - BETA * Q) - 2 * BETA * Q * (1 - P) / (1 - BETA * Q) ** 2),
    "multiplier": (1 + BETA * Q) / ((1 - BETA * Q) * (1 - BETA) ** 2),  # growth over eta^2 h K, in the long run
    "white": (1 - BETA) ** -2,  # q = 0
    "persistent": (1 + BETA) * (1 - BETA) ** -3,  # q = 1
}
Stepped = tuple[Vector, Vector]
GRADIENT = sp.sqrt(HEAT) * unit(TANGENT)
_ARGUMENTS = (vector(u), vector(MOMENTUM), GRADIENT, eta, BETA)
USUAL = heavy_ball.decoupled_step(*_ARGUMENTS)


def one_step(formulas: Formulas, following: Stepped) -> Goal:
    """What a step adds to the squared length of the shadow."""
    after, here = squared_norm(shadow(*following, SHADOW["lag"])), squared_norm(before(SHADOW["lag"]))
    return Equal(after - here, formulas["step_growth"].subs(OVERLAP, overlap(GRADIENT)), r"\lVert w_{k+1}\rVert^2 - \lVert w_k\rVert^2")


def mean_overlap(formulas: Formulas, following: Vector, factor: sp.Expr = sp.S.One) -> Equal:
    """The mean of the next overlap, the mean of the next gradient being ``following``; compared with ``factor`` times the claim."""
    moved = USUAL[1]
    claimed = factor * formulas["next_overlap"].subs(OVERLAP, overlap(GRADIENT))
    return Equal(inner(moved, following), claimed, r"\mathbb E[\langle m_k, g_{k+1}\rangle \mid \text{past}]")


def _overlap(formulas: Formulas) -> Goal:
    claimed, update = formulas["overlap"], {OVERLAP: formulas["next_overlap"], P: BETA * Q * P}
    return ByInduction(OVERLAP - claimed, {OVERLAP: sp.S.Zero, P: sp.S.One}, update, (OVERLAP, claimed + SLACK), SLACK, exact=True,
                       name=r"\mathbb E\langle m_{k-1}, g_k\rangle",
                       shown=r"\mathbb E\langle m_{k-1}, g_k\rangle = hq\,\frac{1-(\beta q)^k}{1-\beta q}")  # fmt: skip


def _growth(formulas: Formulas) -> Goal:
    claimed = formulas["growth"]
    update = {GROWTH: GROWTH + formulas["step_growth"].subs(OVERLAP, formulas["overlap"]), P: BETA * Q * P, COUNT: COUNT + 1}
    start = {GROWTH: sp.S.Zero, P: sp.S.One, COUNT: sp.S.Zero}
    return ByInduction(GROWTH - claimed, start, update, (GROWTH, claimed + SLACK), SLACK, exact=True,
                       name=r"\mathbb E\lVert w_K\rVert^2 - \lVert w_0\rVert^2",
                       shown=r"\mathbb E\lVert w_K\rVert^2 - \lVert w_0\rVert^2 = \frac{\eta^2h}{(1-\beta)^2}\Bigl("
                             r"K\,\frac{1+\beta q}{1-\beta q} - 2\beta q\,\frac{1-(\beta q)^K}{(1-\beta q)^2}\Bigr)")  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """A step; the mean overlap; its sum; the long run; white and persistent gradients."""
    long_run = (formulas["growth"] / (eta**2 * HEAT * COUNT)).subs(P, sp.exp(-RATE * COUNT)).subs(COUNT, MANY)
    long_run_named = latex(formulas["multiplier"])
    return (
        Step("A step adds heat, and the overlap of gradient and momentum.", one_step(formulas, USUAL), concludes=True),
        Step("The next gradient is on average $q$ times this one, so the next overlap is on average",
             mean_overlap(formulas, Q * GRADIENT), concludes=True),
        Step("From no momentum, by induction, with $o$ for the overlap and $p = (\\beta q)^k$,", _overlap(formulas), concludes=True),
        Step("and summed, after any number of steps, with $D$ for the growth so far,", _growth(formulas), concludes=True),
        Step("In the long run, with $(\\beta q)^K = e^{-aK}$, a step adds $\\eta^2h$ times",
             Tends(long_run, MANY, formulas["multiplier"],
                   name=r"\lim_{K\to\infty} \frac{\mathbb E\lVert w_K\rVert^2 - \lVert w_0\rVert^2}{\eta^2hK}"),
             concludes=True),
        Step("For white gradients",
             Equal(formulas["multiplier"].subs(Q, 0), formulas["white"], rf"{long_run_named}\Big|_{{q=0}}"), concludes=True),
        Step("and for a gradient that persists",
             Equal(formulas["multiplier"].subs(Q, 1), formulas["persistent"], rf"{long_run_named}\Big|_{{q=1}}"), concludes=True),
    )  # fmt: skip


BOX = {BETA: RANGE, Q: Interval(sp.S.Zero, sp.S.One, low_open=False, high_open=False)}
PERPENDICULAR = perpendicular(TANGENT, u)


def _witness(words: str, following: Stepped, *angles: Domain) -> Callable[[Formulas], Witness]:
    domain = Domain(BOX, tuple(p for d in angles for p in d.orthogonal))
    return lambda formulas: Witness(words, one_step(formulas, following), domain)


def _doubled(formulas: Formulas) -> Witness:
    longer = 2 * Q * GRADIENT
    return Witness("the next gradient is twice as long", mean_overlap(formulas, longer), Domain(BOX),
                   mean_overlap(formulas, longer, sp.Integer(2)))  # fmt: skip


def _correlated(formulas: Formulas) -> Witness:
    """The law of white gradients, for gradients of which the next one is on average half of this one."""
    white = {**formulas, "next_overlap": formulas["next_overlap"].subs(Q, 0)}
    following = GRADIENT.map(lambda c: c / 2)
    correlated = {**formulas, "next_overlap": formulas["next_overlap"].subs(Q, sp.Rational(1, 2))}
    none = Equal(white["next_overlap"], sp.S.Zero, r"\mathbb E\langle m_k, g_{k+1}\rangle|_{q=0}")
    instead = All((none, mean_overlap(correlated, following)))
    words = "the law of white gradients (q = 0), with correlated ones (q = 1/2)"
    return Witness(words, mean_overlap(white, following), Domain(BOX), instead)


_DECAYED = heavy_ball.decoupled_step(*_ARGUMENTS, sp.Symbol("lambda", positive=True))
CLAIM = Claim(
    id="momentum-multiplies-the-energy",
    chapter="dynamics",
    label="B8b",
    title="Heavy ball multiplies the energy, the more the longer a gradient persists",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that $g_k \perp u_k$", PERPENDICULAR,
                   _witness("a gradient with a radial part, as inner products give", USUAL)),
        Hypothesis("no-weight-decay", "no weight decay", witness=_witness("decoupled decay switched on", _DECAYED, PERPENDICULAR)),
        Hypothesis("heavy-ball", r"$m_k = \beta m_{k-1} + g_k$ from $m_{-1} = 0$, $u_{k+1} = u_k - \eta m_k$, $0 \le \beta < 1$",
                   Domain({BETA: RANGE}), _witness("Nesterov's step", nesterov.decoupled_step(*_ARGUMENTS), PERPENDICULAR)),
        Hypothesis("constant-heat", r"$\lVert g_k\rVert^2 = h$ at every step", witness=_doubled),
        Hypothesis("known-persistence", r"$\mathbb E[g_{k+1} \mid \text{past}] = q\,g_k$ with one $q$, $0 \le q \le 1$ (white: $q = 0$)",
                   Domain({Q: BOX[Q]}), _correlated),
    ),
    letters={
        "K": "number of steps", "k": "number of steps so far", "m": "$m_{k-1}$",
        "w_k": r"shadow, $u_k - \frac{\eta\beta}{1-\beta} m_{k-1}$",
    },
    steps=steps,
    evidence="gradients with persistence 0, 1 and between, in many dimensions: overlaps and growth of the shadow, means of independent"
    " runs within intervals of error rate 1e-9",
    provenance=Provenance.DERIVED,
    derived_from=("heavy-ball-shadow-is-pythagorean",),
    remark="Statistical part: means over the gradients' noise. With |u| nearly |w| and heat G/r^2 the norm then follows the quartic law"
    " with G times the multiplier. What it does to the meaning: for white gradients all items are scaled alike; an item whose gradients"
    " persist looks hotter than it is, by up to (1 + beta)/(1 - beta).",
)  # fmt: skip
