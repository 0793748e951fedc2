"""D2. The score ``cos(q, d) |d|^b``: blind to the query's norm, between cosine (b = 0) and inner product (b = 1); below 0 it turns around.

Of two documents with positive cosines the one that is farther off wins from ``b = ln(c_1/c_2)/g`` on, if it is ``e^g`` times as long.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import AtLeast, Equal, Goal, Interval
from theory.letters import COSINE, PROBABILITY, Letter
from theory.notation import c, u, v
from theory.vectors import Cosine, Norm, Vector, cosine, inner, squared_norm, vector

B, S = sp.Symbol("b", real=True), sp.Symbol("ell", positive=True)  # the exponent; a length
COS = sp.Symbol("C", real=True)  # cos(q, d)
ONE, TWO = sp.Symbol("c_1", positive=True), sp.Symbol("c_2", positive=True)  # cosines of two documents
EXPONENT, GAP = sp.Symbol("b", positive=True), sp.Symbol("g", positive=True)  # b > 0; how much longer the second is, in logarithms
START = sp.Symbol("x", real=True)  # logarithm of the first one's norm
FORMULAS = {
    "score": COS * S**B,
    "query_scale": sp.S.One,  # what a query c times as long has of its scores
    "document_scale": c**B,  # what a document c times as long has of its score
    "growth": B * COS * S**B,  # of the score, as the logarithm of the norm grows
    "crossing": sp.log(ONE / TWO) / GAP,  # the b at which two documents are level
}


def score(formulas: Formulas, query: Vector, document: Vector, exponent: sp.Expr = B) -> sp.Expr:
    """At vectors."""
    length = sp.sqrt(squared_norm(document))
    return formulas["score"].subs({COS: cosine(query, document), S: length, B: exponent}, simultaneous=True)


def blind(formulas: Formulas, factor: sp.Expr = c) -> Equal:
    """A query ``factor`` times as long."""
    left = score(formulas, factor * vector(u), vector(v))
    return Equal(left, formulas["query_scale"] * score(formulas, vector(u), vector(v)), "s_b(cu, v)")


def scaled(formulas: Formulas, factor: sp.Expr = c) -> Equal:
    """A document ``factor`` times as long."""
    left = score(formulas, vector(u), factor * vector(v))
    return Equal(left, formulas["document_scale"] * score(formulas, vector(u), vector(v)), "s_b(u, cv)")


def ends(formulas: Formulas) -> tuple[Equal, Equal]:
    """At b = 0 and at b = 1."""
    at_zero, at_one = (score(formulas, vector(u), vector(v), exponent) for exponent in (sp.S.Zero, sp.S.One))
    return Equal(at_zero, Cosine(u, v), "s_0(u, v)"), Equal(Norm(u) * at_one, inner(vector(u), vector(v)), r"\lVert u\rVert s_1(u, v)")


def _growth(formulas: Formulas) -> Goal:
    return Equal(sp.diff(formulas["score"], S) * S, formulas["growth"], r"\frac{d s_b}{d\ln\lVert v\rVert}")


def longer_wins(formulas: Formulas, at: sp.Expr = ONE, exponent: sp.Expr = EXPONENT) -> AtLeast:
    """Growth of the score at a cosine above 0 and an exponent above 0."""
    left = formulas["growth"].subs({COS: at, B: exponent}, simultaneous=True)
    return AtLeast(left, sp.S.Zero, strict=True, name=r"\frac{d s_b}{d\ln\lVert v\rVert}")


def shorter_wins(formulas: Formulas) -> AtLeast:
    """At a cosine below 0 the score falls."""
    goal = longer_wins(formulas, -ONE)
    return AtLeast(-goal.left, sp.S.Zero, strict=True, name=f"-{goal.name}")


def lead(formulas: Formulas) -> Equal:
    """Of document 1 over document 2, in logarithms: it has the sign of what the exponent is short of the crossing."""
    one, two = (sp.log(cos) + B * length for cos, length in ((ONE, START), (TWO, START + GAP)))
    claimed = GAP * (formulas["crossing"] - B)
    return Equal(one - two, claimed, r"\ln\frac{s_b(u, v_1)}{s_b(u, v_2)}")


def level(formulas: Formulas) -> Equal:
    """The scores of both at the crossing."""
    one, two = (formulas["score"].subs({COS: cos, S: sp.exp(length), B: formulas["crossing"]}, simultaneous=True)
                for cos, length in ((ONE, START), (TWO, START + GAP)))  # fmt: skip
    return Equal(one, two, r"s_{b_*}(u, v_1)")


SCALED, SPECIAL = "a query or a document that is scaled", "exponents 0 and 1"
PAIR = "two documents, the second one longer by the factor $e^g$"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Query; document; both ends; growth; two documents."""
    return (
        Step("The query's norm does not matter.", blind(formulas), concludes=True, case=SCALED),
        Step("A document's does: a factor of it comes out as", scaled(formulas), concludes=True, case=SCALED),
        Step("With $b = 0$ it is the cosine.", ends(formulas)[0], concludes=True, case=SPECIAL),
        Step("With $b = 1$ the inner product, over the query's norm, which is the same for all documents.", ends(formulas)[1],
             concludes=True, case=SPECIAL),
        Step("A longer document has a score that grows by", _growth(formulas), concludes=True, case="a longer document"),
        Step("which, for $b > 0$, is above 0 where the cosine is,", longer_wins(formulas), concludes=True,
             case="a longer document at a cosine $C = c_1$ above 0"),
        Step("and below where it is below: there the order is reversed.", shorter_wins(formulas), concludes=True,
             case="a longer document at a cosine $C = -c_1$ below 0"),
        Step("Of two documents with cosines $c_1, c_2 > 0$, of lengths $e^x$ and $e^{x + g}$, the first leads by", lead(formulas),
             concludes=True, case=PAIR),
        Step("and at $b = b_*$, where that is 0, it has the score of the second.", level(formulas), concludes=True, case=PAIR),
    )  # fmt: skip


