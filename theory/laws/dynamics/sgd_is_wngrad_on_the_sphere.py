"""B11a. With ``b = r^2/eta`` SGD moves the direction as ``u^ - g~/b``, normalised, and ``b' = b + |g~|^2/b``: WNGrad's accumulator."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from theory.claims import Claim, Formulas, Provenance, Reference, Step
from theory.hypotheses import TANGENT, sgd_hypotheses, tangential_gradient
from theory.kernel import All, AtLeast, Equal, Goal, Same
from theory.losses import unspecified
from theory.notation import G, eta, r, u
from theory.optimizers import sgd, wngrad
from theory.vectors import Norm, Vector, equal_vectors, inner, squared_norm, unit, vector

B = sp.Symbol("b", positive=True)  # accumulator
NEXT = sp.Symbol("b'", positive=True)  # accumulator after the step
FORMULAS = {
    "accumulator": r**2 / eta,  # b
    "next_accumulator": B + G / B,
    "rate": 1 / B,  # of the step that is taken from the unit sphere before it is normalised
    "cos_rotation": sp.sqrt(B / NEXT),  # what normalising multiplies with
    "sphere_rate": 1 / sp.sqrt(B * NEXT),  # of the tangential part of the step along the sphere
}
GRADIENT = tangential_gradient()
ON_SPHERE = sp.sqrt(G) * unit(TANGENT)  # g~, of length sqrt(G)
FOLLOWING = sgd.step(vector(u), GRADIENT, eta)


def _inserted(formulas: Formulas, name: str) -> sp.Expr:
    """A formula in ``b`` and ``b'`` in terms of the norm."""
    b = formulas["accumulator"].subs(r, Norm(u))
    following = formulas["next_accumulator"].subs(B, b)
    return formulas[name].subs({B: b, NEXT: following}, simultaneous=True)


def statement(formulas: Formulas, following: Vector) -> Goal:
    """The accumulator after the step."""
    length = sp.sqrt(squared_norm(following))
    return Equal(formulas["accumulator"].subs(r, length), _inserted(formulas, "next_accumulator"), r"\lVert u_{k+1}\rVert^2/\eta")


def _is_wngrads(formulas: Formulas) -> Goal:
    """The same recursion as WNGrad's on the sphere."""
    grown = wngrad.accumulated(B, ON_SPHERE)
    return Equal(grown, formulas["next_accumulator"], "b_{k+1}")


def _direction(formulas: Formulas) -> Goal:
    """The direction after the step: a step from the unit sphere, normalised."""
    length = sp.sqrt(squared_norm(FOLLOWING))
    claimed = _inserted(formulas, "cos_rotation") * (unit(u) - _inserted(formulas, "rate") * ON_SPHERE)
    return Same((1 / length) * FOLLOWING, claimed, r"\hat u_{k+1}", r"\sqrt{b_k/b_{k+1}}\,(\hat u_k - \tilde g_k/b_k)")


def _parts(formulas: Formulas) -> Goal:
    """Its radial part is the cosine of the rotation, its tangential part ``-g~`` at a rate between old and new."""
    turned = (1 / sp.sqrt(squared_norm(FOLLOWING))) * FOLLOWING
    return All((
        Equal(inner(unit(u), turned), _inserted(formulas, "cos_rotation"), r"\cos\delta"),
        Equal(inner(unit(TANGENT), turned), -_inserted(formulas, "sphere_rate") * sp.sqrt(G), r"\langle\hat t, \hat u_{k+1}\rangle"),
    ))  # fmt: skip


def _mean_of_rates(formulas: Formulas) -> Goal:
    """The sphere's rate is the geometric mean of ``1/b`` before and after, the rates of the two forms of WNGrad."""
    old = formulas["rate"]
    return Equal(formulas["sphere_rate"] ** 2, old * old.subs(B, NEXT), r"\bigl(\langle\hat t, \hat u_{k+1}\rangle/\sqrt G\bigr)^2")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Degree of the gradient; Pythagoras over eta; the direction, whole and in parts."""
    loss = unspecified.LOSS
    here: Vector = loss.calculus.gradient(loss.value)
    there = here.map(lambda e: loss.calculus.scaled(e, 1 / Norm(u)))
    return (
        Step("$\\tilde g = \\lVert u\\rVert\\, g$ is the gradient at $\\hat u$ itself, a function of the direction alone.",
             equal_vectors(there, Norm(u) * here, r"\nabla L(\hat u)", r"\lVert u\rVert\,\nabla L(u)")),
        Step("Pythagoras, divided by $\\eta$, is the recursion of $b$,", statement(formulas, FOLLOWING), concludes=True),
        Step("which is WNGrad's for the gradients $\\tilde g_k$.", _is_wngrads(formulas), concludes=True),
        Step("The direction takes a step at the rate $1/b_k$ and is normalised. So $(\\hat u, b)$ is a system of its own: learning rate and"
             " initial norm enter by $b_0 = r_0^2/\\eta$ only.", _direction(formulas), concludes=True),
        Step("In parts:", _parts(formulas), concludes=True),
        Step("The rate along the sphere is the geometric mean of those of WNGrad with the old and with the new $b$,",
             _mean_of_rates(formulas), concludes=True),
        Step("and $b$ never falls.", AtLeast(formulas["next_accumulator"], B, name="b_{k+1}")),
    )  # fmt: skip


SCALE_INVARIANT, *OTHERS = sgd_hypotheses(statement)
CLAIM = Claim(
    id="sgd-is-wngrad-on-the-sphere",
    chapter="dynamics",
    label="B11a",
    title="SGD on a scale-invariant loss is WNGrad on the sphere, its accumulator the squared norm over the learning rate",
    formulas=FORMULAS,
    hypotheses=(replace(SCALE_INVARIANT, content=replace(SCALE_INVARIANT.content, invariant=("L",))), *OTHERS),
    letters={"b": r"accumulator, $\lVert u\rVert^2/\eta$", "b'": "accumulator after a step", "b_k": r"$\lVert u_k\rVert^2/\eta$"},
    steps=steps,
    evidence="noisy descent on both losses: accumulator, direction and its parts after every step, to rounding",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("wu2018", "Wu, Ward, Bottou, WNGrad: learn the learning rate in gradient descent", "section 1"),),
    derived_from=("sgd-step-is-pythagorean", "gradient-scales-inversely"),
    remark="That SGD is WNGrad holds of the accumulators exactly; the steps agree to second order: the direction moves"
    " at 1/sqrt(b_k b_{k+1}) along the sphere, WNGrad in the plane at 1/b_{k+1} (or 1/b_k, when it updates b after the step). So a norm is"
    " the accumulated squared gradient of its own row, and 1/b its adapted learning rate.",
)  # fmt: skip
