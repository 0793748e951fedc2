"""C11b. The dispersion of C11a, averaged over negatives: it rises with a word's concentration, turns, and falls.

Other contexts are Q times as frequent as the word's own. The word prefers own contexts by the odds R over their frequency
(its concentration is ``ln R``), so that its positive is an own one with probability ``R/(Q + R)``. N negatives come from the
frequencies. Of the N + 1 candidates, K are own ones and M others.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import All, AtLeast, Combination, Domain, Equal, Goal, Instance, Interval, Monotone, Tends
from theory.laws.imprint.bias_and_dispersion_compete import APART, COMMON, MODEL, OWN, SOFTMAX, TRUE, K, M
from theory.laws.imprint.bias_and_dispersion_compete import FORMULAS as COMPETING
from theory.letters import COUNT, Letter
from theory.notation import tau, u
from theory.typeset import latex
from theory.vectors import Cosine

Q, R = sp.symbols("Q R", positive=True)  # rarity of own contexts, and the odds by which the word prefers them
N = sp.Symbol("N", positive=True)
B, B2 = sp.symbols("b b'", nonnegative=True)  # own contexts among N - 1 of the negatives
MASS = sp.Symbol("w", positive=True)  # probability of K own and M other draws from the frequencies, one by one
MEAN = sp.Symbol("mu", positive=True)
BEYOND = sp.Symbol("y", nonnegative=True)
FORMULAS = {
    "own_share": R / (Q + R),  # probability that the positive is an own context
    "posterior": K * R / (K * R + M),  # the same, given the candidates
    "fitted_apart": 2 - 2 * Cosine(OWN, COMMON) - tau**2 * sp.log(R) ** 2,  # D where the model is right
    "one_negative": Q * R / ((1 + Q) * (1 + R) * (Q + R)),  # E[a (1 - a)], exactly for N = 1
    "many_negatives": Q * R / (Q + R) ** 2,  # its limit; for any N it is at most that
    "least": N * Q * R / ((Q + R) * ((N - 1) * (Q + R) + (1 + Q) * (1 + R))),  # and at least that
    "one_turns_at": Q,  # the square of the odds at which E[a (1 - a)] is the largest, for N = 1
    "many_turn_at": Q,  # the odds themselves, for many negatives
    "rises_below": Q * (N * Q + 1) / (N + Q),  # it rises while R^2 is below this, for R >= 1,
    "falls_above": N * Q,  # and falls when R^2 is above
    "specificity_slope": Q * sp.log(R) / (Q + R) ** 2,  # of KL(contexts of the word | frequencies) in R
}
SPREAD = r"\mathbb E[a(1-a)]"
MOST, LEAST = (rf"\text{{{end} bound of }}{SPREAD}" for end in ("upper", "lower"))


def joint(formulas: Formulas, rarity: sp.Expr = Q) -> tuple[sp.Expr, sp.Expr]:
    """Probability of K own ones among the candidates and an own positive, or another, with ``MASS`` for K of N + 1.

    Own positives leave K - 1 own ones among N negatives: ``C(N, K-1) = C(N+1, K) K/(N+1)``, with one own factor less.
    ``rarity`` is that of own contexts among the negatives.
    """
    share, own, size = formulas["own_share"], 1 / (1 + rarity), K + M
    return share * MASS * K / size / own, sp.cancel(1 - share) * MASS * M / size / sp.cancel(1 - own)


def _posterior(formulas: Formulas, rarity: sp.Expr = Q) -> Equal:
    own, other = joint(formulas, rarity)
    return Equal(own / (own + other), formulas["posterior"], "a")


def _fit(formulas: Formulas) -> Goal:
    """The softmax is right if the logits differ by the concentration."""
    fitted = {Cosine(u, OWN): Cosine(u, COMMON) + tau * sp.log(R)}
    return All((
        Equal(SOFTMAX.subs(fitted), formulas["posterior"], r"A\big|_{(c_o-c_c)/\tau=\ln R}"),
        Equal(COMPETING["apart"].subs(fitted), formulas["fitted_apart"], r"D\big|_{(c_o-c_c)/\tau=\ln R}"),
    ))  # fmt: skip


def part(formulas: Formulas, model: sp.Expr | None = None) -> sp.Expr:
    """What candidate sets with K own ones add to the mean heat over ``D/tau^2``."""
    own, other = joint(formulas)
    heats = (COMPETING[name].subs({MODEL: model or formulas["posterior"], APART: tau**2}) for name in ("own_heat", "other_heat"))
    return sum((p * h for p, h in zip((own, other), heats, strict=True)), sp.S.Zero)


def statement(formulas: Formulas, model: sp.Expr | None = None) -> Equal:
    """Bias is gone: per set, the dispersion at the posterior."""
    own, other = joint(formulas)
    spread = (COMPETING["dispersion"] * tau**2 / APART).subs(TRUE, formulas["posterior"])
    return Equal(part(formulas, model), sp.factor((own + other) * spread), r"\mathbb P(K)\,G_u\tau^2/D")


TANGENT = (K * Q**2 + M * R) / (Q + R) ** 2


def _below_tangent(formulas: Formulas) -> Goal:
    """``KM/(KR+M)`` is concave, and below its tangent plane at the means ``(N+1)/(1+Q)`` and ``(N+1)Q/(1+Q)``."""
    slack = R * (K * Q - M) ** 2 / ((Q + R) ** 2 * (K * R + M))
    factors = (1 + Q) * formulas["own_share"] * K * M / ((K + M) * (K * R + M)) * MASS
    return All((
        Equal(part(formulas), factors, r"\mathbb P(K)\,G_u\tau^2/D"),
        AtLeast(TANGENT, K * M / (K * R + M), Combination(((slack,),)), name=r"\frac{Q^2K+RM}{(Q+R)^2}"),
    ))  # fmt: skip


def _most(formulas: Formulas) -> Goal:
    """The tangent plane at the means."""
    at_means = TANGENT.subs({K: (N + 1) / (1 + Q), M: (N + 1) * Q / (1 + Q)}, simultaneous=True)
    outside = formulas["own_share"] * (1 + Q) / (N + 1)
    return Equal(outside * at_means, formulas["many_negatives"], MOST)


def term(formulas: Formulas, own: sp.Expr = B) -> sp.Expr:
    """Over the N - 1 remaining negatives: ``E[KM f(K)] = N (N+1) Q/(1+Q)^2 E f(b+1)``."""
    return formulas["own_share"] * N * Q / (1 + Q) / denominator(own)


def denominator(own: sp.Expr = B) -> sp.Expr:
    """``KR + M`` with K = b + 1 and M = N - b."""
    return (own + 1) * R + N - own


def _above_tangent() -> Goal:
    x = sp.Symbol("x", positive=True)
    return AtLeast(1 / x, 2 / MEAN - x / MEAN**2, Combination((((x - MEAN) ** 2 / (x * MEAN**2),),)), name="1/x")


def _least(formulas: Formulas) -> Goal:
    """The mean of b is ``(N-1)/(1+Q)``."""
    return Equal(term(formulas, (N - 1) / (1 + Q)), formulas["least"], LEAST)


def _ends(formulas: Formulas) -> Goal:
    return All((
        Equal(term(formulas, sp.S.Zero).subs(N, 1), formulas["one_negative"], SPREAD + r"|_{N=1}"),
        Equal(formulas["least"].subs(N, 1), formulas["one_negative"], LEAST + r"\text{ at }N=1"),
        Tends(formulas["least"], N, formulas["many_negatives"], name=LEAST),
    ))  # fmt: skip


def _turns(formulas: Formulas) -> Goal:
    """Both derivatives have the sign of what is left to the turn."""
    one, many = formulas["one_negative"], formulas["many_negatives"]
    slope_one = (formulas["one_turns_at"] - R**2) * Q / ((1 + Q) * (1 + R) ** 2 * (Q + R) ** 2)
    return All((
        Equal(sp.diff(one, R), slope_one, rf"\frac{{d}}{{dR}}{SPREAD}|_{{N=1}}"),
        Equal(sp.diff(many, R), (formulas["many_turn_at"] - R) * Q / (Q + R) ** 3, rf"\frac{{d}}{{dR}}{SPREAD}|_{{N\to\infty}}"),
    ))  # fmt: skip


def _specificity(formulas: Formulas) -> Goal:
    """Of the word's contexts relative to their frequencies 1/(1+Q) and Q/(1+Q)."""
    share, logarithm = formulas["own_share"], Instance(sp.log(1 + BEYOND), BEYOND, R - 1, Monotone(BEYOND, sp.S.Zero))
    divergence = share * sp.log(share * (1 + Q)) + (1 - share) * sp.log(sp.cancel(1 - share) * (1 + Q) / Q)
    return All((
        Equal(sp.diff(divergence, R), formulas["specificity_slope"], r"\frac{d}{dR}\mathrm{KL}"),
        AtLeast(formulas["specificity_slope"], sp.S.Zero, Combination(((Q / (Q + R) ** 2, logarithm),))),
    ))  # fmt: skip


