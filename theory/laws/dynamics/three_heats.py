"""B1b. Flow, Itô equation and SGD heat differently: ``0``, ``tr Sigma``, ``|g|^2 + tr Sigma``, in units of eta^2 a step."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import perpendicular
from theory.kernel import All, Domain, Equal, Goal, Tends
from theory.letters import COUNT, Letter
from theory.notation import eta, u
from theory.optimizers import gradient_flow, sgd, sgd_decoupled_decay
from theory.vectors import Calculus, Norm, Vector, direction, equal_vectors, inner, squared_norm, unit, vector

MEAN, NOISE = direction("g"), direction("xi")  # mean gradient, and its noise
PARTS = sp.Symbol("n", positive=True)  # increments in the time of a step
B, T = sp.Symbol("B", positive=True), sp.Symbol("T", positive=True)  # |mean gradient|^2, trace of the covariance
FORMULAS = {
    "flow": sp.S.Zero,  # growth of r^2 in the time eta of a step, over eta^2
    "ito": T,
    "sgd": B + T,
    "euler": B / PARTS + T,  # the Itô equation in n increments a step
}
GRADIENT = sp.sqrt(B) * unit(MEAN)
XI = sp.sqrt(T) * unit(NOISE)  # a noise and its opposite stand for any centred noise of this trace: squares see no more
SQUARE = Norm(u) ** 2
Stepped = Callable[[Vector], Vector]  # of the noise


def growth(step: Stepped) -> sp.Expr:
    """The mean of ``|u'|^2 - |u|^2`` over the noise and its opposite."""
    return (squared_norm(step(XI)) + squared_norm(step((-1) * XI))) / 2 - SQUARE


def noisy(noise: Vector) -> Vector:
    """A minibatch's gradient."""
    return GRADIENT + noise


def sgd_step(noise: Vector) -> Vector:
    """On a minibatch's gradient."""
    return sgd.step(vector(u), noisy(noise), eta)


def increment(noise: Vector) -> Vector:
    """Euler and Maruyama, n increments in the time of a step: ``dt = eta/n``, noise of variance ``eta dt``."""
    dt = eta / PARTS
    return vector(u) + dt * gradient_flow.velocity(GRADIENT) + sp.sqrt(eta * dt) * noise


def sgd_heat(formulas: Formulas, step: Stepped = sgd_step) -> Goal:
    """What a step of SGD adds."""
    return Equal(growth(step), eta**2 * formulas["sgd"], r"\mathbb E\lVert u_{k+1}\rVert^2 - \lVert u_k\rVert^2")


def _ito_drift(formulas: Formulas) -> Goal:
    """The generator on r^2: along the mean, and half the covariance times the Hessian; the noise itself does not move it."""
    calculus = Calculus(u, others=(MEAN, NOISE))
    along = calculus.derivative(SQUARE, gradient_flow.velocity(GRADIENT))
    spread = eta / 2 * inner(XI, calculus.hessian_times(SQUARE, XI))
    return All((Equal(along + spread, eta * formulas["ito"], r"\frac{d}{dt} \lVert u\rVert^2"),
                Equal(calculus.derivative(SQUARE, XI), sp.S.Zero, r"\langle\nabla \lVert u\rVert^2, \xi\rangle")))  # fmt: skip


def _flow(formulas: Formulas) -> Goal:
    calculus = Calculus(u, others=(MEAN,))
    along = calculus.derivative(SQUARE, gradient_flow.velocity(GRADIENT))
    return Equal(along, eta * formulas["flow"], r"\frac{d}{dt} \lVert u\rVert^2")


_GAINED = r"\bigl(\mathbb E\lVert u_{j+1}\rVert^2 - \lVert u_j\rVert^2\bigr)"  # in an increment


def _euler(formulas: Formulas) -> Goal:
    return Equal(PARTS * growth(increment), eta**2 * formulas["euler"], rf"n\,{_GAINED}")


def _one_increment(formulas: Formulas) -> Goal:
    once = increment((-1) * XI).map(lambda e: sp.sympify(e).subs(PARTS, 1))
    return All((equal_vectors(once, sgd_step(XI), r"u_{j+1}\big|_{n=1,\ -\xi}", "u_{k+1}"),
                Equal(formulas["euler"].subs(PARTS, 1), formulas["sgd"], rf"\frac{{1}}{{\eta^2}}\,{_GAINED}\Big|_{{n=1}}")))  # fmt: skip


