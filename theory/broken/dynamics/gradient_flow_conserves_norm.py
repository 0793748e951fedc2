"""Broken variants of B1: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.notation import G, eta, r

BROKEN: Variants = {
    "the squared norm grows along the flow": {"rate": sp.S.One},
    "it shrinks along the flow": {"rate": sp.S.NegativeOne},
    "the drift has the wrong sign": {"drift": -eta * G / r**2},
    "the drift is doubled": {"drift": 2 * eta * G / r**2},
    "the drift is of second order": {"drift": eta**2 * G / r**2},
    "the norm has the wrong exponent": {"drift": eta * G / r**4},
}

SHOWN: Shown = {
    "rate": r"\frac{d}{dt}\lVert u\rVert^2",
}
