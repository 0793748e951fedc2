"""Broken variants of B8c: what every check must catch."""

from __future__ import annotations

from theory.broken import Letters, Shown, Variants
from theory.laws.dynamics.decaying_heavy_ball_shadows_sgd import S, W, X
from theory.momentum import BETA, OVERLAP
from theory.notation import G, eta, lam, r

BROKEN: Variants = {
    "decoupled decay grows": {"decoupled_factor": 1 + eta * lam},
    "decoupled decay acts twice": {"decoupled_factor": 1 - 2 * eta * lam},
    "coupled decay is decoupled": {"coupled_product": 1 - X},
    "the product lacks its divisor": {"coupled_product": (1 - X) * (X - BETA)},
    "the lag is that without decay": {"lag": eta * BETA / (1 - BETA)},
    "the step is that without decay": {"step": eta / (1 - BETA)},
    "the step lacks a factor": {"step": eta / (X - BETA)},
    "the shadow decays once": {"next_squared_norm": X * W + S**2 * (G / r**2 + 2 * BETA * OVERLAP)},
    "the overlap decays": {"next_squared_norm": X**2 * W + S**2 * (G / r**2 + 2 * X * BETA * OVERLAP)},
    "the overlap has the wrong sign": {"next_squared_norm": X**2 * W + S**2 * (G / r**2 - 2 * BETA * OVERLAP)},
    "coupled decay acts as decoupled decay": {"coupled_speed": 1},
    "coupled decay acts as heat": {"coupled_speed": 1 / (1 - BETA) ** 2},
}

SHOWN: Shown = {
    "next_squared_norm": r"\lVert w_{k+1}\rVert^2",
    "decoupled_factor": r"x \text{ (decoupled)}",
    "coupled_product": r"\eta\lambda \text{ (coupled)}",
    "lag": r"\text{lag of the shadow}",
    "step": r"\text{factor of } g_k \text{ in } x w_k - w_{k+1}",
}

LETTERS: Letters = {
    "W": r"$\lVert w_k\rVert^2$",
    "o": r"$\langle m_{k-1}, g_k\rangle$",
    "s": "the learning rate of the shadow's step",
}
