"""A3. The Hessian of a scale-invariant loss is homogeneous of degree -2, and maps ``u`` to minus the gradient."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import ASLANT, perpendicular, scale_invariant_loss
from theory.kernel import All, Equal, Goal, Tends
from theory.losses import Loss, cosine_regression, infonce, unspecified
from theory.notation import c, t, u, v, w
from theory.vectors import Norm, Vector, cosine, equal_vectors, inner, multiple, unit, vector

FORMULAS = {
    "factor": c**-2,  # H(c u) = factor * H(u)
    "image_factor": sp.S.NegativeOne,  # H u = image_factor * grad L
    "radial_curvature": sp.S.Zero,  # u' H u
}


def scaling(formulas: Formulas, loss: Loss) -> Goal:
    """The Hessian at ``c u`` against that at ``u``, applied to an arbitrary vector ``w``."""
    here = loss.calculus.hessian_times(loss.value, vector(w))
    there = here.map(lambda e: loss.calculus.scaled(e, c))
    return equal_vectors(there, formulas["factor"] * here, r"H(cu)\,w", multiple(formulas["factor"], r"H(u)\,w"))


def image(formulas: Formulas, loss: Loss) -> Goal:
    """What the Hessian makes of the embedding itself."""
    gradient = loss.calculus.gradient(loss.value)
    factor = formulas["image_factor"]
    image_of_u = loss.calculus.hessian_times(loss.value, vector(u))
    return equal_vectors(image_of_u, factor * gradient, "Hu", multiple(factor, r"\nabla L"))


def curvature(formulas: Formulas, loss: Loss) -> Goal:
    """The curvature of the loss along the ray."""
    value = inner(vector(u), loss.calculus.hessian_times(loss.value, vector(u)))
    return Equal(value, formulas["radial_curvature"], r"u^\top H u")


def statement(formulas: Formulas, loss: Loss) -> Goal:
    """All three."""
    return All((scaling(formulas, loss), image(formulas, loss), curvature(formulas, loss)))


def _ray_part(formulas: Formulas) -> sp.Expr:
    """``u^' H u^``."""
    return formulas["radial_curvature"] / Norm(u) ** 2


def kinked_curvature(formulas: Formulas) -> sp.Expr:
    """``w' H(c u) w`` along ``w = u^ + v^`` for a loss that has at ``u`` no gradient and ``v^' H v^ = 2/r^2``.

    By the claim the curvature along the ray, and ``v^' H u^`` as no gradient is, add nothing to that.
    """
    return formulas["factor"] * (_ray_part(formulas) + 2 / Norm(u) ** 2)


def _one_derivative_only(formulas: Formulas) -> Witness:
    """``L = cos |cos|`` has a continuous gradient, 0 where the cosine vanishes, and no Hessian there.

    Ahead it is ``cos^2``; a Hessian has the same second differences ahead and behind.
    """

    def second_difference(way: Vector, curvature: sp.Expr, sign: str) -> Goal:
        side = cosine(c * vector(u) + t * way, unit(v))
        name = rf"\frac{{2}}{{t^2}} L(cu {sign} t(\hat u + \hat v))"
        return Tends(2 * side * sp.sqrt(side**2) / t**2, t, curvature, at_zero=True, name=name)

    behind, claimed = (-1) * ASLANT, kinked_curvature(formulas)
    words = r"$L(u) = \cos(u, v)\,\lvert\cos(u, v)\rvert$ at c u orthogonal to v: the Hessian that fits ahead has the wrong sign behind"
    instead = All((second_difference(ASLANT, claimed, "+"), second_difference(behind, -claimed, "-")))
    return Witness(words, second_difference(behind, claimed, "-"), perpendicular(u, v), instead)


def _negative_scale(formulas: Formulas) -> Witness:
    loss, minus = cosine_regression.LOSS, sp.S.NegativeOne
    here = loss.calculus.hessian_times(loss.value, vector(w))
    there = loss.calculus.at_multiple(here, minus)
    goal = equal_vectors(there, formulas["factor"].subs(c, minus) * here, r"H(-u)\,w", r"H(u)\,w")
    instead = equal_vectors(there, (-1) * here, r"H(-u)\,w", r"-H(u)\,w")
    return Witness("c = -1 for cosine regression: the Hessian at -u is the opposite of that at u", goal, instead=instead)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Differentiate the gradient once more, along ``w`` and along ``u``."""
    loss = unspecified.LOSS
    return (
        Step("Along an arbitrary $w$: two factors $1/r$, everything else lives on the sphere.", scaling(formulas, loss), concludes=True),
        Step("Along $u$ itself the direction stays and the gradient shrinks as $1/r$.", image(formulas, loss), concludes=True),
        Step("Hence no curvature along the ray.", curvature(formulas, loss), concludes=True),
        Step("Cosine regression.", statement(formulas, cosine_regression.LOSS)),
        Step("InfoNCE: the image of $u$.", image(formulas, infonce.LOSS)),
    )  # fmt: skip


CLAIM = Claim(
    id="hessian-scales-inversely-squared",
    chapter="geometry",
    label="A3",
    title="The Hessian scales as the inverse square of the norm and sends the embedding to minus its gradient",
    formulas=FORMULAS,
    hypotheses=(
        scale_invariant_loss(lambda f, loss: image(f, loss)),
        Hypothesis("twice-differentiable", r"$L$ is twice differentiable at every $u \ne 0$", witness=_one_derivative_only),
        Hypothesis("positive-scale", "$c > 0$", witness=_negative_scale),
    ),
    letters={"H": "Hessian of the loss, without an argument at $u$", "w": "any vector"},
    steps=steps,
    evidence="Hessian-vector products at u and c u, and along u, to rounding",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("euler", "Euler's theorem on homogeneous functions"),),
    derived_from=("gradient-scales-inversely",),
)
