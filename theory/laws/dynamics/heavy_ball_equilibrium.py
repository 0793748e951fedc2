"""B8d. Heavy ball with weight decay, white gradients: ``r*^4 -> eta G/(2 lambda (1-beta)^j)``, j = 1 coupled, 2 decoupled."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import TANGENT, perpendicular
from theory.kernel import AtLeast, Domain, Equal, Goal, Interval, Tends
from theory.moments import Rule, cosine, determinant, stationary
from theory.momentum import BETA, RANGE
from theory.notation import G, eta, lam, u
from theory.optimizers import heavy_ball, nesterov
from theory.vectors import Vector

Stepped = tuple[Vector, Vector]
Q = 1 - eta * lam
KINDS = ("decoupled", "coupled")
FORMULAS = {
    "decoupled_fourth": eta**2 * G * (1 + BETA * Q) / ((1 - BETA * Q) * (1 - BETA**2) * (1 - Q**2)),  # r*^4
    "decoupled_cross": -(1 - Q**2) / (eta * (1 + BETA * Q)),  # E<u, m>/E|u|^2
    "decoupled_momentum": (1 - Q**2) * (1 - BETA * Q) / (eta**2 * (1 + BETA * Q)),  # E|m|^2/E|u|^2
    "decoupled_cosine": (Q + BETA) / (1 + BETA * Q),  # E<u, u'>/E|u|^2
    "decoupled_limit": eta * G / (2 * lam * (1 - BETA) ** 2),  # of r*^4 as eta lambda -> 0
    "decoupled_turn": 2 * (1 - BETA) / (1 + BETA),  # 2 (1 - cosine)/(eta lambda), the squared rotation, as eta lambda -> 0
    "coupled_fourth": eta * G * (1 + BETA) / (lam * (1 - BETA) * (2 * (1 + BETA) - eta * lam)),
    "coupled_cross": -lam / (1 + BETA),
    "coupled_momentum": 2 * lam / (eta * (1 + BETA)),
    "coupled_cosine": (1 + BETA - eta * lam) / (1 + BETA),
    "coupled_limit": eta * G / (2 * lam * (1 - BETA)),
    "coupled_turn": 2 / (1 + BETA),
}
SAID = {"decoupled": "Decoupled decay", "coupled": "Coupled decay"}
SMALL = sp.Symbol("epsilon", positive=True)  # eta lambda


def _rule(step: Callable[..., Stepped]) -> Rule:
    return lambda *vectors: step(*vectors, eta, BETA, lam)


RULES = {"decoupled": _rule(heavy_ball.decoupled_step), "coupled": _rule(heavy_ball.coupled_step)}


def equilibrium(formulas: Formulas, kind: str, of: Rule | None = None, **changed: object) -> Goal:
    """The moments stay as they are."""
    fourth, cross, momentum = (formulas[f"{kind}_{name}"] for name in ("fourth", "cross", "momentum"))
    return stationary(of or RULES[kind], fourth, cross, momentum, **changed)  # type: ignore[arg-type]


def _of_kind(formulas: Formulas, kind: str) -> tuple[Step, ...]:
    fourth, cross, momentum, turned, limit, turn = (
        formulas[f"{kind}_{name}"] for name in ("fourth", "cross", "momentum", "cosine", "limit", "turn")
    )  # fmt: skip
    small = {lam: SMALL / eta}
    return (
        Step(f"{SAID[kind]}: the mean squares stay at their fixed point, at which $r_*^4$ stands for "
             r"$\mathbb E r^2/\mathbb E r^{-2}$;", equilibrium(formulas, kind), concludes=True),
        Step("it is the only one, for the determinant of their linear map less 1 is positive;",
             AtLeast(determinant(RULES[kind]), sp.S.Zero, strict=True, name=r"\det(1 - J)"), concludes=True),
        Step("and the fourth power is positive.", AtLeast(fourth, sp.S.Zero, strict=True, name="r_*^4"), concludes=True),
        Step("A step turns the embedding by the angle of which the cosine is",
             Equal(cosine(RULES[kind], cross, momentum), turned, r"\frac{\mathbb E\langle u_k, u_{k+1}\rangle}{\mathbb E\lVert u_k\rVert^2}"),
             concludes=True),
        Step("As $\\epsilon = \\eta\\lambda \\to 0$, the norm",
             Tends((fourth / limit).subs(small), SMALL, sp.S.One, at_zero=True, name=r"\frac{r_*^4}{\lim}"), concludes=True),
        Step("and the squared rotation.",
             Tends((2 * (1 - turned) / (eta * lam)).subs(small), SMALL, turn, at_zero=True,
                   name=r"\frac{2(1-\cos\delta)}{\eta\lambda}"), concludes=True),
    )  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Both kinds of decay; without momentum, the equilibrium of SGD."""
    sgd = eta * G / (lam * (2 - eta * lam))
    return (
        *(step for kind in KINDS for step in _of_kind(formulas, kind)),
        *(Step(f"Without momentum this is SGD's equilibrium ({kind}).", Equal(formulas[f"{kind}_fourth"].subs(BETA, 0), sgd,
                                                                              r"r_*^4|_{\beta=0}")) for kind in KINDS),
    )  # fmt: skip


