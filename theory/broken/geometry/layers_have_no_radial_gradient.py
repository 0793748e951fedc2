"""Broken variants of A9a: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Letters, Shown, Variants
from theory.laws.geometry.layers_have_no_radial_gradient import DEGREE, RADIAL

BROKEN: Variants = {
    "layers have a radial part": {"radial": sp.Rational(1, 1000)},
    "layers have a radial part of 1": {"radial": sp.S.One},
    "every layer has the radial part of the embedding": {"layer": RADIAL},
    "the sign is wrong": {"layer": -DEGREE * RADIAL},
    "the degree divides": {"layer": RADIAL / DEGREE},
    "a squared ReLU keeps the degree": {"deeper": DEGREE},
    "a squared ReLU squares the degree": {"deeper": DEGREE**2},
}

SHOWN: Shown = {
    "deeper": r"\text{degree after a squared ReLU}",
}

LETTERS: Letters = {
    "D": r"$\langle f, \nabla_f L\rangle$ of the embedding $f$",
}
