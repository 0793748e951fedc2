"""B11b. Constant ``(eta, lambda)`` has the directions of no decay with ``eta_k = eta (1 - eta lambda)^-(2k + 1)``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import SHARE, scale_invariant_loss
from theory.kernel import All, Domain, Equal, Goal, Interval, Same
from theory.losses import Loss, cosine_regression, unspecified
from theory.notation import candidates, eta, lam, n, r, u
from theory.optimizers import heavy_ball, sgd, sgd_decoupled_decay
from theory.vectors import Norm, Vector, direction, equal_vectors, family_sum, inner, squared_norm, tangential, unit, vector

Q = sp.Symbol("q", positive=True)  # decay factor of the norm
K = sp.Symbol("k", integer=True, nonnegative=True)  # number of the step, from 0
BETA = sp.Symbol("beta", positive=True)
FORMULAS = {
    "decay_factor": 1 - eta * lam,  # q
    "learning_rate": eta * Q ** (-(2 * K + 1)),  # eta_k
    "scale": Q**K,  # u_k = scale * w_k
    "effective_learning_rate": eta / (Q * r**2),  # of both, r the norm of the decaying embedding
}
DECAY = (1 - Q) / eta  # lambda


def _gradients(formulas: Formulas, loss: Loss) -> tuple[Vector, Vector]:
    """At ``w`` and at ``u``, its multiple."""
    here: Vector = loss.calculus.gradient(loss.value)
    return here, here.map(lambda e: loss.calculus.scaled(e, formulas["scale"]))


def statement(formulas: Formulas, loss: Loss) -> Goal:
    """If ``u_k`` is the multiple of ``w_k`` that the law says, so are both after a step."""
    here, there = _gradients(formulas, loss)
    scale = formulas["scale"]
    decayed = sgd_decoupled_decay.step(scale * vector(u), there, eta, DECAY)
    free = scale.subs(K, K + 1) * sgd.step(vector(u), here, formulas["learning_rate"])
    return Same(decayed, free, "u_{k+1}", "q^{k+1} w_{k+1}")


def _grows(formulas: Formulas) -> Goal:
    """The first rate, and what a step multiplies it by."""
    rate = formulas["learning_rate"]
    return All((Equal(rate.subs(K, 0), eta / Q, r"\eta_0"), Equal(rate.subs(K, K + 1) / rate, Q**-2, r"\eta_{k+1}/\eta_k")))


def _effective(formulas: Formulas) -> Goal:
    """``eta_k/|w|^2`` of the run without decay, by the norm of the other."""
    size = Norm(u) / formulas["scale"]
    effective = formulas["effective_learning_rate"].subs(r, Norm(u))
    return Equal(formulas["learning_rate"] / size**2, effective, r"\eta_k/\lVert w_k\rVert^2")


def _rotation(formulas: Formulas) -> Goal:
    """It is what turns the embedding: the squared tangent of the rotation over ``|g~|^2``."""
    loss = cosine_regression.LOSS
    here: Vector = loss.calculus.gradient(loss.value)
    after = sgd_decoupled_decay.step(vector(u), here, eta, DECAY)
    across, along = squared_norm(tangential(u, after)), squared_norm(after) - squared_norm(tangential(u, after))
    pulled = family_sum(candidates, 2 / n)  # minus the gradient, times |u|, before its radial part is taken away
    energy = squared_norm(pulled) - inner(unit(u), pulled) ** 2
    return Equal(across / along, formulas["effective_learning_rate"].subs(r, Norm(u)) ** 2 * energy, r"\tan^2\delta")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The start; one step, which is the induction; the effective rate."""
    here, there = _gradients(formulas, unspecified.LOSS)
    return (
        Step("The decay factor of the norm is $q$, with $\\lambda = (1-q)/\\eta$.",
             Equal(formulas["decay_factor"].subs(lam, DECAY), Q, r"1 - \eta\lambda")),
        Step("Both runs start at one embedding.", Equal(formulas["scale"].subs(K, 0), sp.S.One, r"\lVert u_0\rVert/\lVert w_0\rVert")),
        Step("At $u_k = q^k w_k$ the gradient is larger by $q^{-k}$. (Here and in the next two steps $u$ is $w_k$ behind the"
             " names.)", equal_vectors(formulas["scale"] * there, here, r"q^k\nabla L(u_k)",
                                                                                        r"\nabla L(w_k)")),
        Step("So a step with decay from $u_k = q^k w_k$ ends at $q^{k+1} w_{k+1}$, where $w$ takes a step without decay at the rate"
             " $\\eta_k$; by induction, all do.", statement(formulas, unspecified.LOSS), concludes=True),
        Step("For one, on cosine regression.", statement(formulas, cosine_regression.LOSS)),
        Step("That rate starts at $\\eta/q$ and grows exponentially: $\\eta_k = \\eta q^{-(2k+1)}$.", _grows(formulas), concludes=True),
        Step("Both have one effective learning rate,", _effective(formulas), concludes=True),
        Step("which is what turns the embedding: $\\tan\\delta = \\lVert\\tilde g\\rVert$ times it.", _rotation(formulas), concludes=True,
             case="cosine regression"),
    )  # fmt: skip


