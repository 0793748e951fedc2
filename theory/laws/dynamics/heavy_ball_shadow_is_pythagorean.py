"""B8a. Heavy ball without decay: ``w_k = u_k - eta beta/(1-beta) m_{k-1}`` grows by ``s^2 (|g_k|^2 + 2 beta <m_{k-1}, g_k>)``."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import TANGENT, perpendicular
from theory.kernel import All, AtLeast, ByInduction, Domain, Equal, Goal
from theory.momentum import BETA, GRADIENT, MOMENTUM, OVERLAP, RANGE, before, overlap, shadow
from theory.notation import G, eta, r, u, v
from theory.optimizers import heavy_ball, nesterov
from theory.vectors import Norm, Vector, equal_vectors, squared_norm, vector

W, START = sp.Symbol("W", real=True), sp.Symbol("W_0", real=True)  # |w|^2, at the start
TOTAL = sp.Symbol("S", real=True)  # of |g_k|^2 + 2 beta <m_{k-1}, g_k> so far
SLACK = sp.Symbol("s", nonnegative=True)
FORMULAS = {
    "lag": eta * BETA / (1 - BETA),  # w = u - lag m
    "step": eta / (1 - BETA),  # w' = w - step g
    "term": G / r**2 + 2 * BETA * OVERLAP,  # |w'|^2 = |w|^2 + step^2 term
}
Stepped = tuple[Vector, Vector]
USUAL = heavy_ball.decoupled_step(vector(u), vector(MOMENTUM), GRADIENT, eta, BETA)


def _term(formulas: Formulas) -> sp.Expr:
    return formulas["term"].subs({r: Norm(u), OVERLAP: overlap()}, simultaneous=True)


def growth(formulas: Formulas, following: Stepped) -> Goal:
    """What a step adds to the squared length of the shadow."""
    after, here = squared_norm(shadow(*following, formulas["lag"])), squared_norm(before(formulas["lag"]))
    return Equal(after - here, formulas["step"] ** 2 * _term(formulas), r"\lVert w_{k+1}\rVert^2 - \lVert w_k\rVert^2")


def _whole_run(formulas: Formulas) -> Goal:
    """By induction over the steps, whatever energies and overlaps they have."""
    total = START + formulas["step"] ** 2 * TOTAL
    update = {W: W + formulas["step"] ** 2 * formulas["term"], TOTAL: TOTAL + formulas["term"]}
    return ByInduction(W - total, {W: START, TOTAL: sp.S.Zero}, update, (W, total + SLACK), SLACK, exact=True, name=r"\lVert w_K\rVert^2",
                       shown=r"\lVert w_K\rVert^2 = \lVert w_0\rVert^2 + \frac{\eta^2}{(1-\beta)^2}\sum_{k<K}"
                             r"\bigl(\lVert g_k\rVert^2 + 2\beta\langle m_{k-1}, g_k\rangle\bigr)")  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The shadow's step; Pythagoras with the overlap; the whole run."""
    moved = before(formulas["lag"]) - formulas["step"] * GRADIENT
    alone = (formulas["step"] ** 2 * formulas["term"]).subs(BETA, 0).subs(r, Norm(u))
    return (
        Step("The shadow moves by the gradient alone.",
             equal_vectors(shadow(*USUAL, formulas["lag"]), moved, "w_{k+1}", r"w_k - \frac{\eta}{1-\beta} g_k"), concludes=True),
        Step("The gradient is orthogonal to $u_k$, not to $w_k$: its overlap with the momentum is left.",
             growth(formulas, USUAL), concludes=True),
        Step("Summed over a run, with $W$ the shadow's squared norm, $W_0$ at the start, $S$ the sum so far, $r = \\lVert u_k\\rVert$ and"
             " $o = \\langle m_{k-1}, g_k\\rangle$.", _whole_run(formulas), concludes=True),
        Step("Without momentum the shadow is the embedding, and this is the right triangle of SGD.",
             All((Equal(formulas["lag"].subs(BETA, 0), sp.S.Zero, r"\frac{\eta\beta}{1-\beta}\Big|_{\beta=0}"),
                  Equal(alone, eta**2 * G / Norm(u) ** 2, r"\bigl(\lVert w_{k+1}\rVert^2 - \lVert w_k\rVert^2\bigr)\big|_{\beta=0}")))),
        Step("With it the shadow's step is never shorter.", AtLeast(formulas["step"], eta, name=r"\frac{\eta}{1-\beta}")),
    )  # fmt: skip


def _witness(words: str, following: Stepped, *angles: Domain) -> Callable[[Formulas], Witness]:
    domain = Domain({BETA: RANGE}, tuple(p for d in angles for p in d.orthogonal))
    return lambda formulas: Witness(words, growth(formulas, following), domain)


PERPENDICULAR = perpendicular(TANGENT, u)
_ARGUMENTS = (vector(u), vector(MOMENTUM), GRADIENT, eta, BETA)
_AHEAD = _witness("Nesterov's step, ahead of its momentum", nesterov.decoupled_step(*_ARGUMENTS), PERPENDICULAR)
_DECAYED = _witness("decoupled decay switched on",
                    heavy_ball.decoupled_step(*_ARGUMENTS, sp.Symbol("lambda", positive=True)), PERPENDICULAR)  # fmt: skip
CLAIM = Claim(
    id="heavy-ball-shadow-is-pythagorean",
    chapter="dynamics",
    label="B8a",
    title="Under heavy ball the embedding's shadow takes SGD's steps, and its overlap with the gradient is the momentum's",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that a gradient is orthogonal to where it is taken",
                   PERPENDICULAR, _witness("a gradient with a radial part, as inner products give", USUAL)),
        Hypothesis("gradient-at-current-point", r"$g_k$ is taken at $u_k$ itself (no delay, no look-ahead), so that $g_k \perp u_k$",
                   witness=_witness("a delayed gradient: tangential at an earlier point v", USUAL, perpendicular(TANGENT, v))),
        Hypothesis("no-weight-decay", r"no weight decay, of either kind", witness=_DECAYED),
        Hypothesis("heavy-ball", r"$m_k = \beta m_{k-1} + g_k$ without dampening, $u_{k+1} = u_k - \eta m_k$, $0 \le \beta < 1$;"
                   r" its shadow is $w_k = u_k - \eta\beta m_{k-1}/(1-\beta)$, with $m = m_{k-1}$", Domain({BETA: RANGE}), _AHEAD),
    ),
    letters={"K": "number of steps"},
    steps=steps,
    evidence="runs on both losses with new minibatches, momentum from 0 to 0.99: every step, and the whole run, to rounding",
    provenance=Provenance.RECONSTRUCTED,
    references=(
        Reference("polyak1964", "Polyak, Some methods of speeding up the convergence of iteration methods"),
        Reference("ghadimi2015", "Ghadimi, Feyzmahdavian, Johansson, Global convergence of the heavy-ball method for convex optimization",
                  "the averaged sequence in which heavy ball is a gradient step"),
    ),
    derived_from=("sgd-step-is-pythagorean",),
    remark="Exact along every noisy path. What it does to the meaning: gradients of one item that agree from step to step count"
    " more than their energy, so a long embedding may tell of steady gradients as well as of large ones.",
)  # fmt: skip
