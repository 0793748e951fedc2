"""C11. Words and contexts both learn: a word's heat falls with the likeness of its positives to its negatives, a context's does not."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import AtLeast, Domain, Equal, Interval
from theory.letters import Letter, exactly, third_cosine
from theory.losses import infonce
from theory.losses.infonce import POSITIVE_PROBABILITY
from theory.notation import tau, u
from theory.vectors import Calculus, Cosine, Norm, direction, squared_norm

PLUS, MINUS = direction("v_+"), direction("v_-")  # the positive context and the negative one
MISS = sp.Symbol("m", positive=True)  # probability of the negative
CP, CM = sp.symbols("c_+ c_-", real=True)  # cosines of the word with both
LIKE = sp.Symbol("b", real=True)  # cosine of both contexts
APART = sp.Symbol("D", nonnegative=True)  # |P_u(v^_+ - v^_-)|^2
FORMULAS = {
    "word_heat": MISS**2 / tau**2 * (2 - 2 * LIKE - (CP - CM) ** 2),  # r^2 |g|^2 of the word's row
    "positive_heat": MISS**2 / tau**2 * (1 - CP**2),  # of the positive context's row
    "negative_heat": MISS**2 / tau**2 * (1 - CM**2),
    "resemblance": 2 * MISS**2 / tau**2 * (LIKE - CP * CM),  # by which the word's heat falls short of both contexts'
    "positive_slope": -2 * MISS**2 / tau**2 * (CP + (1 - MISS) * (1 - CP**2) / tau),  # of the positive's heat in c_+
    "exchange": (1 - MISS) * APART / tau + CP - CM,  # likeness lost that makes up for one unit of c_+ gained
    "opposite_ratio": sp.Integer(4),  # word's over positive's heat where the contexts are opposite
}
HEATS = {"word_heat": u, "positive_heat": PLUS, "negative_heat": MINUS}
LOGISTIC = 1 / (1 + sp.exp((CP - CM) / tau))


def loss(cosines: bool = True) -> sp.Expr:
    """InfoNCE with one negative, on cosines or on inner products."""
    size = sp.S.One if cosines else Norm(u)
    plus, minus = size * Cosine(u, PLUS) / tau, size * Cosine(u, MINUS) / tau
    return sp.log(sp.exp(plus) + sp.exp(minus)) - plus


def heat(of: sp.Basic, value: sp.Expr) -> sp.Expr:
    """``r^2 |grad|^2`` of one of the three rows."""
    others = tuple(d for d in (u, PLUS, MINUS) if d != of)
    return Norm(of) ** 2 * squared_norm(Calculus(of, others).gradient(value))


def at_vectors(e: sp.Expr) -> sp.Expr:
    """A formula at the three rows."""
    gram = {CP: Cosine(u, PLUS), CM: Cosine(u, MINUS), LIKE: Cosine(PLUS, MINUS)}
    return e.subs(MISS, LOGISTIC).subs(gram, simultaneous=True)


def statement(formulas: Formulas, name: str, measured: sp.Expr) -> Equal:
    """The heat of a row."""
    row = {"word_heat": "u", "positive_heat": "v_+", "negative_heat": "v_-"}[name]
    return Equal(measured, at_vectors(formulas[name]), rf"\lVert {row}\rVert^2\lVert\nabla_{{{row}}} L\rVert^2")


def slope(e: sp.Expr, by: sp.Symbol) -> sp.Expr:
    """Derivative with the probabilities following the cosines."""
    return sp.diff(e.subs(MISS, LOGISTIC), by)


ONE = "one negative"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Heats of all three rows; how they hang together; how they change; two extremes."""
    word, plus, minus = (formulas[name] for name in HEATS)
    apart = formulas["exchange"].subs(APART, 2 - 2 * LIKE - (CP - CM) ** 2)
    likeness = slope(word, LIKE)
    same, opposite = {CM: CP, LIKE: sp.S.One}, {CM: -CP, LIKE: sp.S.NegativeOne}
    return (
        *(Step(words, statement(formulas, name, heat(of, loss())), concludes=True, case=ONE) for words, (name, of) in zip(
            ("The word is pulled by the difference of its contexts,", "the positive by the word alone,", "and so is the negative."),
            HEATS.items(), strict=True)),
        Step("With any number of negatives the positive's heat is the same, $m = 1 - p_+$.",
             Equal(heat(PLUS, infonce.LOSS.value), at_vectors(plus.subs(MISS, 1 - POSITIVE_PROBABILITY)),
                   r"\lVert v_+\rVert^2\lVert\nabla_{v_+} L\rVert^2"), concludes=True, case="any number of negatives"),
        Step("So the word's heat is that of both contexts less their likeness around it.",
             Equal(plus + minus - word, formulas["resemblance"], "G_+ + G_- - G_u"), concludes=True, case=ONE),
        Step("Alignment cools the positive at the rate", Equal(slope(plus, CP), formulas["positive_slope"].subs(MISS, LOGISTIC),
             r"\frac{\partial G_+}{\partial c_+}"), concludes=True, case=ONE),
        Step("whenever $0 \\le c_+ < 1$.", AtLeast(-formulas["positive_slope"], sp.S.Zero, strict=True,
             name=r"-\frac{\partial G_+}{\partial c_+}"), concludes=True, case=ONE),
        Step("The word warms as its contexts lose their likeness,",
             AtLeast(-likeness, sp.S.Zero, strict=True, name=r"-\frac{\partial G_u}{\partial b}"), concludes=True, case=ONE),
        Step("and alignment cools it as so much likeness would, with $D = 2 - 2b - (c_+ - c_-)^2$:",
             Equal(slope(word, CP), likeness * apart.subs(MISS, LOGISTIC), r"\frac{\partial G_u}{\partial c_+}"), concludes=True,
             case=ONE),
        Step("never warming it, for an aligned pair.", AtLeast(-sp.diff(word, LIKE) * formulas["exchange"], sp.S.Zero,
             name=r"-\frac{\partial G_u}{\partial c_+}"), concludes=True, case=ONE),
        Step("A negative like the positive leaves the word cold and its contexts warm;",
             Equal(word.subs(same, simultaneous=True), sp.S.Zero, "G_u|_{v_-=v_+}"), concludes=True, case=ONE),
        Step("opposite contexts make the word the warmest.",
             Equal(word.subs(opposite, simultaneous=True), formulas["opposite_ratio"] * plus, "G_u|_{v_-=-v_+}"), concludes=True,
             case=ONE),
    )  # fmt: skip