def _heavy_ball(formulas: Formulas) -> Witness:
    """The embeddings can be matched for one step, by ``q^k m``; the momenta then differ by a factor q."""
    here, there = _gradients(formulas, cosine_regression.LOSS)
    scale, m = formulas["scale"], vector(direction("m"))
    after, left = heavy_ball.decoupled_step(scale * vector(u), m, there, eta, BETA, DECAY)
    moved, kept = heavy_ball.decoupled_step(vector(u), scale * m, here, formulas["learning_rate"], BETA)
    following = scale.subs(K, K + 1)
    goal = All((Same(after, following * moved), Same(following * left, kept)))
    instead = Same(following * left, Q * kept, r"q^{k+1} m_{k+1}", r"q\,\tilde m_{k+1}")
    return Witness("heavy ball: its momentum $m$ and that of the run without decay, $\\tilde m$, belong to other learning"
                   " rates", goal, Domain(ranges={**RANGES, BETA: SHARE}), instead)


def _overshoot(formulas: Formulas) -> Witness:
    """With ``eta lambda = 2``, so q = -1, every other embedding of the decaying run is turned around, at k = 1."""
    loss, minus, at = cosine_regression.LOSS, sp.S.NegativeOne, sp.S.One
    here: Vector = loss.calculus.gradient(loss.value)
    there = loss.calculus.at_multiple(here, minus)
    scale, rate = (formulas[name].subs({Q: minus, K: at}) for name in ("scale", "learning_rate"))
    following = formulas["scale"].subs({Q: minus, K: at - minus})
    decayed = sgd_decoupled_decay.step(scale * vector(u), there, eta, DECAY.subs(Q, minus))
    goal = Same(decayed, following * sgd.step(vector(u), here, rate))
    instead = Same(decayed, following * sgd.step(vector(u), here, -rate))
    return Witness("eta lambda = 2 on cosine regression: the gradient at -u is that at u", goal, instead=instead)


RANGES = {Q: Interval(sp.S.Zero, sp.S.One)}
CLAIM = Claim(
    id="decay-is-a-growing-learning-rate",
    chapter="dynamics",
    label="B11b",
    title="Weight decay is an exponentially growing learning rate",
    formulas=FORMULAS,
    hypotheses=(
        scale_invariant_loss(statement, ranges=RANGES),
        Hypothesis("no-momentum", r"the step is $u_{k+1} = q u_k - \eta g_k$", witness=_heavy_ball),
        Hypothesis("decay-in-range", r"$0 < \eta\lambda < 1$, so $0 < q < 1$", Domain(ranges=RANGES), _overshoot),
    ),
    letters={
        "q": r"$1 - \eta\lambda$", "k": "number of steps", r"\eta_k": r"learning rate of the run without decay, $\eta q^{-(2k+1)}$",
        "w_k": "embedding of the run without decay", "n": "number of targets $v_j$, under cosine regression",
    },
    steps=steps,
    evidence="noisy runs on both losses with q a power of two against runs on the schedule: every embedding bit by bit; with any decay:"
    " a step at any k, and its rotation, to rounding",
    provenance=Provenance.CITED,
    references=(Reference("li2020", "Li, Arora, An exponential learning rate schedule for deep learning", "Theorem 2.1 without momentum"),),
    derived_from=("gradient-scales-inversely",),
    remark="So decay adds nothing to what the directions can do; it moves the record of the run out of the norm and into the clock. With"
    " momentum another schedule is needed (Li and Arora, Theorem 2.7). L2 regularisation is the same rule for SGD.",
)  # fmt: skip
