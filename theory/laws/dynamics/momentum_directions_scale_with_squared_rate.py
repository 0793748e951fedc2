"""B11c. SGD, heavy ball and Nesterov: ``(u_0, eta, lambda) -> (c u_0, c^2 eta, lambda/c^2)`` leaves every direction as it was."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import MEMORY, SOME_DECAY, scale_invariant_loss, tangential_gradient
from theory.kernel import All, Domain, Goal, Same
from theory.losses import Loss, cosine_regression, infonce, unspecified
from theory.notation import c, eta, lam, u
from theory.optimizers import heavy_ball, nesterov, normalized_sgd, sgd_decoupled_decay
from theory.substance import ranges_within
from theory.vectors import Vector, direction, equal_vectors, multiple, vector

BETA = sp.Symbol("beta", real=True)  # momentum
MOMENTUM = vector(direction("m"))  # whatever earlier gradients left
FORMULAS = {  # factors under which a run has the same directions
    "embedding": c,
    "learning_rate": c**2,
    "weight_decay": c**-2,
    "gradient": 1 / c,
    "momentum": 1 / c,
}
Rule = Callable[..., tuple[Vector, Vector]]
RULES: tuple[tuple[str, Rule], ...] = (
    ("heavy ball, coupled decay", heavy_ball.coupled_step), ("heavy ball, decoupled decay", heavy_ball.decoupled_step),
    ("Nesterov, coupled decay", nesterov.coupled_step), ("Nesterov, decoupled decay", nesterov.decoupled_step),
)  # fmt: skip


def _gradients(formulas: Formulas, loss: Loss) -> tuple[Vector, Vector]:
    """At ``u`` and at its multiple."""
    here: Vector = loss.calculus.gradient(loss.value)
    return here, here.map(lambda e: loss.calculus.scaled(e, formulas["embedding"]))


def gradient_scales(formulas: Formulas, loss: Loss) -> Goal:
    """What the step stands on: the law of the gradient's degree."""
    here, there = _gradients(formulas, loss)
    return equal_vectors(there, formulas["gradient"] * here, r"\nabla L(cu)", multiple(formulas["gradient"], r"\nabla L(u)"))


def step_commutes(formulas: Formulas, loss: Loss, rule: Rule) -> Goal:
    """Scale the state and take a step, or take a step and scale the state: the same embedding and momentum."""
    here, there = _gradients(formulas, loss)
    rates = formulas["learning_rate"] * eta, BETA, formulas["weight_decay"] * lam
    moved, left = rule(vector(u), MOMENTUM, here, eta, BETA, lam)
    scaled, kept = rule(formulas["embedding"] * vector(u), formulas["momentum"] * MOMENTUM, there, *rates)
    return All((
        Same(scaled, formulas["embedding"] * moved, r"\tilde u_{k+1}", r"c\, u_{k+1}"),
        Same(kept, formulas["momentum"] * left, r"\tilde m_{k+1}", r"m_{k+1}/c"),
    ))  # fmt: skip


def without_memory(
    formulas: Formulas, step: Callable[..., Vector], here: Vector, there: Vector, name: str = r"\tilde u_{k+1}"
) -> Goal:
    """The same for a rule that remembers nothing, on these gradients at ``u`` and at its multiple."""
    moved = step(vector(u), here, eta, lam)
    scaled = step(formulas["embedding"] * vector(u), there, formulas["learning_rate"] * eta, formulas["weight_decay"] * lam)
    return equal_vectors(scaled, formulas["embedding"] * moved, name, r"c\, u_{k+1}")


