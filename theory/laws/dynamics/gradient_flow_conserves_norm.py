"""B1. Gradient flow conserves the norm.

That a finite step of size ``eta`` drifts by ``eta G/r^2`` per unit of time is said for contrast, and is not part of
the statement: it is about what the hypothesis of infinitesimal steps excludes.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import TANGENT, perpendicular, tangential_gradient
from theory.kernel import Equal, Goal, Tends
from theory.losses import cosine_regression, dot_product_infonce, infonce
from theory.notation import G, eta, lam, r, u, w
from theory.optimizers import gradient_flow, sgd
from theory.typeset import latex
from theory.vectors import Calculus, Norm, Vector, inner, squared_norm, vector

FORMULAS = {
    "rate": sp.S.Zero,  # d r^2 / dt along the flow
    "drift": eta * G / r**2,  # for contrast: (r_{k+1}^2 - r_k^2) / eta of one SGD step
}
DECAY = sp.Symbol("lambda", positive=True)
GRADIENT = tangential_gradient()
NAME = r"\frac{d}{dt}\lVert u\rVert^2"


def rate(calculus: Calculus, velocity: Vector) -> sp.Expr:
    """Time derivative of the squared norm along a velocity."""
    return calculus.derivative(Norm(u) ** 2, velocity)


def statement(formulas: Formulas, velocity: Vector) -> Goal:
    """The squared norm's rate of change."""
    return Equal(rate(Calculus(u), velocity), formulas["rate"], NAME)


def _per_time() -> sp.Expr:
    return (squared_norm(sgd.step(vector(u), GRADIENT, eta)) - Norm(u) ** 2) / eta


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The flow; two losses; what a finite step adds, and that it vanishes with the step."""
    flows = [
        Equal(rate(loss.calculus, gradient_flow.velocity(loss.calculus.gradient(loss.value))), formulas["rate"], NAME)
        for loss in (cosine_regression.LOSS, infonce.LOSS)
    ]
    drift = formulas["drift"].subs(r, Norm(u))
    return (
        Step("Whatever the velocity $w = \\dot u$,",
             Equal(rate(Calculus(u, (w,)), vector(w)), 2 * inner(vector(u), vector(w)), NAME), free=True),
        Step("so along the flow $\\frac{d}{dt}\\lVert u\\rVert^2 = -2\\langle u, g\\rangle = 0$.",
             statement(formulas, gradient_flow.velocity(GRADIENT)), concludes=True),
        Step("Cosine regression, any number of targets.", flows[0]),
        Step("InfoNCE, any number of negatives.", flows[1]),
        Step("For contrast, outside of the hypotheses: one step of gradient descent, of size $\\eta$, moves the squared norm, per"
             " unit of time $\\eta$, by",
             Equal(_per_time(), drift, r"\frac{\lVert u_{k+1}\rVert^2 - \lVert u_k\rVert^2}{\eta}")),
        Step("which is of first order in $\\eta$ and vanishes with it.",
             Tends(_per_time(), eta, formulas["rate"], at_zero=True, name=r"\frac{\lVert u_{k+1}\rVert^2 - \lVert u_k\rVert^2}{\eta}")),
    )  # fmt: skip


def _inner_products(formulas: Formulas) -> Witness:
    loss = dot_product_infonce.LOSS
    velocity = gradient_flow.velocity(loss.calculus.gradient(loss.value))
    return Witness("gradient flow of InfoNCE on inner products", Equal(rate(loss.calculus, velocity), formulas["rate"]))


def _finite_steps(formulas: Formulas) -> Witness:
    words = "steps of finite size: gradient descent, per unit of time"
    return Witness(words, Equal(_per_time(), formulas["rate"]), perpendicular(TANGENT, u))


def _decay(formulas: Formulas) -> Witness:
    velocity = gradient_flow.velocity(GRADIENT) - DECAY * vector(u)
    instead = Equal(rate(Calculus(u), velocity), -2 * DECAY * Norm(u) ** 2, NAME)
    words = "a flow with weight decay, du/dt = -g - lambda u"
    return Witness(words, statement(formulas, velocity), perpendicular(TANGENT, u), instead)


CLAIM = Claim(
    id="gradient-flow-conserves-norm",
    chapter="dynamics",
    label="B1",
    title="Gradient flow conserves the norm",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that $g = \nabla_u L$ is orthogonal to $u$",
                   perpendicular(TANGENT, u), _inner_products),
        Hypothesis("continuous-time", r"$\dot u = -g$: steps are infinitesimal", witness=_finite_steps),
        Hypothesis("no-weight-decay", rf"no weight decay: $\dot u = -g - {latex(lam)} u$ with ${latex(lam)} = 0$", witness=_decay),
    ),
    steps=steps,
    evidence="flows by the midpoint rule, whose drift vanishes at its order; descent at fixed time: order, sum and limit of its drift",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("kunin2021", "Kunin et al., Neural mechanics: symmetry and broken conservation laws in deep learning dynamics"),),
    derived_from=("gradient-is-orthogonal",),
    remark="So whatever a lookup row's norm gains comes from finite steps or from noise. The heat of the Itô equation, which differs from"
    " that of steps, is the subject of B1b.",
)
