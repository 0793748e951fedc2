"""C11a. Own contexts against others: a word's heat is bias plus dispersion, and so is that of a context's row.

A word is seen with contexts of two kinds, its own in the direction ``v_o`` and all others in the direction ``v_c``. Among
the candidates of a step, K are own and M others. The positive is an own one with probability a; the softmax gives own ones
the probability A.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import All, AtLeast, Equal, Goal, Interval, Within
from theory.letters import COUNT, PROBABILITY, Letter
from theory.notation import tau, u
from theory.vectors import Calculus, Cosine, Direction, Norm, direction, squared_norm, tangential, unit

OWN, COMMON = direction("v_o"), direction("v_c")
K, M = sp.symbols("K M", positive=True)  # candidates of each kind
TRUE, MODEL = sp.symbols("a A", positive=True)  # probability of "own": of the positive, and by the softmax
APART = sp.Symbol("D", nonnegative=True)  # |P_u(v^_o - v^_c)|^2
FACT, GUESS = sp.symbols("rho pi", positive=True)  # the same probabilities for one context's row to be the positive
SINE = sp.Symbol("S", nonnegative=True)  # 1 - c^2, of the word and that context
SPREAD = sp.Symbol("V", nonnegative=True)  # variance of rho over the appearances of a context among candidates
NEGATIVES = sp.Symbol("N", positive=True)
OTHERS = sp.Symbol("Z", positive=True)  # what the other candidates add to the softmax's denominator
FORMULAS = {
    "apart": 2 - 2 * Cosine(OWN, COMMON) - (Cosine(u, OWN) - Cosine(u, COMMON)) ** 2,  # D
    "own_heat": (1 - MODEL) ** 2 * APART / tau**2,  # r^2 |g|^2 of the word where the positive is an own context
    "other_heat": MODEL**2 * APART / tau**2,  # and where it is another
    "bias": (TRUE - MODEL) ** 2 * APART / tau**2,  # squared mean of the tangential gradient
    "dispersion": TRUE * (1 - TRUE) * APART / tau**2,  # its variance
    "word_slope": (1 - 2 * MODEL) * APART / tau**2,  # of the word's heat in a
    "learning_slope": -2 * (TRUE - MODEL) * APART / tau**2,  # of the word's heat in A
    "context_heat": ((FACT - GUESS) ** 2 + FACT * (1 - FACT)) * SINE / tau**2,  # mean of r^2 |g|^2 of a context's row
    "untrained_context_heat": NEGATIVES / (NEGATIVES + 1) ** 2 * SINE / tau**2,  # its mean where the model knows nothing
    "fitted_context_heat": (NEGATIVES / (NEGATIVES + 1) ** 2 - SPREAD) * SINE / tau**2,  # where the model is right
}
LOGITS = {OWN: Cosine(u, OWN) / tau, COMMON: Cosine(u, COMMON) / tau}
MASS = {OWN: K * sp.exp(LOGITS[OWN]), COMMON: M * sp.exp(LOGITS[COMMON])}
SOFTMAX = MASS[OWN] / (MASS[OWN] + MASS[COMMON])  # A
LAG = sp.Symbol("delta", positive=True)  # a - A
ROW = direction("v")  # one context among the candidates
ROW_MASS = sp.exp(Cosine(u, ROW) / tau)
HALF = sp.Rational(1, 2)
HEAT = r"\lVert u\rVert^2\lVert\nabla_u L\rVert^2"


def loss(positive: Direction, scale: sp.Expr) -> sp.Expr:
    """InfoNCE among K own contexts and M others; ``scale`` multiplies the logits."""
    return sp.log(K * sp.exp(scale * LOGITS[OWN]) + M * sp.exp(scale * LOGITS[COMMON])) - scale * LOGITS[positive]


def heat(value: sp.Expr) -> sp.Expr:
    """``r^2 |grad|^2`` of the word."""
    return Norm(u) ** 2 * squared_norm(Calculus(u, (OWN, COMMON)).gradient(value))


def row_heat(positive: bool) -> sp.Expr:
    """``r^2 |grad|^2`` of a context's row that is the positive, or one of the negatives."""
    value = sp.log(ROW_MASS + OTHERS)
    if positive:
        value -= Cosine(u, ROW) / tau
    return Norm(ROW) ** 2 * squared_norm(Calculus(ROW, (u,)).gradient(value))


