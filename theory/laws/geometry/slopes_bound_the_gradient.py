"""A7a. A gradient is no longer than the pushes and pulls of its cosines: ``|u| |grad_u L| <= sum_j (push_j + pull_j)``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.hypotheses import perpendicular
from theory.kernel import All, AtLeast, Combination, Equal, Goal, Length, Termwise, finite, substitute
from theory.notation import candidates, n, u, v
from theory.typeset import latex
from theory.vectors import Cosine, Norm, Vector, equal_vectors, family_sum, inner, squared_norm, tangential, unit, vector

J, I = candidates.index, sp.Symbol("i", integer=True, positive=True)
PUSH = sp.Function("a", nonnegative=True)(J)
PULL = sp.Function("b", nonnegative=True)(J)
HALF = sp.Rational(1, 2)
FORMULAS = {
    "bound": candidates.total(PUSH + PULL),  # of |u| |grad_u L|
}


def gradient(slope: sp.Expr, radial: sp.Expr = sp.S.Zero) -> Vector:
    """``|u| grad_u L`` of a loss with these slopes (A5), and a radial part."""
    return tangential(u, family_sum(candidates, slope)) + radial * unit(u)


def _pull(index: sp.Expr) -> Vector:
    """``P_u v^_j``: the direction in which a cosine grows, no longer than 1."""
    return tangential(u, unit(candidates.member(index)))


def _at(e: sp.Expr, index: sp.Expr) -> sp.Expr:
    return substitute(e, {J: index})


def _gap(sign: int) -> Combination:
    """``1 + sign <P v_i, P v_j>``, as half of ``c_i^2 + c_j^2 + |P v_i + sign P v_j|^2``."""
    squares = [(HALF, Cosine(u, candidates.member(k)) ** 2) for k in (I, J)]
    return Combination((*squares, (HALF, Length(_pull(I) + sign * _pull(J)))))


def inequality(formulas: Formulas) -> Goal:
    """The squares, pair by pair: like pairs (two pushes, two pulls) with ``1 - <., .>``, unlike ones with ``1 + <., .>``."""
    like = PUSH * _at(PUSH, I) + PULL * _at(PULL, I)
    unlike = PUSH * _at(PULL, I) + PULL * _at(PUSH, I)
    sums = [(Termwise(((J, n), (I, n)), weight, _gap(sign)),) for weight, sign in ((like, -1), (unlike, 1))]
    name = rf"\Bigl({latex(formulas['bound'])}\Bigr)^2"
    return AtLeast(formulas["bound"] ** 2, squared_norm(gradient(PUSH - PULL)), Combination(tuple(sums)), name=name,
                   shown=r"\lVert u\rVert^2 \lVert g\rVert^2")  # fmt: skip


def _pair(slope: sp.Expr) -> Vector:
    return family_sum(candidates, slope) - candidates.total(slope * Cosine(u, candidates.member(J))) * unit(u)


def _attained(formulas: Formulas) -> Goal:
    """One partner, orthogonal to ``u``, that pulls or pushes: the bound is the length."""
    one = {n: sp.S.One}
    return All(tuple(
        Equal(finite(squared_norm(gradient(slope)), one).xreplace({Cosine(u, candidates.member(sp.S.One)): sp.S.Zero}),
              finite(formulas["bound"].subs(other, 0).doit(), one) ** 2, rf"\lVert u\rVert^2\lVert g\rVert^2|_{{{words}}}")
        for slope, other, words in ((PUSH, PULL, r"n=1,\ v_1 \perp u,\ b=0"), (-PULL, PUSH, r"n=1,\ v_1 \perp u,\ a=0"))
    ))  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The gradient; two directions; the inequality; where it is reached."""
    return (
        Step("By A5, $\\lVert u\\rVert\\,\\nabla_u L = \\sum_j (a_j - b_j) P_u\\hat v_j$ for slopes $\\partial L/\\partial c_j = a_j - b_j$.",
             equal_vectors(gradient(PUSH - PULL), _pair(PUSH - PULL), r"\sum_j (a_j - b_j) P_u \hat v_j")),
        Step("Two of the directions, and one against another, have an inner product of at most 1: sums of squares.",
             All(tuple(AtLeast(1 + sign * inner(_pull(I), _pull(J)), sp.S.Zero, _gap(sign), name=rf"1 {'+-'[sign < 0]} \langle p_i, p_j\rangle")
                       for sign in (1, -1)))),
        Step("Weighted and summed over all pairs.", inequality(formulas), concludes=True),
        Step("A single partner at a right angle reaches the bound.", _attained(formulas), concludes=True),
    )  # fmt: skip


def _radial_part(formulas: Formulas) -> Witness:
    """Inner products: the slope in ``<u, v>`` is 1, and nothing of ``v`` is projected away."""
    bound = finite(substitute(formulas["bound"], {PULL: sp.S.Zero, PUSH: Norm(u) * Norm(v)}), {n: sp.S.One})
    goal = AtLeast(bound**2, squared_norm(Norm(u) * (vector(v) + vector(u))), name="r^2 |g|^2")
    return Witness("a loss that grows with the norm, <u, v> + |u|^2/2: a radial part comes on top", goal, perpendicular(u, v))


def _shares(formulas: Formulas) -> Witness:
    """Slopes larger than what is summed: the sizes of the slopes halved."""
    bound = finite(substitute(formulas["bound"], {PULL: sp.S.Zero}), {n: sp.S.One})
    length = finite(squared_norm(gradient(2 * PUSH)), {n: sp.S.One})
    return Witness("slopes of twice the size that is summed", AtLeast(bound**2, length, name="bound^2"))


CLAIM = Claim(
    id="slopes-bound-the-gradient",
    chapter="geometry",
    label="A7a",
    title="The slopes in the cosines bound the gradient",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("loss-of-cosines", "$L$ depends on $u$ through the cosines $c_{uv_j}$ only", witness=_radial_part),
        Hypothesis("all-slopes-counted", r"$\partial L/\partial c_j = a_j - b_j$ with $a_j, b_j \ge 0$", witness=_shares),
    ),
    steps=steps,
    evidence="lengths of gradients of every loss in use against the sums of their slopes; a single orthogonal partner",
    provenance=Provenance.DERIVED,
    derived_from=("loss-of-cosines-has-tangential-gradient",),
)
