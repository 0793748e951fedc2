"""Broken variants of C0a: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.catalogue import catalogue
from theory.laws.imprint.drift_heat_decay_equilibrium import V_STAR, P, X
from theory.laws.imprint.stationary_mean_exceeds_equilibrium import GAMMA, MEAN, STAR, C

CLAIM = catalogue()["stationary-mean-exceeds-equilibrium"]
BROKEN: Variants = {
    "the mean is the fixed point": {"excess": sp.S.Zero},
    "the excess is the ceiling": {"excess": C * STAR},
    "heat is missing below": {"excess": C * V_STAR**2 / ((2 - P) * MEAN)},
    "the excess has the wrong sign": {"excess": -C * V_STAR**2 / ((2 - P) * MEAN + V_STAR**2 / STAR)},
    "the ceiling is the floor": {"ceiling": sp.S.Zero},
    "the spread is that of X": {"spread": (X - MEAN) ** 2 / MEAN**2},
    "the spread is halved": {"spread": (X - MEAN) ** 2 / (2 * X * MEAN)},
    "c forgets the drift": {"closure": GAMMA / 2},
    "c is doubled": {"closure": 2 * CLAIM.formulas["closure"]},
}

SHOWN: Shown = {
    "excess": "m - X_*",
    "ceiling": r"m - X_* \le",
    "spread": r"\frac{m}{X} - 1 - \frac{m - X}{m}",
}