def at_vectors(formulas: Formulas, name: str) -> sp.Expr:
    """A formula with D, A, pi and S written out."""
    known = {APART: formulas["apart"], MODEL: SOFTMAX, GUESS: ROW_MASS / (ROW_MASS + OTHERS), SINE: 1 - Cosine(u, ROW) ** 2}
    return formulas[name].subs(known, simultaneous=True)


_HEATS = {OWN: "own_heat", COMMON: "other_heat"}  # by the kind of the positive


def statement(formulas: Formulas, scale: sp.Expr = sp.S.One) -> Goal:
    """The word's heat, for a positive of either kind."""
    return All(tuple(_pulled(formulas, kind, scale) for kind in _HEATS))


def _pulled(formulas: Formulas, kind: Direction, scale: sp.Expr = sp.S.One) -> Equal:
    """For a positive of one kind."""
    return Equal(heat(loss(kind, scale)), at_vectors(formulas, _HEATS[kind]), HEAT)


def word_heat(formulas: Formulas) -> sp.Expr:
    """Mean over positives."""
    return TRUE * formulas["own_heat"] + (1 - TRUE) * formulas["other_heat"]


def _bias(formulas: Formulas) -> Goal:
    """Own positives pull by ``1 - A`` one way, the others by ``A`` the other way."""
    pull = (TRUE * (1 - MODEL) - (1 - TRUE) * MODEL) ** 2 * APART / tau**2
    return All((
        Equal(pull, formulas["bias"], r"\lVert\mathbb E\tilde g\rVert^2"),
        Equal(word_heat(formulas) - pull, formulas["dispersion"], r"\operatorname{tr}\operatorname{Cov}\tilde g"),
    ))  # fmt: skip


def _total(formulas: Formulas) -> sp.Expr:
    return formulas["bias"] + formulas["dispersion"]


def _slopes(formulas: Formulas) -> Goal:
    total = _total(formulas)
    return All((
        Equal(sp.diff(total, TRUE), formulas["word_slope"], r"\frac{\partial G_u}{\partial a}"),
        Equal(sp.diff(total, MODEL), formulas["learning_slope"], r"\frac{\partial G_u}{\partial A}"),
    ))  # fmt: skip


def _rises(formulas: Formulas) -> Goal:
    return AtLeast(formulas["word_slope"], sp.S.Zero, name=r"\frac{\partial G_u}{\partial a}")


def _falls(formulas: Formulas) -> Goal:
    return AtLeast(-formulas["word_slope"], sp.S.Zero, name=r"-\frac{\partial G_u}{\partial a}")


def _both(formulas: Formulas) -> Goal:
    """Where the model is right both probabilities move together, and its lag has no slope."""
    fitted, slope = (x.subs(MODEL, TRUE) for x in (_total(formulas), formulas["word_slope"]))
    return All((
        Equal(fitted, formulas["dispersion"], r"G_u|_{A=a}"),
        Equal(sp.diff(fitted, TRUE), slope, r"\frac{dG_u}{da}\Big|_{A=a}"),
    ))  # fmt: skip


def _context(formulas: Formulas) -> Goal:
    mean = FACT * row_heat(True) + (1 - FACT) * row_heat(False)
    return Equal(mean, at_vectors(formulas, "context_heat"), r"\mathbb E\,\lVert v\rVert^2\lVert\nabla_v L\rVert^2")


def averaged(heat_at: sp.Expr, mean: sp.Expr = 1 / (NEGATIVES + 1)) -> sp.Expr:
    """Over appearances, of a quadratic in rho: the mean of ``rho^2`` is V and the squared mean."""
    powers = sp.Poly(heat_at, FACT)
    square = SPREAD + mean**2
    return sum((c * {0: sp.S.One, 1: mean, 2: square}[k] for (k,), c in powers.terms()), sp.S.Zero)