_DECAYS = {lam: Interval(sp.S.Zero, 1 / eta)}
_INSIDE = Domain({BETA: RANGE, **_DECAYS}, ((TANGENT, u),))
_POSITIVE = Domain({BETA: Interval(sp.S.Zero, sp.S.One), **_DECAYS}, ((TANGENT, u),))


def _radial(formulas: Formulas) -> Witness:
    """Always outwards: a mean of two signs would hide what is of first order."""
    usual, inside = RULES["coupled"], Domain({BETA: RANGE, **_DECAYS}, ((TANGENT, u),))
    outwards = equilibrium(formulas, "coupled", lambda a, m, g: usual(a, m, g + a))
    return Witness("a gradient with a radial part, as inner products give", outwards, inside)


def _ahead(formulas: Formulas) -> Witness:
    return Witness("Nesterov's step", equilibrium(formulas, "coupled", _rule(nesterov.coupled_step)), _POSITIVE)


def _correlated(formulas: Formulas) -> Witness:
    along = equilibrium(formulas, "coupled", drift=(1 - BETA) / 2)
    return Witness("gradients that on average point along the momentum", along, _POSITIVE)


def _doubled(formulas: Formulas) -> Witness:
    changed = {**formulas, "coupled_fourth": 2 * formulas["coupled_fourth"]}
    again = partial(equilibrium, kind="coupled", energy=2 * G)
    return Witness("the energy doubles: the old fixed point moves", again(formulas), _INSIDE, again(changed))


CLAIM = Claim(
    id="heavy-ball-equilibrium",
    chapter="dynamics",
    label="B8d",
    title="Under heavy ball the equilibrium norm depends on how decay acts, and the rotation is as blind to meaning as SGD's",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that $g_k \perp u_k$", perpendicular(TANGENT, u), _radial),
        Hypothesis("heavy-ball", r"$m_k = \beta m_{k-1} + g_k\ (+\lambda u_k)$, $0 \le \beta < 1$, and the step is $\eta m_k$ itself",
                   Domain({BETA: RANGE}), _ahead),
        Hypothesis("white", r"$\mathbb E[g_k \mid \text{past}] = 0$", witness=_correlated),
        Hypothesis("constant-energy", r"$r_k^2\,\mathbb E[\lVert g_k\rVert^2 \mid \text{past}] = G$", witness=_doubled),
        Hypothesis("decay-in-range", r"$0 < \eta\lambda < 1$", Domain(_DECAYS)),
    ),
    steps=steps,
    evidence="long runs with white gradients: moments and turns, means of independent runs within intervals of error rate 1e-9; at small"
    " eta lambda against the limits",
    provenance=Provenance.RECONSTRUCTED,
    references=(
        Reference("wan2021", "Wan, Zhu, Zhang, Sun, Spherical motion dynamics: learning dynamics of normalized neural network"),
        Reference("kosson2024", "Kosson, Messmer, Jaggi, Rotational equilibrium: how weight decay balances learning across neural networks"),
    ),
    derived_from=("decaying-heavy-ball-shadows-sgd", "decay-equilibrium"),
    remark="Exact for every eta lambda below 1, not only small ones. r*^4 is E r^2/E r^-2, the fourth power of a norm that fluctuates"
    " little. What it does to the meaning: the norm still tells G^(1/4), momentum only scales it for all items alike; the rotation"
    " is blind to G. Relaxation: see the shadow.",
)  # fmt: skip
