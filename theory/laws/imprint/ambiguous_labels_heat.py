"""C4. Labels drawn anew from ``q``, which the softmax over class prototypes matches: heat is ``1 - |w|^2 - Var_q c`` over ``tau^2``.

Here ``w = sum_c q_c w^_c`` and ``c`` is the cosine with a prototype; for orthonormal prototypes ``|w|^2 = sum q_c^2``, so
that the heat is at most the Gini impurity of the labels over ``tau^2``.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import AtLeast, Combination, Domain, Equal, Goal, Interval, Termwise, substitute
from theory.letters import PROBABILITY, Letter, exactly
from theory.notation import n, tau, u
from theory.typeset import latex
from theory.vectors import Cosine, Family, Vector, direction, family_sum, inner, squared_norm, tangential, unit

FIRST, OTHERS = direction("w_0"), Family("w", n)  # prototypes: one, and any number of others
J, LABEL = OTHERS.index, sp.Symbol("y", integer=True, positive=True)
WEIGHT = sp.Function("a", positive=True)(J)  # q_c/q_0
OVERLAP, VARIANCE = sp.Symbol("S", nonnegative=True), sp.Symbol("V", nonnegative=True)  # |w|^2, Var_q of the cosines
IMPURITY = sp.Symbol("I", positive=True)  # 1 - sum q_c^2
FORMULAS = {
    "mean_gradient": sp.S.Zero,  # its length squared
    "heat": (1 - OVERLAP - VARIANCE) / tau**2,
    "bound": (1 - OVERLAP) / tau**2,
    "impurity_bound": IMPURITY / tau**2,  # for orthonormal prototypes
}


def share(odds: sp.Expr, of: sp.Expr) -> sp.Expr:
    """A probability from odds against the first class: ``of`` over the sum of all."""
    return of / (1 + OTHERS.total(odds))


Q0, Q = share(WEIGHT, sp.S.One), share(WEIGHT, WEIGHT)  # Q is a function of the family's index


def mean(first: sp.Expr, other: sp.Expr) -> sp.Expr:
    """Over labels drawn from q: of the first class, and of the class LABEL."""
    return Q0 * first + sp.Sum(substitute(Q, {J: LABEL}) * other, (LABEL, 1, n))


def centre(odds: sp.Expr = WEIGHT) -> Vector:
    """``w``, the mean prototype under the softmax."""
    return share(odds, sp.S.One) * unit(FIRST) + family_sum(OTHERS, share(odds, odds))


def residual(label: Vector, odds: sp.Expr = WEIGHT) -> Vector:
    """``P_u (w - w^_y)``: tau times the gradient on the unit sphere (A6) for a label."""
    return tangential(u, centre(odds) - label)


LABELS = (unit(FIRST), unit(OTHERS.member(LABEL)))
COSINES = tuple(Cosine(u, x) for x in (FIRST, OTHERS.member(LABEL)))


def variance() -> sp.Expr:
    """Of the cosine with the prototype of the label."""
    return mean(*(c**2 for c in COSINES)) - mean(*COSINES) ** 2


def _known(formula: sp.Expr) -> sp.Expr:
    return formula.subs({OVERLAP: squared_norm(centre()), VARIANCE: variance()}, simultaneous=True)


def heat(formulas: Formulas, odds: sp.Expr = WEIGHT) -> Equal:
    """The mean squared length over labels from q, where the softmax has ``odds``."""
    return Equal(mean(*(squared_norm(residual(x, odds)) for x in LABELS)) / tau**2, _known(formulas["heat"]), "G")


def _mean(formulas: Formulas) -> Goal:
    """Over the labels the residuals add up to 0: their mean has with every direction the inner product 0."""
    total = mean(*(inner(residual(x), unit(direction("x"))) for x in LABELS))
    return Equal(total, formulas["mean_gradient"], r"\mathbb{E}\langle\tau\tilde g, \hat x\rangle")


def _variance_positive() -> Goal:
    """``Var_q c`` is the sum over pairs of ``q_i q_j (c_i - c_j)^2``, every pair of others counted twice and halved."""
    i = sp.Symbol("i", integer=True, positive=True)
    a, b = (Cosine(u, OTHERS.member(k)) for k in (i, J))
    pairs = Termwise(((J, n), (i, n)), substitute(Q, {J: i}) * Q, Combination((((a - b) ** 2,),)))
    first = Termwise(((J, n),), Q0 * Q, Combination((((COSINES[0] - b) ** 2,),)))
    return AtLeast(variance(), sp.S.Zero, Combination(((sp.Rational(1, 2), pairs), (first,))), name=r"\mathrm{Var}_q c")


A, B, D = sp.symbols("q_1 q_2 q_3", positive=True)
BASIS = direction("e_1"), direction("e_2"), direction("e_3")
RIGHT_ANGLES = Domain(orthogonal=((BASIS[0], BASIS[1]), (BASIS[0], BASIS[2]), (BASIS[1], BASIS[2])))


def _pure() -> sp.Expr:
    return squared_norm(Vector(dict(zip(BASIS, (A, B, D), strict=True)), {}))


def orthonormal(formulas: Formulas) -> Equal:
    """The bound for three orthonormal prototypes: the impurity of their labels."""
    impurity = 1 - A**2 - B**2 - D**2
    return Equal(formulas["bound"].subs(OVERLAP, _pure()), formulas["impurity_bound"].subs(IMPURITY, impurity), latex(formulas["bound"]))


ANY, THREE = "any prototypes", "three orthonormal prototypes (of more, likewise)"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The gradient; its mean; the heat; the bound; orthonormal prototypes."""
    slack = Combination(((1 / tau**2, VARIANCE),))
    return (
        Step("The probabilities, $q_0 = 1/(1 + \\sum_j a_j)$ and $q_y = a_y q_0$ of a label $y$ from 1 to $n$, add up to 1.",
             Equal(mean(sp.S.One, sp.S.One), sp.S.One, r"\sum_c q_c")),
        Step("Labels from $q$ pull in no direction on average: all of the heat is covariance.", _mean(formulas), concludes=True, case=ANY),
        Step("The heat, over labels from $q$, is $(1 - S - V)/\\tau^2$ with $S = \\lVert w\\rVert^2$ and $V$ the variance over labels of"
             " $c = \\cos(u, w_y)$:", heat(formulas), concludes=True, case=ANY),
        Step("The variance is half of a sum of squares over pairs,", _variance_positive()),
        Step("so that without it there is a bound.",
             AtLeast(formulas["bound"], formulas["heat"], slack, name=latex(formulas["bound"]), shown="G"), concludes=True, case=ANY),
        Step("Orthonormal prototypes, here three, $\\hat e_1$, $\\hat e_2$ and $\\hat e_3$: $\\lVert w\\rVert^2 = \\sum_c q_c^2$, and the"
             " bound is the Gini impurity.", orthonormal(formulas), concludes=True, case=THREE),
    )  # fmt: skip


