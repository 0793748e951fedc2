"""C2. Heat is dispersion: ``G = |E g~|^2 + tr Cov g~``; a batch of B independent draws leaves a B-th of the covariance."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import AtLeast, Combination, Equal, Goal, Length, Termwise
from theory.letters import SEVERAL, Letter
from theory.notation import n
from theory.vectors import Family, Norm, Vector, family_sum, inner, squared_norm

MEAN, SPREAD = sp.Symbol("M", nonnegative=True), sp.Symbol("T", nonnegative=True)  # |E g|^2 and tr Cov g
SIZE = sp.Symbol("B", positive=True)  # of a batch
FORMULAS = {
    "heat": MEAN + SPREAD,  # E|g|^2
    "batch_heat": MEAN + SPREAD / SIZE,  # of the mean over a batch
    "stationary_heat": SPREAD / SIZE,  # where the mean gradient vanishes
}
DRAWS = Family("g", n)  # the gradients that may be drawn, equally likely
J, K = DRAWS.index, sp.Symbol("i", integer=True, positive=True)


def gradient(index: sp.Expr) -> Vector:
    """One of them."""
    member = DRAWS.member(index)
    return Vector({member: Norm(member)}, {})


def mean(body: sp.Expr, index: sp.Symbol = J) -> sp.Expr:
    """The mean over a draw."""
    return sp.Sum(body, (index, 1, n)) / n


CENTRE = family_sum(DRAWS, Norm(DRAWS.member(J)) / n)  # the mean gradient
SQUARES = mean(squared_norm(gradient(J)))
DEVIATION = gradient(J) - CENTRE
SPREAD_OF_DRAWS = mean(squared_norm(DEVIATION))
PAIRS = mean(mean(inner(gradient(K), gradient(J))), K)  # of two independent draws


def _known(formula: sp.Expr) -> sp.Expr:
    return formula.subs({MEAN: squared_norm(CENTRE), SPREAD: SPREAD_OF_DRAWS}, simultaneous=True)


def _not_negative() -> Goal:
    reason = Combination(((1 / n, Termwise(((J, n),), sp.S.One, Combination(((Length(DEVIATION),),)))),))
    return AtLeast(SPREAD_OF_DRAWS, sp.S.Zero, reason, name=r"\operatorname{tr}\operatorname{Cov} g")


BATCH = r"\mathbb{E}\lVert \bar g\rVert^2"


def batch(formulas: Formulas, pair: sp.Expr, over: sp.Expr = SIZE) -> Equal:
    """B squares and B (B - 1) pairs, for the mean inner product of a ``pair``, of a sum divided by ``over``."""
    left = (SIZE * SQUARES + SIZE * (SIZE - 1) * pair) / over**2
    return Equal(left, _known(formulas["batch_heat"]), BATCH)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The square; the pair; the batch; the stationary direction."""
    still = formulas["batch_heat"].subs(MEAN, sp.S.Zero)
    return (
        Step("The mean square is the square $M = \\lVert\\mathbb{E}g\\rVert^2$ of the mean and the mean squared deviation $T$.",
             Equal(SQUARES, _known(formulas["heat"]),
                   r"\mathbb{E}\lVert g\rVert^2 = \operatorname{tr}\operatorname{Cov} g + \lVert\mathbb{E} g\rVert^2"), concludes=True),
        Step("which is not negative.", _not_negative()),
        Step("Two independent draws have the mean inner product",
             Equal(PAIRS, squared_norm(CENTRE), r"\mathbb{E}\langle g, g'\rangle = \lVert\mathbb{E}g\rVert^2")),
        Step("A batch has $B$ squares and $B(B-1)$ such pairs.", batch(formulas, PAIRS), concludes=True),
        Step("At a stationary direction, $\\mathbb{E}g = 0$, the covariance over $B$ is left:",
             Equal(still, formulas["stationary_heat"], BATCH + r"\big|_{\mathbb{E} g = 0}"), concludes=True),
    )  # fmt: skip


def _repeated(formulas: Formulas) -> Witness:
    """One draw, B times over: every pair is a square."""
    goal = batch(formulas, SQUARES)
    whole = Equal(goal.left, _known(formulas["heat"]), goal.name)
    return Witness("the same draw B times", goal, instead=whole)


def _summed(formulas: Formulas) -> Witness:
    """The sum over the batch."""
    goal = batch(formulas, PAIRS, over=sp.S.One)
    more = Equal(goal.left, SIZE**2 * _known(formulas["batch_heat"]), goal.name)
    return Witness("a loss summed over the batch", goal, instead=more)


def _moving(formulas: Formulas) -> Witness:
    """A mean gradient of length 1."""
    left = formulas["batch_heat"].subs(MEAN, sp.S.One)
    goal = Equal(left, formulas["stationary_heat"], BATCH)
    return Witness("a direction that still turns: the mean gradient has length 1", goal, instead=Equal(left, 1 + goal.right, goal.name))


CLAIM = Claim(
    id="heat-is-dispersion",
    chapter="imprint",
    label="C2",
    title="Heat is dispersion, and a batch averages it out",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("independent-draws", "the $B$ gradients of a batch are drawn independently, from one distribution", witness=_repeated),
        Hypothesis("mean-over-batch", "the loss is the mean over the batch", witness=_summed),
        Hypothesis("stationary-direction", r"$\mathbb{E} g = 0$ (for the last line)", witness=_moving),
    ),
    letters={
        "B": Letter("batch size", SEVERAL), "M": "squared length of the mean gradient", "T": "trace of the gradients' covariance",
        "n": "number of gradients that may be drawn", "g": r"gradient of one draw, at $\hat u$",
        "g_j": "the gradients that may be drawn, all as likely", r"\bar g": "mean of a batch's gradients",
    },
    steps=steps,
    evidence="InfoNCE gradients of von Mises-Fisher positives: heat, and that of batches of 1 to 32 draws, in intervals",
    provenance=Provenance.DERIVED,
    remark="The distribution is one of any number of equally likely gradients; every other is a limit of such.",
)
