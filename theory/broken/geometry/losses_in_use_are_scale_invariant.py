"""Broken variants of A7: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants

BROKEN: Variants = {
    "a radial part of 1": {"radial_gradient": sp.S.One},
    "a radial part of the other sign": {"radial_gradient": sp.S.NegativeOne},
    "a small radial part": {"radial_gradient": sp.Rational(1, 1000)},
}

SHOWN: Shown = {"radial_gradient": r"\langle x, \nabla_x L\rangle"}
