"""Broken variants of B11c: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.notation import c

BROKEN: Variants = {
    "the rate scales as the norm": {"learning_rate": c},
    "the rate scales inversely": {"learning_rate": c**-2},
    "the decay scales as the inverse norm": {"weight_decay": 1 / c},
    "the decay does not scale": {"weight_decay": sp.S.One},
    "the gradient does not scale": {"gradient": sp.S.One},
    "the momentum does not scale": {"momentum": sp.S.One},
    "the embedding scales as the rate": {"embedding": c**2},
}

SHOWN: Shown = {
    "learning_rate": r"\text{factor of the learning rate}",
    "weight_decay": r"\text{factor of the weight decay}",
    "gradient": r"\text{factor of the gradient}",
    "momentum": r"\text{factor of the momentum}",
    "embedding": r"\text{factor of the embedding}",
}
