"""Broken variants of B6: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.decay_equilibrium import RHO
from theory.notation import G, eta, lam, r

BROKEN: Variants = {
    "the decay acts once": {"decay_factor": 1 - eta * lam},
    "the decay has the wrong sign": {"decay_factor": (1 + eta * lam) ** 2},
    "growth is of first order": {"next_squared_norm": RHO * r**2 + eta * G / r**2},
    "the norm has the wrong exponent": {"next_squared_norm": RHO * r**2 + eta**2 * G / r**4},
    "growth decays too": {"next_squared_norm": RHO * (r**2 + eta**2 * G / r**2)},
    "the equilibrium is that of the flow": {"equilibrium": eta * G / (2 * lam)},
    "the equilibrium is doubled": {"equilibrium": 2 * eta * G / (lam * (2 - eta * lam))},
    "the multiplier is off by one": {"multiplier": 2 * RHO},
    "the multiplier has the wrong sign": {"multiplier": 1 - 2 * RHO},
    "the contraction is halved": {"contraction": 2 * RHO * (1 - RHO)},
    "the threshold is elsewhere": {"threshold": sp.Rational(1, 4)},
    "the equilibrium of the flow lacks a factor": {"flow_equilibrium": eta * G / lam},
    "the rate of the flow is halved": {"flow_rate": 2 * lam},
}

SHOWN: Shown = {
    "decay_factor": r"\rho",
    "equilibrium": "r_*^4",
    "threshold": r"\rho \text{ at which } f'(r_*^2) \text{ is } 0",
    "flow_equilibrium": r"\lim_{t\to\infty} z",
    "flow_rate": r"\text{relaxation rate of } z",
}
