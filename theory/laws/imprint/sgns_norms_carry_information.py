"""C10. Skip-gram with negative sampling: inner products reach ``PMI - log k``, and norms move along the flow."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import AtLeast, Combination, Equal, Goal, Interval, Length
from theory.letters import COUNT, PROBABILITY, Letter
from theory.notation import n, u, v
from theory.optimizers import gradient_flow
from theory.vectors import Calculus, Cosine, Family, Norm, Vector, direction, family_sum, inner, squared_norm, tangential, vector

JOINT, WORD, CONTEXT, NOISE = sp.symbols("P p q nu", positive=True)  # P(w, c), P(w), P(c), and another noise
NEGATIVES = sp.Symbol("k", positive=True)  # drawn for each pair
X, SIGMA = sp.Symbol("x", real=True), sp.Symbol("sigma", positive=True)  # <u, v> and its logistic function
GAIN = sp.Symbol("D", real=True)  # KL of a word's contexts to all contexts
FORMULAS = {
    "optimum": sp.log(JOINT / (WORD * CONTEXT)) - sp.log(NEGATIVES),  # PMI - log k
    "slope": NEGATIVES * WORD * CONTEXT * SIGMA - JOINT * (1 - SIGMA),  # dL/dx
    "norm_rate": -2 * X,  # times the slope: what a pair adds to d|u|^2/dt, and to d|v|^2/dt
    "imbalance_rate": sp.S.Zero,  # of sum_w |u_w|^2 - sum_c |v_c|^2
    "mean_product": GAIN - sp.log(NEGATIVES),  # sum_c P(c|w) <u, v_c> at the optimum
}
CONTEXTS = Family("v", n)
J = CONTEXTS.index
MEMBER = CONTEXTS.member(J)
FIRST = direction("v_0")  # one context, and n others
WEIGHTS = sp.Symbol("a_0", positive=True), sp.Function("a", positive=True)(J)
TOTAL = WEIGHTS[0] + CONTEXTS.total(WEIGHTS[1])
CONDITIONAL = WEIGHTS[0] / TOTAL, WEIGHTS[1] / TOTAL  # P(c|w), any distribution
COUNTS = sp.Symbol("b_0", positive=True), sp.Function("b", positive=True)(J)
ALL = COUNTS[0] + CONTEXTS.total(COUNTS[1])
UNIGRAM = COUNTS[0] / ALL, COUNTS[1] / ALL  # P(c), any distribution
WORDS = Family("u", sp.Symbol("m", integer=True, positive=True))
I = sp.Symbol("i", integer=True, positive=True)  # noqa: E741  the index of a word, where a context has j
ROW = WORDS.member(I)
SLOPES = sp.Function("s", real=True)(I, J)  # dL/dx of word i and context j


def loss(x: sp.Expr, noise: sp.Expr = CONTEXT) -> sp.Expr:
    """The expected loss of a pair, ``-P log sigma(x) - k p q log sigma(-x)``."""
    return JOINT * sp.log(1 + sp.exp(-x)) + NEGATIVES * WORD * noise * sp.log(1 + sp.exp(x))


def claimed_slope(formulas: Formulas, x: sp.Expr) -> sp.Expr:
    """The claimed ``dL/dx``."""
    return formulas["slope"].subs(SIGMA, 1 / (1 + sp.exp(-x)))


def stationary(noise: sp.Expr, at: sp.Expr, name: str = r"\frac{dL}{dx}") -> Goal:
    """The loss has no slope there."""
    return Equal(sp.diff(loss(X, noise), X).subs(X, at), sp.S.Zero, name)


def norm_rate(logit: sp.Expr, of: Calculus) -> sp.Expr:
    """Of a squared norm along the gradient flow of a pair."""
    return 2 * inner(vector(of.u), gradient_flow.velocity(of.gradient(loss(logit))))


def claimed_rate(formulas: Formulas, logit: sp.Expr) -> sp.Expr:
    """The claimed rate."""
    return formulas["norm_rate"].subs(X, logit) * claimed_slope(formulas, logit)


def balance(contexts_move: bool = True) -> sp.Expr:
    """Rate of ``sum_w |u_w|^2 - sum_c |v_c|^2``: ``u_w`` moves by ``-sum_c s_wc v_c``, each ``v_c`` by ``-sum_w s_wc u_w``.

    Of one word alone it would not be 0: its contexts are moved by all others too. What a word does to them is summed over words.
    """
    own = 2 * inner(vector(ROW), gradient_flow.velocity(family_sum(CONTEXTS, SLOPES * Norm(MEMBER))))
    theirs = CONTEXTS.total(2 * inner(vector(MEMBER), gradient_flow.velocity(SLOPES * vector(ROW))))
    return over_words(own) - over_words(theirs) if contexts_move else over_words(own)


def over_words(rate: sp.Expr) -> sp.Sum:
    """Summed over all words."""
    return sp.Sum(rate, (I, 1, WORDS.size))


def mean(of: sp.Expr) -> sp.Expr:
    """``sum_c P(c|w) f(P, q)`` over all contexts, of a function of ``P = p P(c|w)`` and ``q``."""
    one, each = (
        share * of.subs({JOINT: WORD * share, CONTEXT: q}, simultaneous=True) for share, q in zip(CONDITIONAL, UNIGRAM, strict=True)
    )
    return one + CONTEXTS.total(each)


def gain(formulas: Formulas) -> sp.Expr:
    """What is claimed of the mean product, for the Kullback-Leibler divergence of a word's contexts from all contexts."""
    one, each = (share * sp.log(share / q) for share, q in zip(CONDITIONAL, UNIGRAM, strict=True))
    return formulas["mean_product"].subs(GAIN, one + CONTEXTS.total(each))


