"""Broken variants of B10d: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.notation import G, eta, lam, r

BROKEN: Variants = {
    "the norm doubles": {"next_squared_norm": 2 * r**2},
    "the norm is set to 1": {"next_squared_norm": sp.S.One},
    "the tangent forgets the decay": {"tan_rotation": eta * sp.sqrt(G) / r**2},
    "the tangent is SGD's squared": {"tan_rotation": eta**2 * G / r**4},
    "the tangent is the norm's": {"tan_rotation": eta * sp.sqrt(G) / ((1 - eta * lam) * r)},
    "decay slows": {"decayed_rate": eta * (1 - eta * lam)},
    "decay does nothing": {"decayed_rate": eta},
    "decay acts twice": {"decayed_rate": eta / (1 - eta * lam) ** 2},
}

SHOWN: Shown = {
    "tan_rotation": r"\tan\delta",
    "decayed_rate": r"\text{learning rate without decay of the same step}",
}
