"""B12g. Dense Adam without momentum, a row visited with probability ``p``: the energy of a step is near ``d p/(p + 1 - beta_2)``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import All, AtLeast, Combination, Domain, Equal, Interval, Tends

DIM = sp.Symbol("d", integer=True, positive=True)
P = sp.Symbol("p", positive=True)  # probability of a visit, per step
FORGET = sp.Symbol("h", positive=True)  # 1 - beta_2
FORMULAS = {
    "mean_scale": P + FORGET - FORGET * P,  # E v_i/g_i^2 right after a visit
    "least_heat": DIM * P / (P + FORGET - FORGET * P),  # E|s|^2 per step is at least that,
    "most_heat": DIM * P / FORGET,  # and at most that
    "lazy_heat": DIM * P,  # that of a lazy optimiser, whose moments have a clock of their own
}
SCALE, BEFORE = sp.Symbol("w", positive=True), sp.Symbol("w_0", nonnegative=True)  # v_i/g_i^2 after and before a visit
MEAN = sp.Symbol("mu", positive=True)
SPREAD = sp.Symbol("J", nonnegative=True)  # E[1/w] - 1/E w after a visit
HEAT = r"\mathbb E\lVert s\rVert^2"
LEAST, MOST = r"\frac{p d}{\mathbb E[w \mid \text{visit}]}", r"\frac{p d}{h}"  # of E|s|^2 per step


def least(probability: sp.Expr = P) -> sp.Expr:
    """The lower end of a row's heat."""
    return FORMULAS["least_heat"].subs(P, probability)


def most(probability: sp.Expr = P) -> sp.Expr:
    """Its upper end, which says little for frequent rows."""
    return FORMULAS["most_heat"].subs(P, probability)


def _after(before: sp.Expr, square: sp.Expr = sp.S.One) -> sp.Expr:
    """``v`` after a visit, over the usual ``g^2``."""
    return (1 - FORGET) * before + FORGET * square