def slope(own: sp.Expr) -> sp.Expr:
    """``(Q+R)^2 x^2`` times the derivative of a term ``R/((Q+R) x)``."""
    return Q * (N - own) - R**2 * (own + 1)


def _chebyshev() -> Goal:
    """Chebyshev: the slopes and the weights ``1/x^2`` both fall with b, so the mean of the product is at least that of the means."""
    x, y = denominator(), denominator(B2)
    product = (slope(B) - slope(B2)) * (1 / x**2 - 1 / y**2)
    same = (Q + R**2) * (R - 1) * (B - B2) ** 2 * (x + y) / (x**2 * y**2)
    scale = R / ((Q + R) * denominator())
    return All((
        Equal(sp.diff(scale, R) * ((Q + R) * denominator()) ** 2, slope(B), r"(Q+R)^2x^2\frac{d}{dR}\frac{R}{(Q+R)x}"),
        Equal(product, same, r"(s_b-s_{b'})(x_b^{-2}-x_{b'}^{-2})"),
        AtLeast(same, sp.S.Zero),
    ))  # fmt: skip


def _rises(formulas: Formulas) -> Goal:
    return Equal(slope((N - 1) / (1 + Q)), (formulas["rises_below"] - R**2) * (N + Q) / (1 + Q), r"\mathbb E s_b")


