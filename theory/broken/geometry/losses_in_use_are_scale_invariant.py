"""Broken variants of A7: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Letters, Shown, Variants

BROKEN: Variants = {
    "a radial part of 1": {"radial_gradient": sp.S.One},
    "a radial part of the other sign": {"radial_gradient": sp.S.NegativeOne},
    "a small radial part": {"radial_gradient": sp.Rational(1, 1000)},
}

LETTERS: Letters = {"x": "any argument of the loss"}
SHOWN: Shown = {"radial_gradient": r"\langle x, \nabla_x L\rangle"}
