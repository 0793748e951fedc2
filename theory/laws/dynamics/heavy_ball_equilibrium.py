"""B8d. Heavy ball with weight decay, white gradients: ``r*^4 -> eta G/(2 lambda (1-beta)^j)``, j = 1 coupled, 2 decoupled."""

from __future__ import annotations

from theory.claims import Claim, Formulas, Provenance, Reference, Step
from theory.equilibria import KINDS, derivation, hypotheses, rules
from theory.kernel import Equal
from theory.momentum import BETA
from theory.notation import G, eta, lam
from theory.optimizers import heavy_ball, nesterov

Q = 1 - eta * lam
FORMULAS = {
    "decoupled_fourth": eta * G * (1 + BETA * Q) / (lam * (2 - eta * lam) * (1 - BETA**2) * (1 - BETA * Q)),  # r*^4
    "decoupled_cross": -lam * (2 - eta * lam) / (1 + BETA * Q),  # E<u, m>/E|u|^2
    "decoupled_momentum": lam * (2 - eta * lam) * (1 - BETA * Q) / (eta * (1 + BETA * Q)),  # E|m|^2/E|u|^2
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
RULES = rules(heavy_ball)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Both kinds of decay; without momentum, the equilibrium of SGD."""
    sgd = eta * G / (lam * (2 - eta * lam))
    return (
        *(step for kind in KINDS for step in derivation(formulas, kind, RULES[kind])),
        *(Step(f"Without momentum this is SGD's equilibrium ({kind}).", Equal(formulas[f"{kind}_fourth"].subs(BETA, 0), sgd,
                                                                              r"r_*^4|_{\beta=0}")) for kind in KINDS),
    )  # fmt: skip


CLAIM = Claim(
    id="heavy-ball-equilibrium",
    chapter="dynamics",
    label="B8d",
    title="Under heavy ball the equilibrium norm depends on how decay acts, and the rotation is as blind to meaning as SGD's",
    formulas=FORMULAS,
    hypotheses=hypotheses(
        heavy_ball, nesterov, r"$m_k = \beta m_{k-1} + g_k\ (+\lambda u_k)$, $0 \le \beta < 1$, and the step is $-\eta m_k$"
        r" (decoupled: $u_{k+1} = (1 - \eta\lambda)u_k - \eta m_k$)",
        "Nesterov's step",
    ),
    letters={
        r"\epsilon": r"$\eta\lambda$", "m_k": "momentum after the step", "J": "linear map of the mean squares in a step",
        "r_*": r"at the equilibrium: $r_*^4$ is $\mathbb E\lVert u\rVert^2/\mathbb E\lVert u\rVert^{-2}$",
    },
    steps=steps,
    evidence="long runs with white gradients: moments and turns, means of independent runs within intervals of error rate 1e-9; at small"
    " eta lambda against the limits",
    provenance=Provenance.RECONSTRUCTED,
    references=(
        Reference("wan2021", "Wan, Zhu, Zhang, Sun, Spherical motion dynamics: learning dynamics of normalized neural network"),
        Reference("kosson2024", "Kosson, Messmer, Jaggi, Rotational equilibrium: how weight decay balances learning across networks"),
    ),
    derived_from=("decaying-heavy-ball-shadows-sgd", "decay-equilibrium"),
    remark="Exact for every eta lambda below 1, not only small ones. r*^4 is E r^2/E r^-2, the fourth power of a norm that fluctuates"
    " little. What it does to the meaning: the norm still tells G^(1/4), momentum only scales it for all items alike; the rotation"
    " is blind to G. How fast it is reached: B8f.",
)  # fmt: skip
