"""A5. Any loss of cosines: its gradient in one item is ``r_i^-1 sum_j dL/dc_ij (v^_j - c_ij u^_i)``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Provenance, Reference, Step
from theory.hypotheses import differentiable, scale_invariant_loss
from theory.kernel import All, Equal, Goal, substitute
from theory.losses import Loss, cosine_regression, infonce, unspecified
from theory.notation import candidates, n, positive_candidate, tau, u, v, w
from theory.typeset import latex
from theory.vectors import (
    Calculus,
    Cosine,
    Norm,
    Vector,
    cosine,
    equal_vectors,
    family_sum,
    inner,
    partial,
    squared_norm,
    tangential,
    unit,
    vector,
)

MEMBER = candidates.member(candidates.index)
C = Cosine(u, MEMBER)
EPSILON = sp.Symbol("epsilon", real=True)
FORMULAS = {"prefactor": 1 / Norm(u), "radial_weight": -C}


def slope_of(loss: Loss) -> sp.Expr:
    """``dL/dc_j`` for the generic member ``j`` of the family."""
    other = sp.Symbol("k", integer=True, positive=True)
    return substitute(partial(loss.value, Cosine(u, candidates.member(other))), {other: candidates.index})


SLOPE = slope_of(unspecified.LOSS)


def gradient(formulas: Formulas, slope: sp.Expr) -> Vector:
    """``prefactor * sum_j slope_j (v^_j + radial_weight_j u^)``."""
    pull = candidates.total(slope * formulas["radial_weight"])
    return formulas["prefactor"] * (family_sum(candidates, slope) + pull * unit(u))


def kinked_gradient(formulas: Formulas) -> Vector:
    """Of a loss of one cosine, that of ``u`` and ``v``, with slope 1 in it."""
    return formulas["prefactor"] * (unit(v) + formulas["radial_weight"].subs(C, Cosine(u, v)) * unit(u))


def shown(formulas: Formulas) -> str:
    """The right-hand side as on paper."""
    weight = latex(formulas["radial_weight"])
    sign = "" if weight.startswith("-") else "+"
    return rf"{latex(formulas['prefactor'])}\sum_{{j=1}}^{{n}} {latex(SLOPE)}\,(\hat v_j {sign} {weight}\,\hat u)"


def statement(formulas: Formulas, loss: Loss) -> Goal:
    """The whole gradient of a loss, in terms of its slopes in the cosines of a family."""
    alone = partial(loss.value, Cosine(u, positive_candidate))  # 0 where the loss has no candidate of its own
    pull = formulas["prefactor"] * tangential(u, unit(positive_candidate))
    goal = gradient(formulas, slope_of(loss)) + alone * pull
    return equal_vectors(loss.calculus.gradient(loss.value), goal, r"\nabla_u L", shown(formulas))


def _along(formulas: Formulas) -> Goal:
    """The chain rule through the definition of each cosine, along an arbitrary ``w``."""
    moved = cosine(vector(u) + EPSILON * vector(w), unit(MEMBER))
    chain = candidates.total(SLOPE * sp.diff(moved, EPSILON).subs(EPSILON, 0))
    name = r"\frac{d}{d\epsilon} L(u + \epsilon w)\big|_0"
    return Equal(chain, inner(gradient(formulas, SLOPE), vector(w)), name)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Chain rule from the definition; the whole gradient; tangency; two losses; both sides of a pair."""
    from_i, from_j = Calculus(u, (MEMBER,)).gradient(C), Calculus(MEMBER, (u,)).gradient(C)
    return (
        Step("Along an arbitrary $w$, each cosine moves as its definition says; the number of items is a symbol.", _along(formulas)),
        Step("So the gradient in $u$ is a weighted sum of projected directions.", statement(formulas, unspecified.LOSS), concludes=True),
        Step("It is tangential.", Equal(inner(vector(u), gradient(formulas, SLOPE)), sp.S.Zero, r"\langle u, \nabla_u L\rangle"),
             concludes=True),
        Step("Cosine regression, $\\partial_j L = -2/n$.",
             equal_vectors(cosine_regression.LOSS.calculus.gradient(cosine_regression.LOSS.value),
                           gradient(formulas, -2 / n), r"\nabla_u L", "")),
        Step("InfoNCE, its positive included.", statement(formulas, infonce.LOSS)),
        Step("The roles of the two items of a pair are the same: one pair pulls both with equal tangential force.",
             All((Equal(Norm(u) ** 2 * squared_norm(from_i), 1 - C**2, r"\lVert u\rVert^2\lVert\nabla_u\cos(u, v_j)\rVert^2"),
                  Equal(Norm(MEMBER) ** 2 * squared_norm(from_j), 1 - C**2,
                        r"\lVert v_j\rVert^2\lVert\nabla_{v_j}\cos(u, v_j)\rVert^2")))),
    )  # fmt: skip


CLAIM = Claim(
    id="loss-of-cosines-has-tangential-gradient",
    chapter="geometry",
    label="A5",
    title="Any loss of cosines, with any number of items, has a tangential gradient",
    formulas=FORMULAS,
    hypotheses=(
        scale_invariant_loss(statement, ", for $L$ depends on $u$ through the cosines $\\cos(u, v_j)$ only"),
        differentiable(kinked_gradient),
    ),
    letters={"n": "number of the items $v_j$"},
    steps=steps,
    evidence="gradients in anchor and candidates of each loss against the weighted sum of projected directions",
    provenance=Provenance.DERIVED,
    references=(Reference("zhang2020", "Zhang et al., Deep metric learning with spherical embedding", "eq. 4"),),
    derived_from=("cosine-gradient-is-projected-direction", "gradient-is-orthogonal"),
    remark=f"Temperature {tau} enters only through the slopes.",
)
