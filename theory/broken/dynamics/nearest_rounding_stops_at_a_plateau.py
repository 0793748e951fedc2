"""Broken variants of B13d: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.nearest_rounding_stops_at_a_plateau import BITS, MOVED, A, M, P
from theory.notation import G, eta

BROKEN: Variants = {
    "twice the threshold of decay": {"never": 2 ** (-BITS)},
    "four times the threshold": {"never": 2 ** (1 - BITS)},
    "the plateau of whole gaps": {"plateau": 2**BITS * M * eta * sp.sqrt(G)},
    "the plateau without its mantissa": {"plateau": 2 ** (BITS + 1) * eta * sp.sqrt(G)},
    "the plateau in energies": {"plateau": 2 ** (BITS + 1) * M * eta * G},
    "rounded up by half": {"most_moved": sp.Rational(3, 2)},
    "rounded up to three times": {"most_moved": sp.Integer(3)},
    "rounded down to a half": {"least_moved": sp.Rational(1, 2)},
    "never rounded down": {"least_moved": sp.S.One},
    "the norm grows with one coordinate": {"next_squared_norm": A + MOVED**2},
    "the norm stays": {"next_squared_norm": A},
    "the excess of the square": {"excess": 2 ** (BITS + 1) * M * sp.sqrt(P * (2 - P))},
    "the excess of whole gaps": {"excess": 4**BITS * M**2 * P * (2 - P)},
    "the excess over twice the equilibrium": {"excess": 4**BITS * 2 * M**2 * P * (2 - P)},
}

SHOWN: Shown = {
    "plateau": r"r_{\mathrm{plateau}}^2",
    "most_moved": r"\frac{D}{\eta\lvert s_i\rvert} \le",
    "least_moved": r"\frac{D}{\eta\lvert s_i\rvert} \ge",
    "never": r"\eta\lambda \text{ up to which none moves}",
    "excess": r"r_{\mathrm{plateau}}^4/r_*^4",
}