def _falls(formulas: Formulas) -> Goal:
    """Every term falls: at ``R^2 = falls_above + e``."""
    return AtLeast(-slope(B).subs(R, sp.sqrt(formulas["falls_above"] + BEYOND)), sp.S.Zero,
                   name=rf"-s_b\big|_{{R^2 = {latex(formulas['falls_above'] + BEYOND)}}}")


ONE_SET, OVER_SETS = "one set of candidates", "in the mean over sets of candidates"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The posterior and the fit; the mean over sets and its bounds; where it turns."""
    return (
        Step("By Bayes, own positives are to the others as $K R$ to $M$.", _posterior(formulas), concludes=True, case=ONE_SET),
        Step("The softmax says the same if the cosines differ by $\\tau\\ln R$.", _fit(formulas), concludes=True, case=ONE_SET),
        Step("Then nothing but dispersion is left (C11a).", statement(formulas), concludes=True, case=ONE_SET),
        Step("The more concentrated a word, the more specific are its contexts.", _specificity(formulas), concludes=True,
             case="the contexts of a word"),
        Step("In the dispersion the factor that varies, $KM/(KR + M)$, is concave and below its tangent plane,", _below_tangent(formulas)),
        Step("so that over candidate sets the mean of $a(1-a)$ is at most", _most(formulas), concludes=True, case=OVER_SETS),
        Step("With $K = b+1$, $M = N-b$ and $b$ binomial over $N-1$ draws, it is a constant times the mean of $1/x$, which is above its"
             " tangent at any $\\mu > 0$,", _above_tangent()),
        Step("and at least the constant over the mean of $x$.", _least(formulas), concludes=True, case=OVER_SETS),
        Step("Both are exact at one end.", _ends(formulas), concludes=True, case=OVER_SETS),
        Step("With one negative it turns at $R = \\sqrt{Q}$, with many at $R = Q$: later, if own contexts are rarer.", _turns(formulas),
             concludes=True, case=OVER_SETS),
        Step("For any number of negatives, with $x_b = N - b + R(1 + b)$ for the $x$ of $b$, $s_b$ and $x_b^{-2}$ fall together, here from"
             " $b$ to $b'$: by Chebyshev's inequality the slope is at least $\\mathbb E s_b\\,\\mathbb E x_b^{-2}$,"
             " up to a positive factor,", _chebyshev()),
        Step("so that it rises at first, while $\\mathbb E s_b > 0$,", _rises(formulas), concludes=True, case=OVER_SETS),
        Step("and falls in the end, for $R^2 \\ge NQ$, term by term.", _falls(formulas), concludes=True, case=OVER_SETS),
    )  # fmt: skip


def _knows_nothing(formulas: Formulas) -> Witness:
    """A softmax without preference adds its bias."""
    goal = statement(formulas, K / (K + M))
    bias = sum(joint(formulas)) * (formulas["posterior"] - K / (K + M)) ** 2
    return Witness("a model that has learned nothing", goal, Domain(ranges=_RANGES), Equal(goal.left, goal.right + bias, goal.name))


def _own_negatives(formulas: Formulas) -> Witness:
    goal = _posterior(formulas, Q / 2)
    instead = Equal(goal.left, K * R / (K * R + 2 * M), "a")
    return Witness("own contexts twice as frequent among the negatives", goal, Domain(ranges=_RANGES), instead)


def _exactly(value: sp.Expr) -> Interval:
    return Interval(value, value, low_open=False, high_open=False)


_RANGES = {R: Interval(sp.S.One, sp.oo, low_open=False)}
CLAIM = Claim(
    id="concentration-warms-then-cools-words",
    chapter="imprint",
    label="C11b",
    title="Where the model is right, concentration first warms and at last cools a word, relative to how far apart its contexts are",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("model-is-right", r"the softmax gives own contexts their posterior probability: $c_o - c_c = \tau\ln R$",
                   witness=_knows_nothing),
        Hypothesis("unigram-negatives", "the $N$ negatives are independent, each an own context with probability $1/(1 + Q)$, as contexts"
                   " are at large", witness=_own_negatives),
        Hypothesis("own-contexts-preferred", r"$R \ge 1$", Domain(ranges=_RANGES)),
    ),
    letters={
        "K": Letter("number of own contexts among the candidates", COUNT), "M": Letter("number of the other candidates", COUNT),
        "N": Letter("number of negatives", COUNT), "Q": "how many times as frequent as own contexts all others are",
        "R": "odds by which the word prefers own contexts",
        "w": Letter("probability of $K$ own and $M$ other draws, one by one", _exactly(Q**M / (1 + Q) ** (K + M))),
        "b": Letter("number of own contexts among all negatives but one", Interval(0, N - 1, low_open=False, high_open=False, whole=True)),
        "a": "probability that the positive is an own context, given the candidates", "A": "softmax probability of own contexts",
        "D": r"$\lVert P_u(\hat v_o - \hat v_c)\rVert^2$", "v_o": "own contexts", "v_c": "the other contexts", "c_o": r"$\cos(u, v_o)$",
        "c_c": r"$\cos(u, v_c)$", "G_u": "gradient energy of the word",
        "s_b": "$Q(N - b) - R^2(1 + b)$", "y": "$R^2 - NQ$", r"\mathrm{KL}": "divergence of the word's contexts from contexts at large",
    },
    steps=steps,
    evidence="candidate sets enumerated, gradients of InfoNCE at vectors that fit; two tables trained together: early and late growth of"
    " words of three concentrations",
    provenance=Provenance.DERIVED,
    derived_from=("bias-and-dispersion-compete",),
    remark="The heat itself is D/tau^2 times that, and D falls by tau^2 ln(R)^2 as R grows. Between where it is shown to rise and"
    " where it is shown to fall the sign for N >= 2 is not proved; computed (N to 200, Q from 1.2 to 49) the mean has one maximum, above"
    " the first of the two and below Q.",
)
