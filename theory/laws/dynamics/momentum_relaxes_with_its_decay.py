"""B8f. With momentum the norm relaxes as ``1 - c eta lambda`` a step: c = 4 if decay is decoupled, 4/(1-beta) if it is coupled."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.equilibria import KINDS, SAID, SMALL, rules
from theory.hypotheses import TANGENT, perpendicular
from theory.kernel import AtLeast, Domain, Equal, Goal, Interval, Tends
from theory.laws.dynamics.decay_equilibrium import FORMULAS as SGD
from theory.laws.dynamics.decay_equilibrium import RHO
from theory.laws.dynamics.heavy_ball_equilibrium import FORMULAS as HEAVY_BALL
from theory.laws.dynamics.heavy_ball_shadow_is_pythagorean import FORMULAS as SHADOW
from theory.laws.dynamics.nesterov_turns_more import FORMULAS as NESTEROV
from theory.moments import CROSS, HEAT, MOMENT, MULTIPLIER, SQUARE, Rule, characteristic, images
from theory.momentum import BETA, RANGE
from theory.notation import G, eta, lam, u
from theory.optimizers import heavy_ball, nesterov
from theory.typeset import slashed
from theory.vectors import Vector

ENERGY = sp.Symbol("q", positive=True)  # G/(eta lambda)
OVERLAP, SPEED = sp.Symbol("o", real=True), sp.Symbol("s", real=True)  # E<u, m>/(eta lambda), E|m|^2/(eta lambda)
FORMULAS = {
    "decoupled_rate": sp.Integer(4),  # c: a deviation of r^2 or r^4 is multiplied by 1 - c eta lambda
    "coupled_rate": 4 / (1 - BETA),
}
OPTIMIZERS: dict[str, tuple[Mapping[str, Rule], Mapping[str, sp.Expr], sp.Expr]] = {
    "heavy ball": (rules(heavy_ball), HEAVY_BALL, SHADOW["lag"]),
    "Nesterov": (rules(nesterov), NESTEROV, NESTEROV["lag"]),
}
USUAL = OPTIMIZERS["heavy ball"][0]["coupled"]
MODES = (sp.S.One, BETA, BETA**2)  # multipliers at eta lambda = 0, the roots of
UNMOVED = sp.prod([MULTIPLIER - mode for mode in MODES])
INVERSE = G / SQUARE  # the heat of an energy that does not know the norm


def polynomial(rule: Rule, fourth: sp.Expr, heat: sp.Expr = INVERSE, drift: sp.Expr = sp.S.Zero) -> sp.Expr:
    """The characteristic polynomial of small deviations of the moments, at ``eta lambda = epsilon``."""
    return characteristic(rule, fourth, sp.diff(heat, SQUARE), drift).subs(lam, SMALL / eta)


def slowest(of: sp.Expr, rate: sp.Expr) -> Goal:
    """To first order a polynomial vanishes at this multiplier, ``1 - rate epsilon``."""
    return Tends(of.subs(MULTIPLIER, 1 - rate * SMALL) / SMALL, SMALL, sp.S.Zero, at_zero=True,
                 name=rf"\frac{{p(1 - c\epsilon)}}{{\epsilon}}\Big|_{{c = {slashed(rate)}}}")  # fmt: skip


def _modes(of: sp.Expr) -> Goal:
    """A polynomial at ``epsilon = 0``."""
    return Equal(of.subs(SMALL, 0), UNMOVED, r"p(\mu)\big|_{\epsilon=0}")


def _from_anywhere(rule: Rule, lag: sp.Expr, limit: sp.Expr, rate: sp.Expr) -> Goal:
    """The velocity of ``z = |w|^4`` in time ``epsilon k``, at any norm, momenta being as small as they are once they have settled."""
    grown = images(rule)[0] - SQUARE - 2 * lag * (images(rule)[1] - CROSS) + lag**2 * (images(rule)[2] - MOMENT)
    velocity = sp.expand(2 * SQUARE * grown.subs(HEAT, INVERSE)) / SMALL
    small = {of: SMALL * size for of, size in ((G, ENERGY), (CROSS, OVERLAP), (MOMENT, SPEED), (lam, 1 / eta))}
    return Tends(velocity.subs(small, simultaneous=True), SMALL, (rate * (limit - SQUARE**2)).subs(small), at_zero=True,
                 name=r"\frac{2A}{\epsilon}\,(\mathbb E\lVert w'\rVert^2 - \mathbb E\lVert w\rVert^2)")  # fmt: skip


def _derivation(formulas: Formulas, name: str, kind: str) -> tuple[Step, ...]:
    rule, of, lag = OPTIMIZERS[name]
    rate, found = formulas[f"{kind}_rate"], polynomial(rule[kind], of[f"{kind}_fourth"])
    case, words = f"{SAID[kind].lower()}, {name}", f"{SAID[kind]}, {name}:"
    return (
        Step(f"{words} small deviations of the mean squares from their fixed point follow a linear map; as $\\epsilon = \\eta\\lambda"
             " \\to 0$ its characteristic polynomial is", _modes(found)),
        Step("and near 1 it vanishes at $1 - c\\epsilon$: the slowest of the three multipliers.", slowest(found, rate), concludes=True,
             case=case),
        Step("From any norm: the fourth power $z$ of the shadow $w = u - \\ell m$ moves, for $q = G/\\epsilon$, overlap"
             " $\\mathbb E\\langle u, m\\rangle = o\\epsilon$ and squared momentum $\\mathbb E\\lVert m\\rVert^2 = s\\epsilon$, at the"
             " velocity $c(z_* - z)$, and is $\\lVert u\\rVert^4$ but for terms of that order.",
             _from_anywhere(rule[kind], lag, of[f"{kind}_limit"], rate), concludes=True, case=case),
    )  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """That 1 is a simple multiplier; each optimiser with each decay; SGD beside them."""
    slope = sp.diff(UNMOVED, MULTIPLIER).subs(MULTIPLIER, MODES[0])
    return (
        Step("$(\\mu-1)(\\mu-\\beta)(\\mu-\\beta^2)$ has the slope $(1-\\beta)(1-\\beta^2)$ at 1: the root is a simple one, and moves with"
             " $\\epsilon$ as an analytic function does; the two others are those of momentum, forgotten in $1/(1-\\beta)$ steps.",
             AtLeast(slope, sp.S.Zero, strict=True, name=r"(1-\beta)(1-\beta^2)")),
        *(step for name in OPTIMIZERS for kind in KINDS for step in _derivation(formulas, name, kind)),
        *(Step(f"Without momentum this is SGD's rate ({kind}).",
               Equal(formulas[f"{kind}_rate"].subs(BETA, 0), SGD["flow_rate"] / lam, r"c|_{\beta=0}")) for kind in KINDS),
        Step("Coupled decay is accumulated like a gradient, and relaxes the norm faster.",
             AtLeast(formulas["coupled_rate"], formulas["decoupled_rate"], name=r"c_{\text{coupled}}"), concludes=True,
             case="coupled decay, either optimiser"),
    )  # fmt: skip


def _radial(formulas: Formulas) -> Witness:
    """Outwards or inwards it is a decay of its own: here one as large as that of the rule."""
    fourth = HEAVY_BALL["coupled_fourth"].subs(lam, 2 * lam)
    found = polynomial(lambda a, m, g: USUAL(a, m, g + lam * a), fourth)
    rate = formulas["coupled_rate"]
    return Witness("a gradient with a radial part, lambda u", slowest(found, rate), MOVING, slowest(found, 2 * rate))


def _dampened(a: Vector, m: Vector, g: Vector) -> tuple[Vector, Vector]:
    moved = BETA * m + (1 - BETA) * (g + lam * a)
    return a - eta * moved, moved


def _mean_of_gradients(formulas: Formulas) -> Witness:
    """A mean, not a sum, of gradients and of coupled decay."""
    smaller = {lam: (1 - BETA) * lam, G: (1 - BETA) ** 2 * G}
    found = polynomial(_dampened, HEAVY_BALL["coupled_fourth"].subs(smaller, simultaneous=True))
    rate = formulas["coupled_rate"]
    return Witness("m is a mean of gradients and coupled decay, not a sum (dampening)", slowest(found, rate), MOVING,
                   slowest(found, (1 - BETA) * rate))  # fmt: skip


def _along(formulas: Formulas) -> Witness:
    """Momentum that feeds itself through the gradient is one of ``(1 + beta)/2``."""
    more = {BETA: (1 + BETA) / 2}
    found = polynomial(USUAL, HEAVY_BALL["coupled_fourth"].subs(more), drift=(1 - BETA) / 2)
    rate = formulas["coupled_rate"]
    return Witness("gradients that on average point along the momentum", slowest(found, rate), MOVING, slowest(found, rate.subs(more)))


def _swelling(formulas: Formulas) -> Witness:
    """Gradients of one length whatever the norm, as those that are normalised: only decay is left to pull back."""
    found = polynomial(USUAL, HEAVY_BALL["coupled_fourth"], heat=HEAT)
    rate = formulas["coupled_rate"]
    return Witness("gradients of one length whatever the norm", slowest(found, rate), MOVING, slowest(found, rate / 2))


def _large(formulas: Formulas) -> Witness:
    """Without momentum the multiplier is B6's, which has a second order."""
    exact = SGD["multiplier"].subs(RHO, SGD["decay_factor"]).subs(lam, SMALL / eta)
    goal = Equal(exact, 1 - formulas["coupled_rate"].subs(BETA, 0) * SMALL, r"\mu\big|_{\beta=0}")
    return Witness(r"any $\eta\lambda$, without momentum: the multiplier $\mu$", goal,
                   instead=Equal(exact, goal.right + 2 * SMALL**2, goal.name))  # fmt: skip