def _fixed(formulas: Formulas) -> Witness:
    """One label for ever: at a stationary direction its gradient is its mean, which is 0, and so is the heat."""
    goal = Equal(formulas["mean_gradient"], formulas["heat"], "G")
    return Witness("one fixed label: the gradient is the same at every visit, and at rest it is 0", goal)


def _unmatched(formulas: Formulas) -> Witness:
    """All odds of the softmax are 0."""
    return Witness("a softmax that is certain of the first class, whatever the labels are", heat(formulas, odds=sp.S.Zero))


def _oblique(formulas: Formulas) -> Witness:
    """Of three labels, whose probabilities add up to 1."""
    return Witness("prototypes at any angles", orthonormal(formulas))


CLAIM = Claim(
    id="ambiguous-labels-heat",
    chapter="imprint",
    label="C4",
    title="Ambiguous labels heat: at most the Gini impurity",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("labels-drawn-anew", "the label of an item is drawn anew from $q$ at every visit", witness=_fixed),
        Hypothesis("softmax-matches", r"$q_c \propto e^{\langle\hat u, \hat w_c\rangle/\tau}$: the softmax over the prototypes is $q$",
                   witness=_unmatched),
        Hypothesis("orthonormal", r"the prototypes $\hat w_c$ are orthonormal (for the impurity)", RIGHT_ANGLES, _oblique),
    ),
    letters={
        "q_1": Letter("probability of label 1", PROBABILITY), "q_2": Letter("probability of label 2", Interval(sp.S.Zero, 1 - A)),
        "q_3": Letter("probability of label 3", exactly(1 - A - B)),
        "S": Letter(r"$\lVert w\rVert^2$, $w = \sum_c q_c \hat w_c$", PROBABILITY),
        "V": Letter("variance of the cosine with the label's prototype", Interval(sp.S.Zero, 1 - OVERLAP)),
        "G": "heat: gradient energy in the mean over labels", "a_j": "odds, $q_j/q_0$, any above 0", "n": "number of labels beside label 0",
        r"\hat x": "any direction",
        "a": "odds of a label against the first", "w_0": "prototype of label 0, $w_j$ of label $j$",
    },
    steps=steps,
    evidence="cross-entropy over prototypes: every label's gradient weighted by q, and labels drawn anew, in intervals",
    provenance=Provenance.DERIVED,
    derived_from=("infonce-gradient-is-projected-residual", "heat-is-dispersion"),
    remark="For any prototypes, orthonormal or not, the heat is $(1 - \\lVert w\\rVert^2 - \\operatorname{Var}_q c)/\\tau^2$:"
    " an identity, of which the bound is a part."
    " That ambiguity lengthens is what C0 makes of it for a lookup row, whose drift is 0; in a shared encoder nothing follows.",
)
