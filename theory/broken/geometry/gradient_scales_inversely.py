"""Broken variants of A2: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.notation import c

BROKEN: Variants = {
    "the factor is inverted": {"factor": c},
    "the gradient does not scale": {"factor": sp.S.One},
    "the exponent is off by one": {"factor": c**-2},
    "the sign is wrong": {"factor": -1 / c},
    "twice the factor": {"factor": 2 / c},
}

SHOWN: Shown = {
    "factor": r"\text{factor from } \nabla L(u) \text{ to } \nabla L(cu)",
}