LOGIT = inner(vector(u), vector(v))
SQUARED, MEAN_PRODUCT = r"\frac{d}{dt}\lVert u\rVert^2", r"\sum_c P(c|w)\langle u, v_c\rangle"
IMBALANCE = r"\frac{d}{dt}\bigl(\sum_w\lVert u_w\rVert^2 - \sum_c\lVert v_c\rVert^2\bigr)"


PAIR_FLOW, FLOW = "along the flow of the loss of one pair", "along the flow of the loss of all pairs"
OPTIMUM = r"a word and its contexts at the optimum, with $D = \sum_c P(c|w)\ln(P(c|w)/P(c))$"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Slope, optimum and curvature of a pair; both norms along the flow; what a word's contexts add up to."""
    sigma = 1 / (1 + sp.exp(-X))
    curvature = (JOINT + NEGATIVES * WORD * CONTEXT) * sigma * (1 - sigma)
    centre: Vector = CONDITIONAL[0] * vector(FIRST) + family_sum(CONTEXTS, CONDITIONAL[1] * Norm(MEMBER))
    squares = Combination(((Norm(u) ** 2, Length(tangential(u, centre))),))
    return (
        Step("The slope of the loss in the inner product", Equal(sp.diff(loss(X), X), claimed_slope(formulas, X), r"\frac{dL}{dx}"),
             concludes=True, case=r"one pair, $x = \langle u, v\rangle$"),
        Step("vanishes at $x = \\mathrm{PMI} - \\ln k$,", stationary(CONTEXT, formulas["optimum"]), concludes=True,
             case=r"at $x = \mathrm{PMI} - \ln k$, $\mathrm{PMI} = \ln(P/(pq))$"),
        Step("and nowhere else, as its curvature", Equal(sp.diff(loss(X), X, 2), curvature, r"\frac{d^2L}{dx^2}")),
        Step("is positive.", AtLeast(curvature, sp.S.Zero, strict=True, name=r"\frac{d^2L}{dx^2}")),
        Step("The gradient has a radial part, and the norm of the word moves with the flow;",
             Equal(norm_rate(LOGIT, Calculus(u, (v,))), claimed_rate(formulas, LOGIT), SQUARED), concludes=True,
             case=PAIR_FLOW),
        Step("that of the context moves as much.",
             Equal(norm_rate(LOGIT, Calculus(v, (u,))), claimed_rate(formulas, LOGIT), r"\frac{d}{dt}\lVert v\rVert^2"), concludes=True,
             case=PAIR_FLOW),
        Step("So what the pairs of a word add to its squared norm they add to its contexts', whatever the slopes $s_{wc}$; contexts are"
             " moved by all words, and so it is the sums over both tables that are balanced.",
             Equal(balance(), formulas["imbalance_rate"], IMBALANCE), concludes=True, case=FLOW),
        Step("At the optimum the mean of a word's inner products over its contexts is its information gain"
             " $D = \\sum_c P(c|w)\\ln(P(c|w)/P(c))$ less $\\ln k$,",
             Equal(mean(formulas["optimum"]), gain(formulas), MEAN_PRODUCT), concludes=True, case=OPTIMUM),
        Step("which the product of norms cannot fall short of: $\\lVert u\\rVert\\,\\lVert\\sum_c P(c|w)v_c\\rVert \\ge D - \\ln k$.",
             AtLeast(Norm(u) ** 2 * squared_norm(centre), inner(vector(u), centre) ** 2, squares,
                     name=r"\lVert u\rVert^2\,\lVert\textstyle\sum_c P(c|w)v_c\rVert^2",
                     shown=r"\langle u, \textstyle\sum_c P(c|w)v_c\rangle^2"), concludes=True, case=OPTIMUM),
    )  # fmt: skip


