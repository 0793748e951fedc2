"""Broken variants of B8b: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.dynamics.momentum_multiplies_the_energy import COUNT, HEAT, P, Q
from theory.momentum import BETA, OVERLAP
from theory.notation import eta

UNIT = eta**2 * HEAT / (1 - BETA) ** 2
BROKEN: Variants = {
    "a step forgets the overlap": {"step_growth": UNIT},
    "a step counts the overlap once": {"step_growth": (eta / (1 - BETA)) ** 2 * (HEAT + BETA * OVERLAP)},
    "the overlap is not discounted": {"next_overlap": Q * (OVERLAP + HEAT)},
    "the heat is not correlated": {"next_overlap": Q * BETA * OVERLAP + HEAT},
    "the overlap is that of the long run": {"overlap": HEAT * Q / (1 - BETA * Q)},
    "the overlap sums from the present": {"overlap": HEAT * (1 - P) / (1 - BETA * Q)},
    "the growth has no transient": {"growth": UNIT * COUNT * (1 + BETA * Q) / (1 - BETA * Q)},
    "the growth is white": {"growth": UNIT * COUNT},
    "the multiplier is inverted": {"multiplier": (1 - BETA * Q) / ((1 + BETA * Q) * (1 - BETA) ** 2)},
    "the multiplier lacks the square": {"multiplier": (1 + BETA * Q) / ((1 - BETA * Q) * (1 - BETA))},
    "white gradients count once": {"white": 1 / (1 - BETA)},
    "persistent gradients are white": {"persistent": (1 - BETA) ** -2},
    "persistent gradients count too often": {"persistent": (1 + BETA) * (1 - BETA) ** -4},
}

SHOWN: Shown = {
    "overlap": r"\mathbb E\langle m_{k-1}, g_k\rangle",
    "growth": r"\mathbb E\lVert w_K\rVert^2 - \lVert w_0\rVert^2",
}
