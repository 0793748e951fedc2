"""Broken variants of B11d: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.notation import c

BROKEN: Variants = {
    "the rate scales as for SGD": {"learning_rate": c**2},
    "the rate does not scale": {"learning_rate": sp.S.One},
    "the decay scales as for SGD": {"weight_decay": c**-2},
    "the decay scales with the rate": {"weight_decay": c},
    "the gradient does not scale": {"gradient": sp.S.One},
    "the first moment does not scale": {"first_moment": sp.S.One},
    "the first moment scales as the norm": {"first_moment": c},
    "the second moment scales as the first": {"second_moment": 1 / c},
    "the second moment does not scale": {"second_moment": sp.S.One},
    "the accumulator does not scale": {"accumulator": sp.S.One},
    "the accumulator scales as a square": {"accumulator": c**-2},
    "the embedding scales as a square": {"embedding": c**2},
}

SHOWN: Shown = {
    "learning_rate": r"\text{factor of the learning rate}",
    "weight_decay": r"\text{factor of the weight decay}",
    "gradient": r"\text{factor of the gradient}",
    "first_moment": r"\text{factor of the first moment}",
    "second_moment": r"\text{factor of the second moment}",
    "accumulator": r"\text{factor of the accumulator}",
    "embedding": r"\text{factor of the embedding}",
}
