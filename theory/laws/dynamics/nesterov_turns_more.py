"""B8e. Nesterov momentum (PyTorch's form): heavy ball's norms, and ``1 + 2 beta - 2 beta^3`` times its squared rotation."""

from __future__ import annotations

from theory.claims import Claim, Formulas, Provenance, Reference, Step
from theory.equilibria import KINDS, derivation, hypotheses, named, rules
from theory.kernel import All, AtLeast, Equal, Goal
from theory.laws.dynamics.heavy_ball_equilibrium import FORMULAS as HEAVY_BALL
from theory.momentum import BETA, GRADIENT, MOMENTUM, OVERLAP, before, overlap, shadow
from theory.notation import G, eta, lam, r, u
from theory.optimizers import heavy_ball, nesterov
from theory.vectors import Norm, equal_vectors, squared_norm, vector

P = eta * lam
D = 1 + BETA + BETA * P - 2 * BETA**3 * P  # denominators
E = 1 + BETA + BETA * P + 2 * BETA**2 * P
FORMULAS = {
    "lag": eta * BETA**2 / (1 - BETA),  # without decay: w = u - lag m
    "step": eta / (1 - BETA),  # w' = w - step g
    "term": G / r**2 + 2 * BETA**2 * OVERLAP,  # |w'|^2 = |w|^2 + step^2 term
    "decoupled_fourth": eta * G * D / (lam * (1 - BETA**2) * (2 - P) * (1 - BETA + BETA * P)),  # r*^4
    "decoupled_cross": -lam * (2 - P) * (1 + BETA - BETA**2) / D,  # E<u, m>/E|u|^2
    "decoupled_momentum": lam * (2 - P) * (1 - BETA + BETA * P) / (eta * D),  # E|m|^2/E|u|^2
    "decoupled_cosine": (1 + BETA - P * (1 - 2 * BETA**2 + 2 * BETA**4) - P**2 * BETA * (1 + BETA) ** 2 * (1 - BETA)) / D,
    "decoupled_limit": eta * G / (2 * lam * (1 - BETA) ** 2),  # of r*^4 as eta lambda -> 0
    "decoupled_turn": 2 * (1 - BETA) * (1 + 2 * BETA - 2 * BETA**3) / (1 + BETA),  # squared rotation over eta lambda, in the limit
    "coupled_fourth": eta * G * E / (lam * (1 - BETA + BETA * P) * (2 * (1 + BETA) - P * (1 + 2 * BETA))),
    "coupled_cross": -lam * (1 + 2 * BETA) / E,
    "coupled_momentum": 2 * lam / (eta * E),
    "coupled_cosine": (1 + BETA) * (1 - P * (1 - 2 * BETA**2) - P**2 * BETA * (1 + 2 * BETA)) / E,
    "coupled_limit": eta * G / (2 * lam * (1 - BETA)),
    "coupled_turn": 2 * (1 + 2 * BETA - 2 * BETA**3) / (1 + BETA),
    "excess": 1 + 2 * BETA - 2 * BETA**3,  # of the squared rotation over heavy ball's, in the limit
}
RULES = rules(nesterov)
STEPPED = nesterov.decoupled_step(vector(u), vector(MOMENTUM), GRADIENT, eta, BETA)


def _shadow(formulas: Formulas) -> Goal:
    after, here = shadow(*STEPPED, formulas["lag"]), before(formulas["lag"])
    grown = formulas["step"] ** 2 * formulas["term"].subs({r: Norm(u), OVERLAP: overlap()}, simultaneous=True)
    moved = here - formulas["step"] * GRADIENT
    return All((equal_vectors(after, moved, "w_{k+1}", r"w_k - \frac{\eta}{1-\beta} g_k"),
                Equal(squared_norm(after) - squared_norm(here), grown, r"\lVert w_{k+1}\rVert^2 - \lVert w_k\rVert^2")))  # fmt: skip


def _against_heavy_ball(formulas: Formulas, kind: str) -> Goal:
    turn = formulas["excess"] * HEAVY_BALL[f"{kind}_turn"]
    return All((Equal(formulas[f"{kind}_limit"], HEAVY_BALL[f"{kind}_limit"], named(r"\lim_{\eta\lambda\to0} r_*^4", kind)),
                Equal(formulas[f"{kind}_turn"], turn, named(r"\lim_{\eta\lambda\to0} \frac{\delta^2}{\eta\lambda}\Big",
                                                            kind))))  # fmt: skip


def _beside_heavy_ball(formulas: Formulas, kind: str) -> tuple[Step, ...]:
    turn = named(r"\lim_{\eta\lambda\to0} \frac{\delta^2}{\eta\lambda}\Big", kind)
    return (
        Step(f"In the limit the norms are heavy ball's, the squared rotation is $1 + 2\\beta - 2\\beta^3$ times as large ({kind}"
             f" decay),", _against_heavy_ball(formulas, kind)),
        Step(f"which is never smaller ({kind} decay).", AtLeast(formulas[f"{kind}_turn"], HEAVY_BALL[f"{kind}_turn"], name=turn),
             concludes=True, case=f"{kind} decay"),
    )  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The shadow without decay; both kinds of decay; heavy ball beside them."""
    return (
        Step("Without decay the shadow $w_k = u_k - \\eta\\beta^2 m_{k-1}/(1-\\beta)$ takes the steps of heavy ball's,"
             " with $m = m_{k-1}$.",
             _shadow(formulas), concludes=True, case="without decay"),
        *(step for kind in KINDS for step in derivation(formulas, kind, RULES[kind])),
        *(step for kind in KINDS for step in _beside_heavy_ball(formulas, kind)),
    )  # fmt: skip


CLAIM = Claim(
    id="nesterov-turns-more",
    chapter="dynamics",
    label="B8e",
    title="Nesterov momentum has heavy ball's norms as decay tends to 0, and turns the embedding more",
    formulas=FORMULAS,
    hypotheses=hypotheses(
        nesterov, heavy_ball, r"$m_k = \beta m_{k-1} + h_k$, $0 \le \beta < 1$, and the step is $-\eta(h_k + \beta m_k)$; coupled decay:"
                              r" $h_k = g_k + \lambda u_k$,"
        r" decoupled: $h_k = g_k$, and $-\eta\lambda u_k$ beside it",
        "heavy ball's step",
    ),
    letters={
        r"\epsilon": r"$\eta\lambda$", "m": "momentum, $m_{k-1}$", "w_k": r"shadow, $u_k - \frac{\eta\beta^2}{1-\beta} m_{k-1}$",
        "J": "linear map of the mean squares in a step",
        "r_*": r"at the equilibrium: $r_*^4$ is $\mathbb E\lVert u\rVert^2/\mathbb E\lVert u\rVert^{-2}$",
    },
    steps=steps,
    evidence="the shadow on both losses, to rounding; long runs with white gradients and either decay, within intervals of error rate 1e-9",
    provenance=Provenance.DERIVED,
    references=(
        Reference("nesterov1983", "Nesterov, A method for solving the convex programming problem with convergence rate O(1/k^2)"),
        Reference("sutskever2013", "Sutskever, Martens, Dahl, Hinton, On the importance of initialization and momentum"),
    ),
    derived_from=("heavy-ball-equilibrium", "heavy-ball-shadow-is-pythagorean"),
    remark="Of the form in which frameworks have it: gradients are taken at u itself. What it does to the meaning: nothing that heavy"
    " ball does not; the equilibrium is reached as fast (B8f). Correlated gradients count with beta^2 where heavy ball has beta.",
)  # fmt: skip