def _fitted(formulas: Formulas, guess: sp.Expr = FACT, mean: sp.Expr = 1 / (NEGATIVES + 1)) -> Equal:
    found = averaged(formulas["context_heat"].subs(GUESS, guess), mean)
    return Equal(found, formulas["fitted_context_heat"], r"\mathbb E\,G_v|_{\pi=\rho}")


def _untrained(formulas: Formulas) -> Goal:
    """A softmax that knows nothing gives every candidate the same."""
    found = averaged(formulas["context_heat"].subs(GUESS, 1 / (NEGATIVES + 1)))
    return Equal(found, formulas["untrained_context_heat"], r"\mathbb E\,G_v|_{\pi=1/(N+1)}")


BOTH, ROWS = "a word, over positives of both kinds", "a context, over the steps in which it is a candidate"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The word; bias and dispersion; signs; the context."""
    return (
        Step("The word is pulled along $\\hat v_o - \\hat v_c$ only: by $1 - A$ if the positive is an own context, by $A$ the other way"
             " if not.", _pulled(formulas, OWN), concludes=True, case="a positive of the word's own contexts"),
        Step("likewise.", _pulled(formulas, COMMON), concludes=True, case="a positive that is not"),
        Step("Over positives, the mean pull is the bias, and what is left is dispersion.", _bias(formulas), concludes=True,
             case=BOTH),
        Step("At given directions a word is the warmer the more its positives are its own, or the colder:", _slopes(formulas),
             concludes=True, case=BOTH),
        Step("warmer while the model gives its own contexts at most half (bias wins),",
             Within(_rises(formulas), {MODEL: Interval(sp.S.Zero, HALF, high_open=False)}), concludes=True, case=BOTH),
        Step("colder once it gives them at least half (dispersion wins).",
             Within(_falls(formulas), {MODEL: Interval(HALF, sp.S.One, low_open=False)}), concludes=True, case=BOTH),
        Step("A model that lags behind cools by learning.",
             AtLeast(-formulas["learning_slope"].subs(TRUE, MODEL + LAG), sp.S.Zero,
                     name=r"-\frac{\partial G_u}{\partial A}\Big|_{a=A+\delta}"), concludes=True, case=BOTH),
        Step("Where it is right there is no bias, and what it gives is what there is.", _both(formulas)),
        Step("A context's row $v$ is the positive with probability $\\rho$, in the softmax $\\pi = e^{\\cos(u, v)/\\tau}/(Z + e^{\\cos(u,"
             " v)/\\tau})$, the other candidates together having $Z$:", _context(formulas), concludes=True, case=ROWS),
        Step("Before anything is learned $\\pi = 1/(N+1)$ everywhere, and specificity, a spread of $\\rho$ about the same mean, counts for"
             " nothing.", _untrained(formulas), concludes=True, case=ROWS),
        Step("Where the model is right, spread cools, whatever the number of negatives.", _fitted(formulas), concludes=True,
             case=ROWS),
    )  # fmt: skip


def _inner_products(formulas: Formulas) -> Witness:
    return Witness("logits that grow with the word's norm", statement(formulas, Norm(u)))


def _spread_own(formulas: Formulas) -> Witness:
    """Another own context, elsewhere: the word is pulled towards the one and away from the other."""
    other = direction("v_x")
    masses = {OWN: MASS[OWN], COMMON: MASS[COMMON], other: sp.exp(Cosine(u, other) / tau)}
    total = sp.Add(*masses.values())
    measured = Norm(u) ** 2 * squared_norm(Calculus(u, tuple(masses)).gradient(sp.log(total) - LOGITS[OWN]))
    claimed = formulas["own_heat"].subs({APART: formulas["apart"], MODEL: 1 - masses[COMMON] / total}, simultaneous=True)
    pull = masses[COMMON] / total * (unit(COMMON) - unit(OWN)) + masses[other] / total * (unit(other) - unit(OWN))
    instead = Equal(measured, squared_norm(tangential(u, pull)) / tau**2, HEAT)
    return Witness(r"one more own context, in a direction of its own, $\hat v_x$", Equal(measured, claimed, HEAT), instead=instead)


def _always(formulas: Formulas) -> Witness:
    """A word whose positive never changes has no dispersion, whatever the mixture over words."""
    goal = Equal(formulas["own_heat"], _total(formulas), "G_u")
    alone = formulas["bias"].subs(TRUE, sp.S.One)
    return Witness("a positive that is always an own context", goal, instead=Equal(formulas["own_heat"], alone, "G_u"))


def _uniform(formulas: Formulas) -> Witness:
    start = 1 / (NEGATIVES + 1)
    found = averaged(formulas["context_heat"].subs(GUESS, start))
    instead = Equal(found, formulas["fitted_context_heat"].subs(SPREAD, sp.S.Zero), r"\mathbb E\,G_v")
    return Witness("a softmax that knows nothing: spread does not cool", _fitted(formulas, start), instead=instead)


def _often_negative(formulas: Formulas) -> Witness:
    """Then the context is the positive in a smaller share of its appearances."""
    goal = _fitted(formulas, mean=1 / (2 * NEGATIVES + 1))
    instead = Equal(goal.left, (2 * NEGATIVES / (2 * NEGATIVES + 1) ** 2 - SPREAD) * SINE / tau**2, goal.name)
    return Witness("a context drawn twice as often among the negatives as among the positives", goal, instead=instead)


CLAIM = Claim(
    id="bias-and-dispersion-compete",
    chapter="imprint",
    label="C11a",
    title="Own contexts warm a word while the model gives them less than half, then cool it; a context they only cool",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("cosine-infonce", r"InfoNCE on cosines over $\tau$, any number of candidates", witness=_inner_products),
        Hypothesis("two-directions", r"own contexts have one direction $\hat v_o$, all others one $\hat v_c$ (for the word)",
                   witness=_spread_own),
        Hypothesis("positives-drawn-anew", "the positive is drawn anew at every visit, an own context with probability $a$",
                   witness=_always),
        Hypothesis("model-is-right", r"for the last formula: the softmax gives every candidate its true probability, $\pi = \rho$",
                   witness=_uniform),
        Hypothesis("unigram-negatives", "for the last two formulas: the $N$ negatives come as often as they are positives, so that the mean"
                   r" of $\rho$ over the appearances of a context is $1/(N+1)$; its cosine with the words is the same",
                   witness=_often_negative),
    ),
    letters={
        "K": Letter("number of own contexts among the candidates", COUNT), "M": Letter("number of the other candidates", COUNT),
        "N": Letter("number of negatives", COUNT), "a": Letter("probability that the positive is an own context", PROBABILITY),
        "A": Letter("softmax probability of own contexts", PROBABILITY), "rho": Letter("probability that $v$ is the positive", PROBABILITY),
        "pi": Letter("softmax probability of $v$", PROBABILITY),
        "D": Letter(r"$\lVert P_u(\hat v_o - \hat v_c)\rVert^2$", Interval(sp.S.Zero, sp.Integer(4))),
        "S": Letter(r"$1 - \cos^2(u, v)$", PROBABILITY),
        "V": Letter(r"variance of $\rho$", Interval(sp.S.Zero, NEGATIVES / (NEGATIVES + 1) ** 2)),
        "Z": "what the other candidates add to the softmax's sum", r"\delta": "$a - A$", "G_u": "gradient energy of the word",
        "G_v": "gradient energy of the context", "v": "a context among the candidates",
    },
    steps=steps,
    evidence="gradients of words and contexts among candidates of two kinds, to rounding; a corpus whose candidate sets are enumerated",
    provenance=Provenance.DERIVED,
    derived_from=("resemblance-cools-words-not-contexts", "heat-is-dispersion"),
    remark="How the heats of C11 come about with any number of negatives, and why the signs of the two tables differ: a word between two"
    " kinds of contexts is the hotter the more evenly it is torn, and early on the hotter the more it has to learn; a context's row is"
    " pulled by words only, and the more the words agree, the less.",
)
