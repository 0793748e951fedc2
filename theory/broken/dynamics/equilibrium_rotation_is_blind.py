"""Broken variants of B7: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.notation import eta, lam

BROKEN: Variants = {
    "the decay acts twice": {"cos_rotation": (1 - eta * lam) ** 2},
    "the cosine is above 1": {"cos_rotation": 1 + eta * lam},
    "the decay is halved": {"cos_rotation": 1 - eta * lam / 2},
    "the angle lacks its factor": {"rotation": sp.sqrt(eta * lam)},
    "the angle lacks its root": {"rotation": 2 * eta * lam},
}

SHOWN: Shown = {
    "rotation": r"\delta \sim",
}
