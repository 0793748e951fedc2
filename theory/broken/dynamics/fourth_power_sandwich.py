"""Broken variants of B4: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.notation import a, z0

BROKEN: Variants = {
    "the drives count once": {"lower": z0 + A},
    "the drives count three times": {"lower": z0 + 3 * A},
    "the start is missing": {"lower": 2 * A},
    "the term has the wrong exponent": {"term": a / (z0 + 2 * A)},
    "the term is halved": {"term": a**2 / (z0 + 2 * A) / 2},
    "the term has the wrong sign": {"term": -(a**2) / (z0 + 2 * A)},
    "the logarithm is missing": {"upper_excess": M**2 / z0},
    "the first step is missing": {"upper_excess": M * sp.log((z0 + 2 * A) / z0) / 2},
    "the largest drive counts once": {"upper_excess": M / z0 + sp.log((z0 + 2 * A) / z0) / 2},
}

SHOWN: Shown = {
    "lower": r"z_K \ge",
    "upper_excess": r"\sum_{k<K} \frac{a_k^2}{z_0 + 2 A_k} \le",
}