EULER = "Euler's scheme for the equation of Itô, $n$ increments a step"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Flow; Itô's formula; SGD; the scheme that leads from one to the other; the full batch."""
    decomposed = (squared_norm(GRADIENT + XI) + squared_norm(GRADIENT - XI)) / 2
    return (
        Step("Along the flow the squared norm does not move.", _flow(formulas), concludes=True, case="the flow"),
        Step("Itô's formula: the noise heats by the trace of its covariance, and moves $\\lVert u\\rVert^2$ by this alone, being"
             " orthogonal to $u$.",
             _ito_drift(formulas), concludes=True, case="the equation of Itô"),
        Step("The mean square of a noisy gradient is that of its mean and its trace,",
             Equal(decomposed, B + T, r"\mathbb E\lVert\bar g + \xi\rVert^2")),
        Step("and all of it heats a step of SGD.", sgd_heat(formulas), concludes=True, case="a step of SGD"),
        Step("Euler's scheme for the Itô equation, in $n$ increments a step, heats in between;", _euler(formulas), concludes=True,
             case=EULER),
        Step("one increment is a step of SGD, the noise turned round,", _one_increment(formulas)),
        Step("and ever more of them the equation itself.",
             Tends(formulas["euler"], PARTS, formulas["ito"], name=rf"\lim_{{n\to\infty}} \frac{{n}}{{\eta^2}}\,{_GAINED}"),
             concludes=True, case=EULER),
        Step("A full batch tells them apart: without noise the equation is the flow, and SGD still heats by $\\lVert\\bar g\\rVert^2$.",
             All((Equal(formulas["ito"].subs(T, 0), formulas["flow"], r"\frac{1}{\eta}\,\frac{d}{dt} \lVert u\rVert^2\Big|_{T=0}"),
                  Equal(formulas["sgd"].subs(T, 0), B,
                        r"\frac{1}{\eta^2}\,\bigl(\mathbb E\lVert u_{k+1}\rVert^2 - \lVert u_k\rVert^2\bigr)\Big|_{T=0}"))),
             concludes=True, case="a full batch, by the equation of Itô and by a step of SGD"),
    )  # fmt: skip


ANGLES = Domain(orthogonal=(*perpendicular(MEAN, u).orthogonal, *perpendicular(NOISE, u).orthogonal))


def _radial(formulas: Formulas) -> Witness:
    return Witness("gradients with a radial part, as inner products give", sgd_heat(formulas))


def _off_centre(formulas: Formulas) -> Witness:
    """A noise that always points the same way."""
    biased = sgd_heat(formulas, lambda _: sgd_step(XI))
    claimed = eta**2 * (formulas["sgd"] + 2 * inner(GRADIENT, XI))
    shifted = Equal(growth(lambda _: sgd_step(XI)), claimed, r"\lVert u_{k+1}\rVert^2 - \lVert u_k\rVert^2")
    return Witness("a noise with a mean of its own", biased, ANGLES, shifted)


def _decayed(formulas: Formulas) -> Witness:
    rate = sp.Symbol("lambda", positive=True)
    step = sgd_heat(formulas, lambda xi: sgd_decoupled_decay.step(vector(u), noisy(xi), eta, rate))
    return Witness("decoupled decay switched on", step, ANGLES)


CLAIM = Claim(
    id="three-heats",
    chapter="dynamics",
    label="B1b",
    title="Flow, Itô equation and SGD heat differently, and a full batch tells them apart",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$ on every minibatch, so that $\bar g \perp u$ and $\xi \perp u$",
                   ANGLES, _radial),
        Hypothesis("centred-noise", r"$\mathbb E\xi = 0$: $\bar g$ is the mean over minibatches, $\operatorname{tr}\Sigma = "
                   r"\mathbb E\lVert\xi\rVert^2$", witness=_off_centre),
        Hypothesis("no-weight-decay", "no weight decay", witness=_decayed),
    ),
    letters={
        "B": r"$\lVert\bar g\rVert^2$", "T": r"trace of the noise's covariance, $\operatorname{tr}\Sigma$",
        "n": Letter("number of increments in the time of a step", COUNT), "t": r"time: a step takes $\eta$",
        "u_j": "embedding after $j$ increments",
    },
    steps=steps,
    evidence="cosine regression, one candidate a batch: a step of SGD averaged over all batches, to rounding; long runs of SGD, of the Itô"
    " equation in 1 to 12 increments a step, and of a full batch: means of independent runs within intervals of error rate 1e-9",
    provenance=Provenance.RECONSTRUCTED,
    references=(
        Reference("li2017", "Li, Tai, E, Stochastic modified equations and adaptive stochastic gradient algorithms"),
        Reference("mandt2017", "Mandt, Hoffman, Blei, Stochastic gradient descent as approximate Bayesian inference"),
    ),
    derived_from=("gradient-flow-conserves-norm", "sgd-step-is-pythagorean"),
    remark="The Itô equation to first order in eta; its own corrections of second order, which restore |g|^2, are no part of it. What"
    " it does to the meaning: a theory from the flow has no imprint, one from the Itô equation only that of dispersion; under SGD"
    " bias imprints, too.",
)  # fmt: skip
