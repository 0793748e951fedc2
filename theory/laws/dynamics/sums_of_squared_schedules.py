"""B9b. What schedules count: ``sum f_k^2`` is K, K/3, 3K/8, (1 - 2(w + d)/3) K; logarithmic for 1/sqrt(k); bounded for 1/k."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import All, AtLeast, ByInduction, Combination, Domain, Equal, Goal, Instance, Interval, Monotone, Tends
from theory.letters import SEVERAL, Letter
from theory.schedules import K, W, constant, cosine, harmonic, inverse_square_root, k, linear, warm_up
from theory.typeset import latex

N = sp.Symbol("n", nonnegative=True)  # steps so far
FROM_ONE = sp.Symbol("n", positive=True)
S, SLACK = sp.Symbol("S", real=True), sp.Symbol("s", nonnegative=True)
PHASE = sp.Symbol("phi", real=True)  # pi k/K
HALF = sp.Symbol("t", positive=True)  # tan(pi/2K)
RISE, FALL = sp.Symbol("w", positive=True), sp.Symbol("d", positive=True)  # W/K and D/K
Y = sp.Symbol("y", nonnegative=True)
FORMULAS = {
    "constant": K,  # of all K steps
    "linear": (K + 1) * (2 * K + 1) / (6 * K),
    "cosine": (3 * K + 4) / 8,  # from two steps on
    "ramp": (K + 1) * (2 * K + 1) / (6 * K),  # of a warm-up over K steps
    "linear_share": sp.Rational(1, 3),  # of K, in the long run
    "cosine_share": sp.Rational(3, 8),
    "stable_share": 1 - 2 * (RISE + FALL) / 3,  # warm-up, stable, decay: with shares w and d of rising and falling
    "square_root_least": sp.log(K + 1),  # inverse square root
    "square_root_most": 1 + sp.log(K),
    "harmonic_most": 2 - 1 / K,
}


def _exactly(formula: sp.Expr, factor: sp.Expr, name: str) -> Goal:
    """Partial sums of squares, whatever K is, are ``formula`` in the number of steps so far."""
    following = {S: S + factor.subs(k, N) ** 2, N: N + 1}
    return ByInduction(S - formula, {S: sp.S.Zero, N: sp.S.Zero}, following, (S, formula + SLACK), SLACK, exact=True, name=name,
                       shown=latex(formula))  # fmt: skip


def _linear(formulas: Formulas, factor: sp.Expr = linear.FACTOR) -> Goal:
    """From the end backwards the factors are j/K: what is left of the whole sum is a sum of the first squares."""
    left = (K - N) * (K - N + 1) * (2 * (K - N) + 1) / (6 * K**2)
    return _exactly(formulas["linear"] - left, factor, r"\sum_{k<n}\left(1 - \frac{k}{K}\right)^2")


def _ramp(formulas: Formulas) -> Goal:
    so_far = formulas["ramp"].subs(K, N) * N**2 / K**2  # all of it at n = K
    return _exactly(so_far, warm_up.RISING.subs(W, K), r"\sum_{k<n}\left(\frac{k+1}{K}\right)^2")


def _antidifference(n: sp.Expr, c: sp.Expr, s: sp.Expr) -> sp.Expr:
    """A sum of ``f_k^2 = 3/8 + cos(x_k)/2 + cos(2 x_k)/8``, at the angle with cosine c and sine s; the step is ``2 arctan t``."""
    single = (1 - c) / 2 + s / (2 * HALF)
    double = (1 - c**2 + s**2) / 2 + c * s * (1 - HALF**2) / (2 * HALF)
    return 3 * n / 8 + single / 2 + double / 8


def _cosine_step() -> Goal:
    """The next angle by the addition theorem, with the step's cosine and sine in terms of t."""
    c, s = sp.cos(PHASE), sp.sin(PHASE)
    a, b = (1 - HALF**2) / (1 + HALF**2), 2 * HALF / (1 + HALF**2)
    gained = _antidifference(N + 1, c * a - s * b, s * a + c * b) - _antidifference(N, c, s)
    return Equal(gained, cosine.FACTOR.subs(k, PHASE * K / sp.pi) ** 2, r"T_{k+1} - T_k")


