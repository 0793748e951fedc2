"""B11d. Adam, Lion, sign and normalised steps: ``(u_0, eta, lambda) -> (c u_0, c eta, lambda/c)`` leaves every direction as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import MEMORY, SOME_DECAY, scale_invariant_loss, tangential_gradient
from theory.kernel import All, Domain, Equal, Goal, Interval
from theory.laws.dynamics.momentum_directions_scale_with_squared_rate import gradient_scales, without_memory
from theory.letters import Letter, exactly
from theory.losses import Loss, unspecified
from theory.notation import c, eta, lam
from theory.optimizers import adagrad_norm, normalized_sgd, wngrad
from theory.optimizers.adam_by_coordinate import Settings, State, coupled_step, step
from theory.optimizers.lion_by_coordinate import mixed
from theory.optimizers.lion_by_coordinate import step as sign_step
from theory.typeset import latex
from theory.vectors import Vector

X, M, GI = sp.symbols("u_i m_i g_i", real=True)  # one coordinate of embedding, first moment, gradient
V, SIZE = sp.symbols("v_i y", positive=True)  # its second moment; the size of something that is not 0
BETA1 = sp.Symbol("beta_1", real=True)
BETA2 = sp.Symbol("beta_2", positive=True)
W1, W2 = sp.symbols("w_1 w_2", positive=True)  # bias corrections
EPSILON, B = sp.symbols("epsilon b", positive=True)
SIGNS = (SIZE, -SIZE)
FORMULAS = {  # factors under which a run has the same directions
    "embedding": c,
    "learning_rate": c,
    "weight_decay": 1 / c,
    "gradient": 1 / c,
    "first_moment": 1 / c,
    "second_moment": c**-2,
    "accumulator": 1 / c,
}
Rule = Callable[..., State]


def _rates(formulas: Formulas, decay: str = "weight_decay") -> tuple[sp.Expr, sp.Expr]:
    return formulas["learning_rate"] * eta, formulas[decay] * lam


def adam_commutes(
    formulas: Formulas, second: sp.Expr = V, gradient: sp.Expr = GI, rule: Rule = step, epsilon: sp.Expr = sp.S.Zero,
    scaled_epsilon: sp.Expr = sp.S.Zero,
) -> All:  # fmt: skip
    """Scale the state of a coordinate and take a step, or the other way round: the same embedding and moments."""
    betas, weights = (BETA1, BETA2), (W1, W2)
    after = rule(State(X, M, second), gradient, Settings(betas, weights, epsilon), eta, lam)
    before = State(formulas["embedding"] * X, formulas["first_moment"] * M, formulas["second_moment"] * second)
    scaled = rule(before, formulas["gradient"] * gradient, Settings(betas, weights, scaled_epsilon), *_rates(formulas))
    given = "" if gradient == GI else rf"\big|_{{g_i = {latex(gradient)}}}"
    names = (name + given for name in (r"\tilde u_i", r"\tilde m_i", r"\tilde v_i"))
    claimed = (formulas[name] * x for name, x in zip(("embedding", "first_moment", "second_moment"), after, strict=True))
    return All(tuple(Equal(x, y, name) for x, y, name in zip(scaled, claimed, names, strict=True)))


def _first_steps(formulas: Formulas) -> Goal:
    """From moments of 0, where the gradient is not."""
    return All(tuple(adam_commutes(formulas, sp.S.Zero, sign) for sign in SIGNS))


def momenta_commute(formulas: Formulas) -> Goal:
    """Momentum and mixture scale as the gradient."""
    momenta = Equal(mixed(formulas["first_moment"] * M, formulas["gradient"] * GI, BETA1), formulas["gradient"] * mixed(M, GI, BETA1),
                    r"\tilde x_i")  # fmt: skip
    kept = Equal(mixed(formulas["first_moment"] * M, formulas["gradient"] * GI, BETA2), formulas["first_moment"] * mixed(M, GI, BETA2),
                 r"\tilde m_i")  # fmt: skip
    return All((momenta, kept))


def signs_commute(formulas: Formulas, mixture: sp.Expr) -> Goal:
    """A factor does not change the sign of a mixture."""
    return Equal(sign_step(formulas["embedding"] * X, formulas["gradient"] * mixture, *_rates(formulas)),
                 formulas["embedding"] * sign_step(X, mixture, eta, lam), r"\tilde u_i")  # fmt: skip


def accumulators_commute(formulas: Formulas, rule: ModuleType) -> Goal:
    """AdaGrad-norm or WNGrad: ``b`` scales as the gradient, the step not at all."""
    here = tangential_gradient()
    there = formulas["gradient"] * here
    scaled_b = formulas["accumulator"] * B
    grown = Equal(rule.accumulated(scaled_b, there), formulas["accumulator"] * rule.accumulated(B, here), r"\tilde b_{k+1}")

    def at(x: Vector, gradient: Vector, *rates: sp.Expr) -> Vector:
        """The step from the accumulator that belongs to the gradient."""
        return rule.step(x, B if gradient is here else scaled_b, gradient, *rates)

    return All((grown, without_memory(formulas, at, here, there)))


SIGNED = "Lion and sign steps"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The gradient's degree; then each rule, one step from any state."""
    here = tangential_gradient()
    return (
        Step("Longer embeddings have proportionally smaller gradients, in every coordinate.", gradient_scales(formulas, unspecified.LOSS),
             concludes=True),
        Step("Adam with decoupled decay, a coordinate at a time, from any moments: the quotient of the moments does not scale,"
             " so the step is $c$ times the step.", adam_commutes(formulas), concludes=True,
             case="Adam, decoupled decay"),
        Step("Nor at a first gradient, of either sign and any size $y$. (A coordinate that never had one stands still in both"
             " runs.)", _first_steps(formulas)),
        Step("Lion and sign steps: momenta scale as the gradient,", momenta_commute(formulas), concludes=True, case=SIGNED),
        *(Step(f"and signs do not scale: where that of the mixture is {said},", signs_commute(formulas, x), concludes=True,
               case=f"{SIGNED}, the sign of the mixture $x_i$ {said}") for x, said in zip(SIGNS, ("positive", "negative"), strict=True)),
        Step("Normalised steps.", without_memory(formulas, normalized_sgd.step, here, formulas["gradient"] * here), concludes=True,
             case="normalised steps"),
        Step("AdaGrad-norm, if $b_0$ is divided by $c$,", accumulators_commute(formulas, adagrad_norm), concludes=True,
             case="AdaGrad-norm"),
        Step("and WNGrad. States of 0, or $b_0$, scale as they should; so, by induction, do all.", accumulators_commute(formulas, wngrad),
             concludes=True, case="WNGrad"),
    )  # fmt: skip


