"""B8c. With weight decay of either kind heavy ball's shadow takes SGD's decaying steps: ``w' = x w - eta x/(x - beta) g``."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import TANGENT, perpendicular
from theory.kernel import AtLeast, Domain, Equal, Goal, Interval, Tends
from theory.momentum import BETA, GRADIENT, MOMENTUM, OVERLAP, RANGE, before, overlap, shadow
from theory.notation import G, eta, lam, r, u, v
from theory.optimizers import heavy_ball, nesterov
from theory.vectors import Norm, Vector, equal_vectors, squared_norm, vector

X = sp.Symbol("x", real=True)  # what a step keeps of the shadow
SMALL = sp.Symbol("epsilon", positive=True)  # 1 - x
W = sp.Symbol("W", positive=True)  # |w|^2
S = sp.Symbol("s", positive=True)  # the shadow's step
FORMULAS = {
    "decoupled_factor": 1 - eta * lam,  # x, if decay shrinks the embedding beside the step
    "coupled_product": (1 - X) * (X - BETA) / X,  # eta lambda that gives x, if decay is part of the gradient
    "lag": eta * BETA / (X - BETA),  # w = u - lag m
    "step": eta * X / (X - BETA),  # w' = x w - step g
    "next_squared_norm": X**2 * W + S**2 * (G / r**2 + 2 * BETA * OVERLAP),
    "coupled_speed": 1 / (1 - BETA),  # (1 - x)/(eta lambda) as eta lambda -> 0, coupled
}
Stepped = tuple[Vector, Vector]
_ARGUMENTS = (vector(u), vector(MOMENTUM), GRADIENT, eta, BETA)


def coupled(formulas: Formulas) -> Stepped:
    """Heavy ball with the coupled decay that gives ``x``."""
    return heavy_ball.coupled_step(*_ARGUMENTS, formulas["coupled_product"] / eta)


def decoupled(_: Formulas) -> Stepped:
    """Heavy ball with the decoupled decay that gives ``x``."""
    return heavy_ball.decoupled_step(*_ARGUMENTS, (1 - X) / eta)


def _moves(formulas: Formulas, following: Stepped, kind: str) -> Goal:
    moved = X * before(formulas["lag"]) - formulas["step"] * GRADIENT
    name = rf"w_{{k+1}}^{{\text{{{kind}}}}}"
    return equal_vectors(shadow(*following, formulas["lag"]), moved, name, r"x w_k - \frac{\eta x}{x-\beta} g_k")


def length(formulas: Formulas, following: Stepped) -> Goal:
    """The squared length of the shadow after a step, less what decay leaves of it."""
    here = {W: squared_norm(before(formulas["lag"])), OVERLAP: overlap(), r: Norm(u), S: formulas["step"]}
    following_square = formulas["next_squared_norm"]
    claimed, kept = (e.subs(here, simultaneous=True) for e in (following_square, following_square.subs(S, sp.S.Zero)))
    after = squared_norm(shadow(*following, formulas["lag"]))
    return Equal(after - kept, claimed - kept, r"\lVert w_{k+1}\rVert^2 - x^2 \lVert w_k\rVert^2")


def _keeps(formulas: Formulas) -> Goal:
    """The product that decoupled decay needs for ``x``, put into its factor, gives ``x``."""
    return Equal(formulas["decoupled_factor"].subs(lam, (1 - X) / eta), X, r"1 - \eta\lambda")


def _lags(formulas: Formulas) -> Goal:
    return AtLeast(formulas["lag"], sp.S.Zero)


DECOUPLED, COUPLED = "decoupled decay", "coupled decay"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Which decay gives ``x``; the shadow's step for both kinds; its length; how fast coupled decay acts."""
    small = formulas["coupled_product"].subs(X, 1 - SMALL)
    return (
        Step("Let $x$ be what a step keeps of the shadow. Decoupled decay keeps", _keeps(formulas)),
        Step("Decoupled: $w_k = u_k - \\eta\\beta m_{k-1}/(x-\\beta)$ takes a decaying step of SGD.",
             _moves(formulas, decoupled(formulas), "decoupled"), concludes=True, case=DECOUPLED),
        Step("Coupled: the same, if $\\eta\\lambda = (1-x)(x-\\beta)/x$.", _moves(formulas, coupled(formulas), "coupled"),
             concludes=True, case=COUPLED),
        Step("Its squared length follows, decoupled,", length(formulas, decoupled(formulas)), concludes=True, case=DECOUPLED),
        Step("and coupled.", length(formulas, coupled(formulas)), concludes=True, case=COUPLED),
        Step("In its range the shadow lags behind,", _lags(formulas), concludes=True, case=f"{DECOUPLED} and {COUPLED}"),
        Step("and coupled decay is a positive one, as $1 - x$ is.",
             AtLeast(formulas["coupled_product"], sp.S.Zero, strict=True, name=r"\eta\lambda")),
        Step("Coupled decay is accumulated like a gradient: as $\\eta\\lambda \\to 0$, with $\\epsilon = 1 - x$,",
             Tends(SMALL / small, SMALL, formulas["coupled_speed"], at_zero=True, name=r"\frac{1-x}{\eta\lambda}"), concludes=True,
             case=COUPLED),
    )  # fmt: skip