def _turned(formulas: Formulas) -> Witness:
    goal = blind(formulas, -c)
    return Witness("a query that is turned around", goal, instead=Equal(goal.left, -goal.right, goal.name))


def _plain(formulas: Formulas) -> Witness:
    """``<q, d> |d|^(b - 1)``: the cosine times the query's norm."""
    seen = Norm(u) * score(formulas, vector(u), vector(v))
    goal = Equal(c * seen, formulas["query_scale"] * seen, "s_b(cu, v)")
    return Witness("inner products with the query as it is", goal, instead=Equal(goal.left, c * goal.right, goal.name))


def _negative(formulas: Formulas) -> Witness:
    goal = longer_wins(formulas, -ONE)
    return Witness("a cosine below 0: the longer document falls behind", goal, instead=shorter_wins(formulas))


CLAIM = Claim(
    id="norm-exponent-score-is-blind-to-queries",
    chapter="calibration",
    label="D2",
    title="Ranking by a cosine times a power of the document's norm does not see the query's norm; below cosine 0 lengths count backwards",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("positive-scale", "$c > 0$", witness=_turned),
        Hypothesis("query-normalised", "the score has the cosine: the query's norm is divided out", witness=_plain),
        Hypothesis("positive-cosines", "$b > 0$, and for longer documents to win a cosine $C > 0$; $c_1, c_2 > 0$ (for the crossing)",
                   witness=_negative),
    ),
    letters={
        "c": "factor by which the query or the document is longer", "b": Letter("exponent of the document's norm", Interval(0, 2)),
        "s_b": r"score of the document $v$ for the query $u$: $s_b(u, v)$",
        "b_*": r"exponent at which both documents are level, $\ln(c_1/c_2)/g$", "C": Letter("cosine of query and document", COSINE),
        "c_1": Letter("cosine of the query with document 1", PROBABILITY), "v_1": "document 1",
        "c_2": Letter("cosine of the query with document 2", PROBABILITY), "v_2": "document 2",
        "ell": "length of the document", "x": "logarithm of document 1's length", "g": "logarithm of how many times as long document 2 is",
    },
    steps=steps,
    evidence="exact search: scores of scaled queries, at b = 0 and b = 1, of longer documents, at the crossing of two",
    provenance=Provenance.DERIVED,
    derived_from=(),
    remark="An index over unnormalised vectors ranks as b = 1. Whether that helps is a question to data.",
)  # fmt: skip