def _with_epsilon(formulas: Formulas) -> Witness:
    goal = adam_commutes(formulas, epsilon=EPSILON, scaled_epsilon=EPSILON)
    instead = adam_commutes(formulas, epsilon=EPSILON, scaled_epsilon=formulas["first_moment"] * EPSILON)
    return Witness("epsilon above 0; only if it is divided by c too", goal, Domain(ranges=RANGES), _moves(instead, r"\epsilon/c"))


def _coupled(formulas: Formulas) -> Witness:
    """L2 is part of the gradient and must scale as it does, where ``lambda u`` scales as ``c lambda``."""
    restored = {**formulas, "weight_decay": formulas["gradient"] / formulas["embedding"]}
    rest = SIZE - lam * X  # a gradient with which the sum of both is not 0
    goal, instead = (adam_commutes(f, gradient=rest, rule=coupled_step) for f in (formulas, restored))
    return Witness("L2 inside Adam; only at the decay lambda/c^2", goal, Domain(ranges=RANGES), _moves(instead, r"\lambda/c^2"))


def _moves(goal: All, at: str) -> Goal:
    """What the embedding does, said with the constant at which it does."""
    embedding = goal.goals[0]
    assert isinstance(embedding, Equal)
    return replace(embedding, name=rf"\tilde u_i\big|_{{{at}}}")


def statement(formulas: Formulas, loss: Loss) -> Goal:
    """On a loss, what the steps need of it."""
    return gradient_scales(formulas, loss)


RANGES = {BETA1: MEMORY, BETA2: Interval(sp.S.Zero, sp.S.One), lam: SOME_DECAY}
CLAIM = Claim(
    id="adaptive-directions-scale-with-rate",
    chapter="dynamics",
    label="B11d",
    title="Adam, Lion and normalised steps: the directions depend on the norm only through the learning rate over it",
    formulas=FORMULAS,
    hypotheses=(
        scale_invariant_loss(statement),
        Hypothesis("no-epsilon", r"$\epsilon = 0$ in Adam and RMSProp, and $0 \le \beta_1 < 1$, $0 < \beta_2 < 1$",
                   Domain(ranges={b: RANGES[b] for b in (BETA1, BETA2)}), _with_epsilon),
        Hypothesis("decoupled-decay", r"weight decay shrinks the embedding beside the rule, $0 \le \eta\lambda < 1$",
                   Domain(ranges={lam: RANGES[lam]}), _coupled),
    ),
    letters={
        "b": "accumulator before a step", "u_i": "coordinate of the embedding", "g_i": "coordinate of the gradient",
        "m_i": "coordinate of the first moment", "v_i": "coordinate of the second moment",
        "w_1": Letter(r"bias correction of the first moment, $1 - \beta_1^k$ at step $k$", exactly(1 - BETA1**2)),
        "w_2": Letter(r"bias correction of the second moment, $1 - \beta_2^k$ at step $k$", exactly(1 - BETA2**2)),  # shown at k = 2
        "y": "size of a gradient's coordinate",
        "n": "number of the items $v_j$", "x_i": r"mixture $\beta_1 m_i + (1-\beta_1) g_i$ whose sign is taken",
        r"\tilde u_i": r"coordinate after a step from $cu$ at the rates $c\eta$ and $\lambda/c$",
        r"\tilde m_i": "first moment after that step, from $m_i/c$", r"\tilde v_i": "second moment after that step, from $v_i/c^2$",
    },
    steps=steps,
    evidence="noisy runs on both losses, scaled by powers of two: every embedding bit by bit, for eight rules",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("wan2021", "Wan, Zhu, Zhang, Sun, Spherical motion dynamics: learning dynamics of normalized neural network",
                          "for the idea"),),
    derived_from=("gradient-scales-inversely",),
    remark="As for SGD (B11c), but with eta/r where SGD has eta/r^2: the norms' ratios, which carry the meaning, know nothing of the"
    " unit in which r_0 is given. Adam's epsilon is a length that undoes this; L2 inside Adam obeys it at lambda/c^2. AdaGrad-norm"
    " and WNGrad scale alike if b_0 does.",
)  # fmt: skip
