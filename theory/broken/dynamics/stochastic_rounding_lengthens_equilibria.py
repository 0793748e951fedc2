"""Broken variants of B13c: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.stochastic_rounding_lengthens_equilibria import BITS, GAP, MOVE, PHI, S1, S2, THETA, A, X
from theory.notation import G, eta, lam

KEPT = (1 - eta * lam) ** 2
BROKEN: Variants = {
    "half of the largest share": {"share": 4 ** (-BITS) / 2},
    "one bit more": {"share": 4 ** (-BITS - 1)},
    "the share of a length": {"share": 2 ** (-BITS)},
    "no heat of decay": {"next_squared_norm": (1 + S2) * (KEPT * A + eta**2 * G / A)},
    "no heat of the step": {"next_squared_norm": (1 + S1) * KEPT * A + eta**2 * G / A},
    "decay once": {"next_squared_norm": (1 + S2) * ((1 + S1) * (1 - eta * lam) * A + eta**2 * G / A)},
    "the energy of exact arithmetic": {"energy": A**2 * (1 - KEPT) / eta**2},
    "rounding cools": {"energy": A**2 * (1 + S2 - KEPT / (1 + S1)) / eta**2},
    "twice the energy": {"energy": 2 * A**2 * (1 / (1 + S2) - (1 + S1) * KEPT) / eta**2},
    "a fine coordinate is not heated": {"next_square": (X - MOVE) ** 2},
    "it is heated as well": {"next_square": (X - MOVE) ** 2 + GAP * MOVE},
    "fine steps heat as in exact arithmetic": {"fine_next": A * (1 - eta * lam * (2 - THETA)) + eta**2 * G / A},
    "fine decay acts once": {"fine_next": A * (1 - eta * lam * (1 - THETA)) + eta * PHI * sp.sqrt(G)},
    "twice the square at rest": {"fine_square": 2 * PHI * sp.sqrt(G) / (lam * (2 - THETA))},
    "the square at rest knows the rate": {"fine_square": eta * PHI * sp.sqrt(G) / (lam * (2 - THETA))},
}

SHOWN: Shown = {
    "share": r"\sigma_1, \sigma_2 \le",
    "energy": "G_*",
}