def _cosines(formulas: Formulas) -> Witness:
    """B1 holds of cosines."""
    rate, logit = norm_rate(Cosine(u, v), Calculus(u, (v,))), Cosine(u, v)
    return Witness("cosines instead of inner products", Equal(rate, claimed_rate(formulas, logit), SQUARED),
                   instead=Equal(rate, sp.S.Zero, SQUARED))  # fmt: skip


def _other_noise(formulas: Formulas) -> Witness:
    instead = stationary(NOISE, sp.log(JOINT / (WORD * NOISE)) - sp.log(NEGATIVES),
                         r"\frac{dL}{dx}\Big|_{x = \ln(P/(p\nu)) - \ln k}")  # fmt: skip
    return Witness("negatives drawn from another distribution than the contexts'", stationary(NOISE, formulas["optimum"]), instead=instead)


def _frozen(formulas: Formulas) -> Witness:
    rate = balance(contexts_move=False)
    instead = Equal(rate, -2 * over_words(CONTEXTS.total(SLOPES * inner(vector(ROW), vector(MEMBER)))), IMBALANCE)
    return Witness("contexts that stand still", Equal(rate, formulas["imbalance_rate"], IMBALANCE), instead=instead)


def _beside(formulas: Formulas) -> Witness:
    """All inner products fall short of the optimum by 1."""
    short = mean(formulas["optimum"] - 1)
    instead = Equal(short, mean(formulas["optimum"]) - 1, MEAN_PRODUCT)
    return Witness("pairs that stay beside their optimum", Equal(short, gain(formulas), MEAN_PRODUCT), instead=instead)


CLAIM = Claim(
    id="sgns-norms-carry-information",
    chapter="imprint",
    label="C10",
    title="In skip-gram with negative sampling norms move with the flow, and inner products carry information gain",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("inner-products", r"logits are inner products $x = \langle u, v\rangle$", witness=_cosines),
        Hypothesis("unigram-negatives", r"$k$ negatives a pair from the contexts' own distribution, in expectation", witness=_other_noise),
        Hypothesis("both-tables-flow", r"words and contexts both follow $-\nabla L$, without decay", witness=_frozen),
        Hypothesis("optimum-attained", "for the mean product: every pair is at its optimum (dimensions enough)", witness=_beside),
    ),
    letters={
        "p": Letter("probability of the word", PROBABILITY), "q": Letter("probability of the context", PROBABILITY),
        "nu": Letter("probability of the context among the negatives", PROBABILITY),
        "P": Letter("probability of the pair", Interval(0, sp.Min(WORD, CONTEXT))), "k": Letter("number of negatives a pair", COUNT),
        "n": "number of contexts, context 0 not counted", "m": "number of words", "x": r"logit $\langle u, v\rangle$ of a pair",
        "s": Letter("slope $dL/dx$ of a pair", Interval(-1, 1)), "u_w": "row of the word $w$", "v_c": "row of the context $c$",
        "a_0": r"how often context 0 is seen with the word; its share of all contexts so seen is $P(c \mid w)$",
        "a_j": "how often context $j$ is seen with the word", "b_0": "how often context 0 is seen at all",
        "b_j": "how often context $j$ is seen at all",
        "a": "how often a context is seen with the word", "b": "how often a context is seen at all",
    },
    steps=steps,
    evidence="the objective over random tables: slopes and rates of norms, to rounding; words fitted by Newton's method: inner"
    " products and mean products against the optimum, within the residual slope over the curvature",
    provenance=Provenance.CITED,
    references=(
        Reference("levy2014", "Levy, Goldberg, Neural word embedding as implicit matrix factorization", "sec. 3"),
        Reference("oyama2023", "Oyama, Yokoi, Shimodaira, Norm of word embedding encodes information gain"),
    ),
    derived_from=("gradient-flow-conserves-norm",),
    remark="Exact are the mean product and its bound; the norm itself is no function of the gain. That in whitened coordinates"
    " $\\lVert u\\rVert^2$ is near $2D$ is Oyama et al.'s approximation and is not claimed. Norms of such models and of cosine models"
    " obey different laws and are never pooled.",
)
