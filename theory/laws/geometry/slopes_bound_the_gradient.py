"""A7a. A gradient is no longer than the pushes and pulls of its cosines: ``|u| |grad_u L| <= sum_j (push_j + pull_j)``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import All, AtLeast, Combination, Equal, Goal, Length, Termwise, finite, substitute
from theory.notation import candidates, n, u
from theory.typeset import latex
from theory.vectors import Cosine, Vector, equal_vectors, family_sum, inner, squared_norm, tangential, unit

J, K = candidates.index, sp.Symbol("i", integer=True, positive=True)
PUSH = sp.Function("a", nonnegative=True)(J)
PULL = sp.Function("b", nonnegative=True)(J)
HALF = sp.Rational(1, 2)
RADIAL = sp.Symbol("R", positive=True)
FORMULAS = {
    "bound": candidates.total(PUSH + PULL),  # of |u| |grad_u L|
}


def gradient(slope: sp.Expr, *radial: sp.Expr) -> Vector:
    """``|u| grad_u L`` of a loss with these slopes (A5), and a radial part if there is one."""
    return tangential(u, family_sum(candidates, slope)) + sum(radial) * unit(u)


def _pull(index: sp.Expr) -> Vector:
    """``P_u v^_j``: the direction in which a cosine grows, no longer than 1."""
    return tangential(u, unit(candidates.member(index)))


def _at(e: sp.Expr, index: sp.Expr) -> sp.Expr:
    return substitute(e, {J: index})


def _gap(sign: int) -> Combination:
    """``1 + sign <P v_i, P v_j>``, as half of ``c_i^2 + c_j^2 + |P v_i + sign P v_j|^2``."""
    squares = [(HALF, Cosine(u, candidates.member(k)) ** 2) for k in (K, J)]
    return Combination((*squares, (HALF, Length(_pull(K) + sign * _pull(J)))))


def inequality(formulas: Formulas) -> Goal:
    """The squares, pair by pair: like pairs (two pushes, two pulls) with ``1 - <., .>``, unlike ones with ``1 + <., .>``."""
    like = PUSH * _at(PUSH, K) + PULL * _at(PULL, K)
    unlike = PUSH * _at(PULL, K) + PULL * _at(PUSH, K)
    sums = [(Termwise(((J, n), (K, n)), weight, _gap(sign)),) for weight, sign in ((like, -1), (unlike, 1))]
    name = rf"\Bigl({latex(formulas['bound'])}\Bigr)^2"
    return AtLeast(formulas["bound"] ** 2, squared_norm(gradient(PUSH - PULL)), Combination(tuple(sums)), name=name,
                   shown=r"\lVert u\rVert^2 \lVert g\rVert^2")  # fmt: skip


def _pair(slope: sp.Expr) -> Vector:
    return family_sum(candidates, slope) - candidates.total(slope * Cosine(u, candidates.member(J))) * unit(u)


def _one(e: sp.Expr) -> sp.Expr:
    """With a single partner, orthogonal to ``u``."""
    return finite(e, {n: sp.S.One}).xreplace({Cosine(u, candidates.member(sp.S.One)): sp.S.Zero})


def _alone(formulas: Formulas, absent: sp.Expr) -> sp.Expr:
    """The squared bound of that partner, which only pushes or only pulls."""
    return _one(formulas["bound"] ** 2).xreplace({_at(absent, sp.S.One): sp.S.Zero})


def _attained(formulas: Formulas) -> Goal:
    """The bound is the length there."""
    name = r"\lVert u\rVert^2\lVert g\rVert^2|_{n=1,\ v_1 \perp u"
    pushed = Equal(_one(squared_norm(gradient(PUSH))), _alone(formulas, PULL), rf"{name},\ b=0}}")
    pulled = Equal(_one(squared_norm(gradient(-PULL))), _alone(formulas, PUSH), rf"{name},\ a=0}}")
    return All((pushed, pulled))


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The gradient; two directions; the inequality; where it is reached."""
    return (
        Step("By A5, $\\lVert u\\rVert\\,\\nabla_u L = \\sum_j (a_j - b_j) P_u\\hat v_j$, the slope in $c_j$ being $a_j - b_j$.",
             equal_vectors(gradient(PUSH - PULL), _pair(PUSH - PULL), r"\sum_j (a_j - b_j) P_u \hat v_j")),
        Step("Two of the directions, $p_i$ and $p_j$, and one against another, have an inner product of at most 1: sums of squares.",
             All((AtLeast(1 + inner(_pull(K), _pull(J)), sp.S.Zero, _gap(1), name=r"1 + \langle p_i, p_j\rangle"),
                  AtLeast(1 - inner(_pull(K), _pull(J)), sp.S.Zero, _gap(-1), name=r"1 - \langle p_i, p_j\rangle")))),
        Step("Weighted and summed over all pairs.", inequality(formulas), concludes=True),
        Step("A single partner at a right angle reaches the bound.", _attained(formulas), concludes=True),
    )  # fmt: skip


def _radial_part(formulas: Formulas) -> Witness:
    """Beside one push, at a right angle, a radial part of size R."""
    length, bound = _one(squared_norm(gradient(PUSH, RADIAL))), _alone(formulas, PULL)
    instead = Equal(length - bound, RADIAL**2, r"\lVert u\rVert^2\lVert g\rVert^2 - a_1^2")
    words = "a loss that sees the norm: a radial part of size $R$ comes on top"
    return Witness(words, AtLeast(bound, length, name=r"a_1^2"), instead=instead)


def _shares(formulas: Formulas) -> Witness:
    """A second partner of the same direction that is left out of the sum: twice the length."""
    length, bound = _one(squared_norm(gradient(PUSH) + gradient(PUSH))), _alone(formulas, PULL)
    instead = Equal(length, bound + bound + bound + bound, r"\lVert u\rVert^2\lVert g\rVert^2")
    return Witness("two partners of one direction, of which one is counted", AtLeast(bound, length, name=r"a_1^2"), instead=instead)


CLAIM = Claim(
    id="slopes-bound-the-gradient",
    chapter="geometry",
    label="A7a",
    title="The slopes in the cosines bound the gradient",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("loss-of-cosines", "$L$ depends on $u$ through the cosines $\\cos(u, v_j)$ only", witness=_radial_part),
        Hypothesis("all-slopes-counted", r"$\partial L/\partial c_j = a_j - b_j$ with $a_j, b_j \ge 0$", witness=_shares),
    ),
    letters={"n": "number of the items $v_j$", "c_j": r"$\cos(u, v_j)$", "a_j": "push of $v_j$", "b_j": "pull of $v_j$"},
    steps=steps,
    evidence="lengths of gradients of every loss in use against the sums of their slopes; a single orthogonal partner",
    provenance=Provenance.DERIVED,
    derived_from=("loss-of-cosines-has-tangential-gradient",),
)
