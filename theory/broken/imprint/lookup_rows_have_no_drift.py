"""Broken variants of C1: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Variants
from theory.laws.imprint.lookup_rows_have_no_drift import DECAY
from theory.notation import G, eta

BROKEN: Variants = {
    "a drift of first order": {"drift": eta * G},
    "a drift against": {"drift": -sp.sqrt(G)},
    "heat is halved": {"heat": G / 2},
    "heat is a root": {"heat": sp.sqrt(G)},
    "the equilibrium is doubled": {"equilibrium": eta * G / DECAY},
    "decay lengthens": {"equilibrium": eta * G * DECAY},
}