def statement(formulas: Formulas, loss: Loss) -> Goal:
    """The step of SGD with decay."""
    return without_memory(formulas, sgd_decoupled_decay.step, *_gradients(formulas, loss))


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The gradient; SGD; one step of each rule from any state, which is the induction."""
    return (
        Step("Longer embeddings have proportionally smaller gradients.", gradient_scales(formulas, unspecified.LOSS)),
        Step("So a step of SGD with decay from $\\tilde u = cu$ at the rates $c^2\\eta$ and $\\lambda/c^2$ is $c$ times the step from $u$.",
             statement(formulas, unspecified.LOSS), concludes=True, case="SGD"),
        *(Step(f"So is one of {name}, from any state $(cu, m/c)$; a momentum of 0 is such a state, and so, by induction, are all.",
               step_commutes(formulas, unspecified.LOSS, rule), concludes=True, case=name) for name, rule in RULES),
        *(Step(f"For one, SGD's on {loss.title}.", statement(formulas, loss)) for loss in (cosine_regression.LOSS, infonce.LOSS)),
    )  # fmt: skip


def _normalised(formulas: Formulas) -> Witness:
    """Normalised steps scale with the rate itself: at the rate c eta the step would be the same."""
    here = tangential_gradient()
    goal, instead = (
        without_memory({**formulas, **rates}, normalized_sgd.step, here, formulas["gradient"] * here, name)
        for rates, name in (({}, r"\tilde u_{k+1}"), ({"learning_rate": c, "weight_decay": 1 / c}, r"\tilde u_{k+1}|_{c\eta,\,\lambda/c}"))
    )
    inside = Domain(ranges=ranges_within(goal, RANGES))
    return Witness("normalised steps, at the rate c^2 eta", goal, inside, instead)


def _negative_scale(formulas: Formulas) -> Witness:
    """At ``-u`` the gradient of cosine regression is the same, so that its steps are no mirror image."""
    loss, minus = cosine_regression.LOSS, sp.S.NegativeOne
    here: Vector = loss.calculus.gradient(loss.value)
    there = loss.calculus.at_multiple(here, minus)
    turned_factors = {name: factor.subs(c, minus) for name, factor in formulas.items()}
    goal = without_memory(turned_factors, sgd_decoupled_decay.step, here, there)
    turned = equal_vectors(there, here, r"\nabla L(-u)", r"\nabla L(u)")
    return Witness("c = -1 for cosine regression: the gradient at -u is that at u, not its opposite", goal,
                   Domain(ranges=ranges_within(goal, RANGES)), turned)  # fmt: skip


RANGES = {BETA: MEMORY, lam: SOME_DECAY}
CLAIM = Claim(
    id="momentum-directions-scale-with-squared-rate",
    chapter="dynamics",
    label="B11c",
    title="SGD with momentum: the directions depend on the norm only through the learning rate over its square",
    formulas=FORMULAS,
    hypotheses=(
        scale_invariant_loss(statement, ranges=RANGES),
        Hypothesis("linear-rule", r"the step is linear in gradients and momentum (SGD, heavy ball or Nesterov, decay coupled or decoupled),"
                   r" $0 \le \beta < 1$ and $0 \le \eta\lambda < 1$", Domain(ranges=RANGES), _normalised),
        Hypothesis("positive-scale", "$c > 0$", witness=_negative_scale),
    ),
    letters={
        "m_{k+1}": "momentum after a step", r"\tilde u_{k+1}": r"embedding after a step from $cu$ at the rates $c^2\eta$ and $\lambda/c^2$",
        r"\tilde m_{k+1}": "momentum after that step, from $m/c$",
    },
    steps=steps,
    evidence="noisy runs on both losses, scaled by powers of two: every embedding bit by bit; by other factors: a step, to rounding",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("li2020", "Li, Arora, An exponential learning rate schedule for deep learning", "for SGD with momentum"),
                Reference("vanlaarhoven2017", "van Laarhoven, L2 regularization versus batch and weight normalization", "for SGD"),),
    derived_from=("gradient-scales-inversely",),
    remark="The initial norm is no hyperparameter of its own: r_0 only sets eta/r_0^2, and with decay lambda r_0^2. In the unit in which"
    " r_0 = 1 the norms of two such runs are the same, so is all that they mean. Projected rules (SGDP, Riemannian SGD) scale alike;"
    " clipping does if its threshold is divided by c.",
)  # fmt: skip