def _cosine_total(formulas: Formulas) -> Goal:
    """At angle pi."""
    return Equal(_antidifference(K, sp.S.NegativeOne, sp.S.Zero), formulas["cosine"], "T_K")


def _shares(formulas: Formulas) -> tuple[tuple[str, Goal], ...]:
    stable = formulas["ramp"].subs(K, RISE * K) + (1 - RISE - FALL) * K + formulas["linear"].subs(K, FALL * K)
    totals = {"linear": formulas["linear"], "cosine": formulas["cosine"], "stable": stable}
    shown = r"\lim_{K\to\infty}\frac{1}{K}\sum f_k^2"
    return tuple((name, Tends(total / K, K, formulas[f"{name}_share"], name=shown)) for name, total in totals.items())


def _square_root_least(formulas: Formulas) -> Goal:
    """``ln(n + 2) - ln(n + 1) = ln(1 + y)`` with ``y = 1/(n + 1)`` is at most y, the term that is added."""
    claimed = formulas["square_root_least"].subs(K, N)
    by = Combination(((SLACK,), (Instance(Y - sp.log(1 + Y), Y, 1 / (N + 1), Monotone(Y, sp.S.Zero)),)))
    return ByInduction(S - claimed, {S: sp.S.Zero, N: sp.S.Zero}, {S: S + inverse_square_root.FACTOR.subs(k, N) ** 2, N: N + 1},
                       (S, claimed + SLACK), SLACK, by, starts_equal=True, name=r"\sum_{k<K}\frac{1}{k+1} \ge",
                       shown=r"\sum_{k<K}\frac{1}{k+1} \ge \ln(K+1)")  # fmt: skip


def _from_one(claimed: sp.Expr, factor: sp.Expr, by: Combination | None, shown: str) -> Goal:
    following = {S: S + factor.subs(k, FROM_ONE) ** 2, FROM_ONE: FROM_ONE + 1}
    return ByInduction(claimed - S, {S: sp.S.One, FROM_ONE: sp.S.One}, following, (S, claimed - SLACK), SLACK, by, starts_equal=True,
                       name=shown.partition("le")[0] + "le", shown=shown)  # fmt: skip


def _square_root_most(formulas: Formulas) -> Goal:
    """``ln(1 + y)`` with ``y = 1/n`` is at least ``y/(1 + y) = 1/(n + 1)``."""
    by = Combination(((SLACK,), (Instance(sp.log(1 + Y) - Y / (1 + Y), Y, 1 / FROM_ONE, Monotone(Y, sp.S.Zero)),)))
    claimed = formulas["square_root_most"].subs(K, FROM_ONE)
    return _from_one(claimed, inverse_square_root.FACTOR, by, r"\sum_{k<K}\frac{1}{k+1} \le 1 + \ln K")


def _harmonic(formulas: Formulas) -> Goal:
    claimed = formulas["harmonic_most"].subs(K, FROM_ONE)
    return _from_one(claimed, harmonic.FACTOR, None, r"\sum_{k<K}\frac{1}{(k+1)^2} \le 2 - \frac{1}{K}")


