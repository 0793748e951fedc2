"""Broken variants of B12f: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.adam_norm_grows_by_dimension import DIM
from theory.laws.dynamics.l2_in_adam_is_not_decoupled_decay import ROOT, SHARE, A
from theory.notation import G, eta, lam

BROKEN: Variants = {
    "v does not know the norm": {"second_moment": G / DIM},
    "v is that of the whole": {"second_moment": G / A + lam**2 * A},
    "decay as in AdamW": {"next_squared_norm": (1 - eta * lam) ** 2 * A + eta**2 * G / (A * ROOT**2)},
    "heat as of SGD": {"next_squared_norm": (1 - eta * lam / ROOT) ** 2 * A + eta**2 * G / A},
    "twice the scale": {"root_at_equilibrium": 4 * lam * A / (eta * DIM)},
    "the energy of half the decay": {"energy_at_equilibrium": lam**2 * A**2 * (2 * A / (eta**2 * DIM) - 1)},
    "the energy of SGD": {"energy_at_equilibrium": lam * A**2 / eta},
    "decay takes twice the share": {"share": eta**2 * DIM / A},
    "relaxation as fast as SGD's": {"relaxation": 1 - 4 * SHARE + SHARE**2},
    "relaxation as slow as AdamW's": {"relaxation": (1 - SHARE) ** 2},
    "a rotation twice as wide": {"cos_rotation": 1 - 2 * SHARE},
    "the fourth power of SGD": {"sixth_power": (eta * G / (2 * lam)) ** sp.Rational(3, 2)},
    "blind as AdamW": {"sixth_power": (eta * DIM / (2 * lam)) ** 3},
}

SHOWN: Shown = {
    "second_moment": "v",
    "root_at_equilibrium": r"\sqrt v\,\big|_{r_*}",
    "energy_at_equilibrium": "G_*",
    "sixth_power": r"r_*^6 \sim",
}