BOX = {BETA: RANGE, X: Interval(BETA, sp.S.One)}
PERPENDICULAR = perpendicular(TANGENT, u)


def _witness(words: str, following: Callable[[Formulas], Stepped], *angles: Domain) -> Callable[[Formulas], Witness]:
    domain = Domain(BOX, tuple(p for d in angles for p in d.orthogonal))
    return lambda formulas: Witness(words, length(formulas, following(formulas)), domain)


def _ahead(formulas: Formulas) -> Witness:
    """Nesterov's shadow lags by beta times as much, and takes another step."""
    following, lag = nesterov.decoupled_step(*_ARGUMENTS, (1 - X) / eta), BETA * formulas["lag"]
    step = eta * (X - BETA * (1 - X)) / (X - BETA)
    instead = equal_vectors(shadow(*following, lag), X * before(lag) - step * GRADIENT, "w_{k+1}")
    return Witness("Nesterov's step, ahead of its momentum", length(formulas, following), Domain(BOX, PERPENDICULAR.orthogonal), instead)


def _fast(formulas: Formulas) -> Witness:
    """Where momentum forgets more slowly than decay shrinks, the shadow runs ahead (and coupled decay would be negative)."""
    other = Domain({BETA: Interval(sp.S.Zero, sp.S.One), X: Interval(sp.S.Zero, BETA)})
    instead = AtLeast(-formulas["lag"], sp.S.Zero, strict=True)
    return Witness("0 < x < beta: the shadow is ahead", _lags(formulas), other, instead)


CLAIM = Claim(
    id="decaying-heavy-ball-shadows-sgd",
    chapter="dynamics",
    label="B8c",
    title="With weight decay of either kind the shadow of heavy ball takes SGD's decaying steps, one factor for both",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that a gradient is orthogonal to where it is taken",
                   PERPENDICULAR, _witness("a gradient with a radial part, as inner products give", coupled)),
        Hypothesis("gradient-at-current-point", r"$g_k$ is taken at $u_k$ itself (no delay, no look-ahead), so that $g_k \perp u_k$",
                   witness=_witness("a delayed gradient: tangential at an earlier point v, applied at u", coupled,
                                    perpendicular(TANGENT, v))),
        Hypothesis("heavy-ball", r"$m_k = \beta m_{k-1} + g_k\ (+\lambda u_k)$, $0 \le \beta < 1$, and the step is $-\eta m_k$"
                   r" (decoupled: $u_{k+1} = (1 - \eta\lambda)u_k - \eta m_k$)",
                   Domain({BETA: RANGE}), _ahead),
        Hypothesis("decay-slower-than-momentum", r"$\beta < x < 1$: decoupled $\eta\lambda < 1-\beta$,"
                   r" coupled $\eta\lambda \le (1-\sqrt\beta)^2$", Domain({X: BOX[X]}), _fast),
    ),
    letters={
        r"\epsilon": "$1 - x$",
        "x": r"decay factor of the shadow: $1 - \eta\lambda$ if decoupled, $\eta\lambda = (1-x)(x-\beta)/x$ if coupled", "m": "$m_{k-1}$",
        "w_k": r"shadow, $u_k - \frac{\eta\beta}{x-\beta} m_{k-1}$",
    },
    steps=steps,
    evidence="runs on both losses with either decay, to rounding; decay without gradients over a ladder of decays, for the limit",
    provenance=Provenance.DERIVED,
    references=(
        Reference("wan2021", "Wan, Zhu, Zhang, Sun, Spherical motion dynamics: learning dynamics of normalized neural network",
                  "equilibrium of SGD with momentum and coupled decay"),
    ),
    derived_from=("heavy-ball-shadow-is-pythagorean", "decay-equilibrium"),
    remark="Relaxation: |w|^2 forgets its start as x^2 a step (B8f). Above (1 - sqrt(beta))^2 coupled decay makes the embedding oscillate:"
    " no real x.",
)  # fmt: skip
