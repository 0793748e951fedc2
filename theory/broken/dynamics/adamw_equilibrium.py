"""Broken variants of B12c: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.adam_norm_grows_by_dimension import BETA, DIM
from theory.laws.dynamics.adamw_equilibrium import P
from theory.notation import eta, lam

BROKEN: Variants = {
    "the form for small decay, everywhere": {"equilibrium": eta**2 * DIM / (2 * P)},
    "the equilibrium without momentum": {"equilibrium": eta**2 * DIM / (P * (2 - P))},
    "the equilibrium of the heat alone": {"equilibrium": eta**2 * DIM * (1 - BETA) / ((1 + BETA) * P * (2 - P))},
    "small decay, without the half": {"small_equilibrium": eta * DIM / lam},
    "small decay, heavy ball's factor": {"small_equilibrium": eta * DIM / (2 * lam * (1 - BETA) ** 2)},
    "SGD's rotation": {"cos_rotation": 1 - P},
    "the rotation's momentum upside down": {"cos_rotation": 1 - P * (1 + (1 - P) * BETA) / (1 - BETA)},
    "small rotation of SGD": {"small_rotation": sp.sqrt(2 * P)},
    "small rotation without the root of 2": {"small_rotation": sp.sqrt(P * (1 - BETA) / (1 + BETA))},
    "it relaxes as SGD does": {"relaxation": (1 - P) ** 4},
    "it relaxes half as fast": {"relaxation": 1 - P},
}

SHOWN: Shown = {
    "small_equilibrium": r"r_*^2 \sim",
    "small_rotation": r"\delta \sim",
    "relaxation": r"\text{factor of the deviation } A",
}
