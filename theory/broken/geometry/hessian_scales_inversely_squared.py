"""Broken variants of A3: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.notation import c

BROKEN: Variants = {
    "the exponent is that of the gradient": {"factor": 1 / c},
    "the exponent is off by one": {"factor": c**-3},
    "the sign of the factor is wrong": {"factor": -(c**-2)},
    "the image has the wrong sign": {"image_factor": sp.S.One},
    "the image is twice as long": {"image_factor": sp.Integer(-2)},
    "the ray is curved": {"radial_curvature": sp.S.One},
}

SHOWN: Shown = {
    "factor": r"\text{factor from } H(u)\,w \text{ to } H(cu)\,w",
    "image_factor": r"\text{factor from } \nabla L \text{ to } Hu",
}