def _inner_products(formulas: Formulas) -> Witness:
    """With ``u`` of any length in the logits: the positive is pulled by its length, too."""
    measured, longer = heat(PLUS, loss(cosines=False)), {tau: tau / Norm(u)}
    goal = statement(formulas, "positive_heat", measured)
    instead = Equal(measured, at_vectors(FORMULAS["positive_heat"].subs(MISS, LOGISTIC).subs(longer)), goal.name)
    return Witness("logits that grow with the word's norm", goal, instead=instead)


def _frozen(formulas: Formulas) -> Witness:
    """Rows that do not learn have no heat."""
    name = r"\lVert v_+\rVert^2\lVert\Delta v_+/\eta\rVert^2"
    goal = Equal(sp.S.Zero, at_vectors(formulas["positive_heat"]), name)
    return Witness("a context table that stands still", goal)


def _opposed(formulas: Formulas) -> Witness:
    """Then alignment first brings the positive to a right angle, where its pull is strongest."""
    behind = Domain(ranges={MISS: Interval(sp.S.Zero, sp.S.One), CP: Interval(sp.S.NegativeOne, sp.S.Zero)})
    return Witness("a positive behind the word", AtLeast(-formulas["positive_slope"], sp.S.Zero, strict=True), behind)


_RANGES = {
    MISS: Interval(sp.S.Zero, sp.S.One),
    CP: Interval(sp.S.Zero, sp.S.One, low_open=False),
    CM: Interval(sp.S.NegativeOne, CP, high_open=False),
}
CLAIM = Claim(
    id="resemblance-cools-words-not-contexts",
    chapter="imprint",
    label="C11",
    title="With both tables learning, at given directions, likeness of positives and negatives cools words and not contexts",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("cosine-infonce", r"InfoNCE on cosines over $\tau$, one negative a pair", witness=_inner_products),
        Hypothesis("both-tables-learn", "words and contexts are rows that both take their gradients", witness=_frozen),
        Hypothesis("aligned-pair", r"for the signs: $0 \le c_+ < 1$ and $-1 < c_- \le c_+$", Domain(ranges=_RANGES), _opposed),
    ),
    letters={
        "b": Letter(r"$\cos(v_+, v_-)$", third_cosine(CP, CM)), "c_+": r"$\cos(u, v_+)$", "c_-": r"$\cos(u, v_-)$",
        "D": Letter("$2 - 2b - (c_+ - c_-)^2$", exactly(2 - 2 * LIKE - (CP - CM) ** 2)),
        "G_u": "gradient energy of $u$", "G_+": "gradient energy of $v_+$", "G_-": "gradient energy of $v_-$",
        "m": Letter("softmax probability of the negative", exactly(LOGISTIC)), "n": "number of negatives", "v_-": "the negative",
    },
    steps=steps,
    evidence="gradients of all three rows, to rounding; slopes by differences over a ladder; two tables trained together: signs of the"
    " correlation of heat and specificity, with intervals of error rate 1e-9 and a fixed seed",
    provenance=Provenance.DERIVED,
    derived_from=("infonce-gradient-is-projected-residual", "loss-of-cosines-has-tangential-gradient"),
    remark="Proved: heats of the rows at given directions, with one negative, and how they change with these; C11a and C11b have any number"
    " of negatives and say how concentration and frequency decide. A row's growth is its heat summed (B2), so at equal frequency norms"
    " follow heats. Open: where training takes the directions of a given corpus. In simulation both signs occur. Where specific words"
    " share rare contexts and others keep to the frequent ones, which are the negatives, words warm and contexts cool with specificity;"
    " where specificity is of topics only, both cool. On one real text, under SGD (`normlaw imprint` with a text), norms fall with"
    " contextual specificity at equal frequency in both tables (rank correlation about $-0.40$ and $-0.52$), against an earlier"
    " observation for the word table. By C11b that is the far side of the turn, or directions that fit less well than it supposes:"
    " which, is not decided.",
)