LINEAR, COSINE = r"linear decay over $K$ steps, $f_k = 1 - k/K$", r"cosine decay over $K$ steps, $f_k = \frac12(1 + \cos(\pi k/K))$"
ROOT, HARMONIC = r"inverse square root, $f_k = 1/\sqrt{k+1}$", "inverse steps, $f_k = 1/(k+1)$"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Each schedule by induction over its steps; the long run; what grows slowly, and what stops."""
    shares = dict(_shares(formulas))
    return (
        Step("A constant rate, by induction, $S$ being the sum so far.",
             _exactly(formulas["constant"].subs(K, N), constant.FACTOR, r"\sum_{k<n} f_k^2"), concludes=True,
             case="a constant rate, $f_k = 1$"),
        Step("Linear decay: what the first n of K steps add; nothing is left to add at n = K.", _linear(formulas), concludes=True,
             case=LINEAR),
        Step("Linear warm-up over K steps, which is linear decay backwards.", _ramp(formulas), concludes=True,
             case="linear warm-up over $K$ steps, $f_k = (k+1)/K$"),
        Step("Cosine: the square of a factor is a difference of $T_k$, at the angle $\\phi = \\pi k/K$,"
             " for $t = \\tan(\\pi/(2K))$;", _cosine_step()),
        Step("which begins with", Equal(_antidifference(sp.S.Zero, sp.S.One, sp.S.Zero), sp.S.Zero, "T_0")),
        Step("so the sum, from angle 0 to $\\pi$, is", _cosine_total(formulas), concludes=True, case=COSINE),
        Step("In the long run linear decay counts", shares["linear"], concludes=True, case=LINEAR),
        Step("cosine", shares["cosine"], concludes=True, case=COSINE),
        Step("and warm-up, stable, decay, with shares $w$ and $d$ of rising and falling,", shares["stable"], concludes=True,
             case="warm-up, stable, decay, with shares $w$ and $d$ of rising and falling"),
        Step("Inverse square root: at least logarithmic,", _square_root_least(formulas), concludes=True, case=ROOT),
        Step("and no more.", _square_root_most(formulas), concludes=True, case=ROOT),
        Step("$1/k$: bounded, so that the norm converges,", _harmonic(formulas), concludes=True, case=HARMONIC),
        Step("within twice the first step.",
             Tends(formulas["harmonic_most"], K, sp.Integer(2))),
        Step("A decay to nothing counts less in the long run than cosine, and that less than a constant.",
             All((AtLeast(formulas["cosine_share"], formulas["linear_share"], strict=True),
                  AtLeast(formulas["constant"] / K, formulas["cosine_share"], strict=True, name="1")))),
    )  # fmt: skip


def _shifted(formulas: Formulas) -> Witness:
    """Counted from 1 the last factor of linear decay is 0 and the first is missing."""
    after = linear.FACTOR.subs(k, k + 1)
    words = "linear decay counted from 1: another first step"
    instead = Equal(after.subs(k, 0) ** 2, (1 - 1 / K) ** 2, "f_0^2")
    return Witness(words, _linear(formulas, after), Domain(RANGES), instead)


def _single_step(formulas: Formulas) -> Witness:
    """One step of cosine has factor 1, and the claim is less."""
    found, claimed = cosine.FACTOR.subs(k, 0) ** 2, formulas["cosine"].subs(K, 1)
    instead = All((Equal(found, sp.S.One, r"f_0^2|_{K=1}"), Equal(claimed, sp.Rational(7, 8), r"\frac{3K+4}{8}\Big|_{K=1}")))
    return Witness("a single step of cosine", Equal(found, claimed, r"f_0^2|_{K=1}"), instead=instead)


RANGES = {RISE: Interval(sp.S.Zero, 1 - FALL), FALL: Interval(sp.S.Zero, sp.S.One)}
CLAIM = Claim(
    id="sums-of-squared-schedules",
    chapter="dynamics",
    label="B9b",
    title="A third of a linear decay counts, three eighths of a cosine; an inverse square root grows logarithmically, 1/k stops",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("counted-from-zero", r"$f_k$ is the schedule's factor at $k = 0, \dots, K-1$ (warm-up: $(k+1)/K$), $w + d < 1$",
                   Domain(RANGES), _shifted),
        Hypothesis("several-steps", r"$K \ge 2$ under cosine, so that $\tan(\pi/(2K))$ is finite", witness=_single_step),
    ),
    letters={
        "K": Letter("number of steps", SEVERAL), "w": "share of the steps on which the factor rises",
        "d": "share of the steps on which the factor falls", "n": "number of steps so far", "T_K": "sum of all $K$ of the $f_k^2$",
    },
    steps=steps,
    evidence="sums over the schedules' arrays, exact to rounding; shares in the limit of many steps; growth of real runs in units of a"
    " constant schedule's",
    provenance=Provenance.DERIVED,
    references=(
        Reference("loshchilov2017", "Loshchilov, Hutter, SGDR: stochastic gradient descent with warm restarts", "cosine annealing"),
        Reference("robbins1951", "Robbins, Monro, A stochastic approximation method", "1/k"),
        Reference("hu2024", "Hu et al., MiniCPM: unveiling the potential of small language models", "WSD"),
    ),
    derived_from=("schedule-counts-by-its-squares",),
    remark="Linear and cosine sums have a positive rest: (3K+1)/(6K) and 1/2. Under 1/k all norms stop within a bounded distance of where"
    " they began: initialisation is never forgotten, and frequency hardly read. Under an inverse square root it is forgotten slowly.",
)  # fmt: skip
