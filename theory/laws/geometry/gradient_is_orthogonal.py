"""A1. A loss is scale-invariant exactly if its gradient is orthogonal to the embedding."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Provenance, Reference, Step
from theory.hypotheses import differentiable, scale_invariant_loss
from theory.kernel import Equal, Goal, Solves
from theory.losses import Loss, cosine_regression, dot_product_infonce, infonce, unspecified
from theory.notation import c, candidates, positive_candidate, tau, u, v
from theory.vectors import Cosine, Jet, Norm, Vector, inner, unit, vector

ANY = unspecified.LOSS
RADIAL = Jet(sp.Symbol("L"), 1, 1)
RADIAL_THERE = Jet(sp.Symbol("L"), c, 1)  # at c u
VALUE, STATE = sp.symbols("L_1 L", real=True)  # of the loss at u, and along the ray
WAY = sp.Symbol("s", real=True)  # ln c: along the ray from u, where it is 0
FORMULAS = {
    "radial_gradient": sp.S.Zero,  # <u, grad L>
    "euler": Norm(u) * RADIAL,  # <u, grad L> whatever the loss
    "slope_along_ray": Norm(u) * RADIAL_THERE,  # d/dc L(c u)
}


def statement(formulas: Formulas, loss: Loss) -> Goal:
    """The radial part of a loss' gradient."""
    name = r"\langle u, \nabla_u L\rangle"
    return Equal(inner(vector(u), loss.calculus.gradient(loss.value)), formulas["radial_gradient"], name)


def kinked_gradient(formulas: Formulas) -> Vector:
    """Of a loss with slope 1 in the cosine with ``v``, at ``u`` orthogonal to ``v``: its radial part is the claim's."""
    return (1 / Norm(u)) * (formulas["radial_gradient"] * unit(u) + unit(v))


def _dot_product_defect() -> sp.Expr:
    """``sum over candidates of (probability - target) * logit`` for logits ``<u, v>/tau``."""
    member = candidates.member(candidates.index)
    logits = [Norm(u) * Norm(x) * Cosine(u, x) / tau for x in (positive_candidate, member)]
    weight = dot_product_infonce.PARTITION
    negatives = candidates.total(sp.exp(logits[1]) / weight * logits[1])
    return (sp.exp(logits[0]) / weight - 1) * logits[0] + negatives


INVARIANT, ANY_LOSS = "a scale-invariant loss", "any loss, along the ray through $u$"
CONVERSE = r"a loss whose gradient is orthogonal all along the ray, with $L_1 = L(u)$ and $c = e^s$"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Euler's identity in polar Gram coordinates, both directions, and the losses of this chapter."""
    gradient = ANY.calculus.gradient(ANY.value)
    at_cu = gradient.map(lambda e: ANY.calculus.scaled(e, c))
    defect = inner(vector(u), dot_product_infonce.LOSS.calculus.gradient(dot_product_infonce.LOSS.value))
    return (
        Step("In polar Gram coordinates only the radial derivative is left, for every loss and every dimension.",
             Equal(inner(vector(u), gradient), formulas["euler"], r"\langle u, \nabla_u L\rangle"), free=True),
        Step("A scale-invariant loss has none: the gradient is orthogonal.", statement(formulas, ANY), concludes=True,
             case=INVARIANT),
        Step("Conversely, along the ray $c \\mapsto L(cu)$ the slope is $\\langle u, \\nabla L(cu)\\rangle$: if that vanishes"
             " for all $c$, the loss is constant on rays.",
             Equal(inner(vector(u), at_cu), formulas["slope_along_ray"], r"\langle u, \nabla L(cu)\rangle"), concludes=True, free=True,
             case=ANY_LOSS),
        Step("and a function whose slope is 0 everywhere is its value anywhere, here $L_1 = L(u)$ at $c = e^s = 1$.",
             Solves(VALUE, STATE, WAY, formulas["radial_gradient"], VALUE, r"L(e^s u)"), concludes=True, free=True,
             case=CONVERSE),
        Step("Cosine regression, any number of targets.", statement(formulas, cosine_regression.LOSS)),
        Step("InfoNCE, any number of negatives.", statement(formulas, infonce.LOSS)),
        Step("For inner products the radial part is $\\sum_j (p_j - y_j)\\langle u, v_j\\rangle/\\tau$, not zero: the sum is over all"
             " candidates, $p_j$ is the softmax of $\\langle u, v_j\\rangle/\\tau$, and $y_j$ is 1 for"
             " the positive $v_+$ and 0 for the others.",
             Equal(defect, _dot_product_defect(), r"\langle u, \nabla_u L_{\mathrm{dot}}\rangle")),
    )  # fmt: skip


CLAIM = Claim(
    id="gradient-is-orthogonal",
    chapter="geometry",
    label="A1",
    title="A loss is scale-invariant exactly if its gradient is orthogonal to the embedding",
    formulas=FORMULAS,
    hypotheses=(
        scale_invariant_loss(statement, " (for the orthogonality; the converse is about any loss)"),
        differentiable(kinked_gradient),
    ),
    letters={"L": "the loss", "L_1": "$L(u)$", "s": r"$\ln c$"},
    steps=steps,
    evidence="the radial part of the gradient of each loss, against the rounding of its inner products",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("euler", "Euler's theorem on homogeneous functions"),),
    derived_from=("cosine-gradient-is-projected-direction",),
)
