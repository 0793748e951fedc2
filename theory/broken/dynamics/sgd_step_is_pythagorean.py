"""Broken variants of B2: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.notation import G, eta, r

BROKEN: Variants = {
    "the norm falls": {"next_squared_norm": r**2 - eta**2 * G / r**2},
    "the learning rate has the wrong exponent": {"next_squared_norm": r**2 + eta * G / r**2},
    "the norm has the wrong exponent": {"next_squared_norm": r**2 + eta**2 * G / r**4},
    "the growth is doubled": {"next_squared_norm": r**2 + 2 * eta**2 * G / r**2},
    "the norm adds up instead of its square": {"next_squared_norm": (r + eta * sp.sqrt(G) / r) ** 2},
    "the tangent is squared": {"tan_rotation": eta**2 * G / r**4},
    "the tangent is doubled": {"tan_rotation": 2 * eta * sp.sqrt(G) / r**2},
    "the tangent is negative": {"tan_rotation": -eta * sp.sqrt(G) / r**2},
    "the floor is doubled": {"least_squared_norm": 4 * eta * sp.sqrt(G)},
    "the floor is halved": {"least_squared_norm": eta * sp.sqrt(G)},
}

SHOWN: Shown = {
    "tan_rotation": r"\tan\delta",
    "least_squared_norm": r"\lVert u_{k+1}\rVert^2 \ge",
}