def at_least(formulas: Formulas, heat: sp.Expr, probability: sp.Expr = P) -> AtLeast:
    """A heat per step and coordinate is at least the claimed one."""
    return AtLeast(heat, formulas["least_heat"].subs(P, probability) / DIM, name=r"\mathbb E s_i^2")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The mean of ``v``; Jensen; the cap."""
    mean, least, most = (formulas[name] for name in ("mean_scale", "least_heat", "most_heat"))
    slack = (SCALE - MEAN) ** 2 / (SCALE * MEAN**2)
    either = P * _after(P) + (1 - P) * (1 - FORGET) * P
    return (
        Step("Over the square of a visit's gradient, $w = v/g^2$ becomes $w' = \\beta_2 w + 1 - \\beta_2$ at a visit and"
             " $w' = \\beta_2 w$ otherwise. A mean of $p$ stays,",
             Equal(either, P, r"\mathbb E w'\big|_{\mathbb E w = p}"), concludes=True),
        Step("so that right after a visit it is", Equal(_after(P), mean, r"\mathbb E[w \mid \text{visit}]"), concludes=True),
        Step("A visit moves the coordinate by $s^2 = g^2/v = 1/w$, and a step without one by 0. $1/w$ lies above its tangent at any $\\mu$,"
             " hence $J = \\mathbb E[1/w \\mid \\text{visit}] - 1/\\mathbb E[w \\mid \\text{visit}] \\ge 0$.",
             AtLeast(1 / SCALE, 2 / MEAN - SCALE / MEAN**2, Combination(((slack,),)))),
        Step("Per step, over all coordinates, that is at least", Equal(DIM * P / mean, least, LEAST)),
        Step("as $J \\ge 0$:", AtLeast(DIM * P * (1 / mean + SPREAD), least, name=HEAT), concludes=True),
        Step("The visit itself leaves $w \\ge h = 1 - \\beta_2$, so that, whatever was left before, it is at most",
             AtLeast(most, DIM * P / _after(BEFORE), name=MOST, shown=HEAT), concludes=True),
        Step("reached if nothing was left before.",
             Equal(DIM * P / _after(sp.S.Zero), most, r"\frac{p d}{h + w_0 (1 - h)}\Big|_{w_0 = 0}")),
        Step("The bounds meet for rare visits: each counts $1/(1-\\beta_2)$ times what it counts in a lazy optimiser,",
             Tends(least / most, P, sp.S.One, at_zero=True, name=rf"{LEAST} \Big/ {MOST}"), concludes=True),
        Step("in which $w$ is always 1.", Equal(P * DIM / _after(sp.S.One), formulas["lazy_heat"], r"\frac{p d}{w}\Big|_{w=1}"),
             concludes=True),
        Step("For $p$ far above $1 - \\beta_2$ the lower bound is the $d$ of a row that is always visited: frequency no longer counts.",
             All((Tends(least, FORGET, DIM, at_zero=True, name=LEAST), AtLeast(DIM, least, name="d")))),
    )  # fmt: skip


def _uneven(formulas: Formulas) -> Witness:
    """At every step a gradient whose square is 0, which moves nothing, or 2, with ``v = 1`` before."""
    square = sp.Integer(2)
    both = square / _after(sp.S.One, square) / 2
    goal = at_least(formulas, both, sp.S.One)
    return Witness("gradients of square 0 or 2, half of the time each: the large ones raise their own v", goal,
                   Domain(ranges=_RANGES), Equal(goal.left, 1 / (1 + FORGET), goal.name))  # fmt: skip


def _lazy(formulas: Formulas) -> Witness:
    goal = at_least(formulas, formulas["lazy_heat"] / DIM)
    return Witness("a lazy optimiser: v does not fade between visits", goal, Domain(ranges=_RANGES),
                   Equal(goal.left / goal.right, formulas["mean_scale"],
                         r"\mathbb E s_i^2 \Big/ \frac{p}{\mathbb E[w \mid \text{visit}]}"))  # fmt: skip


_RANGES = {P: Interval(0, 1), FORGET: Interval(0, 1)}
CLAIM = Claim(
    id="dense-adam-counts-rare-visits",
    chapter="dynamics",
    label="B12g",
    title="Under dense Adam a rare visit counts the more the rarer it is, down to one in the memory of its second moment",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("steady-gradients", r"at every visit $g_i^2$ is the same, $\epsilon = 0$; far more than $1/(1-\beta_2)$ steps"
                   r" (lazy: visits) were made", witness=_uneven),
        Hypothesis("dense", r"$0 < p < 1$, visits are independent, $0 < 1-\beta_2 < 1$, $\beta_1 = 0$; $v$ fades at every step, visited or"
                   r" not",
                   Domain(ranges=_RANGES), _lazy),
    ),
    letters={
        "d": "dimension", "h": r"$1 - \beta_2$", "p": "probability of a visit in a step",
        "J": r"$\mathbb E[1/w \mid \text{visit}] - 1/\mathbb E[w \mid \text{visit}]$, which is not negative",
        "s": "step over $-\\eta$",
        "w": "second moment over $g_i^2$", "w'": "$w$ after a step", "w_0": "$w$ before a visit",
    },
    steps=steps,
    evidence="dense and lazy Adam on rarely visited rows: energy of steps and what they are divided by, by intervals over replicates",
    provenance=Provenance.DERIVED,
    derived_from=("adam-norm-grows-by-dimension",),
    remark="With white gradients r^2 grows by eta^2 times this: its exponent in p goes from 0 (frequent) to 1/2 of r (rare),"
    " with the crossover near p = 1 - beta_2. The form p/(p + 1 - beta_2) is the lower bound but for $hp$; the mean itself is above it by a"
    " factor of at most 1.13, by the law of shot noise (numerically, for small p and 1 - beta_2): at p = 1 - beta_2 it is exp(-0.5772) ="
    " 0.561 of the frequent row's, not a half, which is reached at p = 0.83 (1 - beta_2).",
)