_PERPENDICULAR = perpendicular(TANGENT, u)
MOVING = Domain({BETA: Interval(sp.S.Zero, sp.S.One)}, _PERPENDICULAR.orthogonal)
CLAIM = Claim(
    id="momentum-relaxes-with-its-decay",
    chapter="dynamics",
    label="B8f",
    title="With momentum the norm relaxes at SGD's rate if decay is decoupled, and 1/(1 - beta) times as fast if it is coupled",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that $g_k \perp u_k$", _PERPENDICULAR, _radial),
        Hypothesis("update-rule", r"$m_k = \beta m_{k-1} + g_k\ (+\lambda u_k)$, $0 \le \beta < 1$, and the step is $-\eta m_k$ (heavy"
                   r" ball) or $-\eta(g_k + \beta m_k)$ (Nesterov)", Domain({BETA: RANGE}), _mean_of_gradients),
        Hypothesis("white", r"$\mathbb E[g_k \mid \text{past}] = 0$", witness=_along),
        Hypothesis("energy-without-norm", r"$G = \lVert u_k\rVert^2\,\mathbb E[\lVert g_k\rVert^2 \mid \text{past}]$ is the same at"
                                          r" every norm",
                   witness=_swelling),
        Hypothesis("small-decay", r"$\eta\lambda \to 0$ at fixed $\beta$: to first order in it", witness=_large),
    ),
    letters={
        "A": r"mean of $\lVert u\rVert^2$", r"\epsilon": r"$\eta\lambda$", "q": r"$G/\epsilon$",
        "p": r"characteristic polynomial of small deviations of the mean squares; of its roots, their multipliers, the largest is"
             r" $1 - c\epsilon$",
        "c": r"rate: a step leaves $1 - c\epsilon$ of a deviation", "w": "shadow of the embedding, $u$ less a multiple of the momentum",
        "w'": "shadow after a step",
    },
    steps=steps,
    evidence="pairs of runs with white gradients from above and below the equilibrium, heavy ball and Nesterov with either decay: what a"
    " relaxation time leaves of the distance of their mean fourth powers, within intervals of error rate 1e-9",
    provenance=Provenance.DERIVED,
    references=(
        Reference("wan2021", "Wan, Zhu, Zhang, Sun, Spherical motion dynamics: learning dynamics of normalized neural network",
                  "rate of SGD with momentum and coupled decay"),
    ),
    derived_from=("heavy-ball-equilibrium", "nesterov-turns-more", "decaying-heavy-ball-shadows-sgd", "decay-equilibrium"),
    remark="So r^4 comes to rest in 1/(4 eta lambda) steps (decoupled) or (1 - beta)/(4 eta lambda) (coupled), in which the energy does not"
    " occur: hot and cold items learn their norms at one speed. The velocity is linear in the fourth power, so that its mean obeys it"
    " however widely norms are spread. The linearised map takes the mean of |u|^-2 for that of 1/E|u|^2: the spread of |u|^2 comes"
    " from the overlaps $\\langle m, g\\rangle$ alone, and is itself of order eta lambda.",
)  # fmt: skip
