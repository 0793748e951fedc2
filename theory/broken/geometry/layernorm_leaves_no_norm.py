"""Broken variants of A9b: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Variants
from theory.laws.geometry.layernorm_leaves_no_norm import EPSILON, ONES, VARIANCE, D
from theory.notation import u
from theory.vectors import Cosine, Norm

BROKEN: Variants = {
    "the mean is not taken away": {"variance": Norm(u) ** 2 / D},
    "the variance is a sum": {"variance": Norm(u) ** 2 * (1 - Cosine(u, ONES) ** 2)},
    "the norm is that of a unit vector": {"squared_norm": VARIANCE / (VARIANCE + EPSILON)},
    "epsilon counts twice": {"squared_norm": D * VARIANCE / (VARIANCE + 2 * EPSILON)},
    "the limit is 1": {"limit": sp.S.One},
    "a division leaves the dimension": {"normalized": D},
    "a division leaves nothing": {"normalized": sp.S.Zero},
}
