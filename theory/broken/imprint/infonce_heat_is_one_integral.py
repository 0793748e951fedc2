"""Broken variants of C3a: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Letters, Shown, Variants
from theory.laws.imprint.infonce_heat_is_one_integral import F1, F2, MISS, MOMENT, NEGATIVES, PSI, T0, T1, F, P, S, T, X
from theory.notation import n, tau

BROKEN: Variants = {
    "the miss counts once": {"positive_part": MISS * (1 - T**2) / tau**2},
    "the hit counts": {"positive_part": (1 - MISS) ** 2 * (1 - T**2) / tau**2},
    "negatives count once": {"negative_part": P * (1 - S**2) / tau**2},
    "negatives do not count": {"negative_part": sp.S.Zero},
    "pairs are missing": {"second_moment": n * F2 * F ** (n - 1)},
    "all pairs count": {"second_moment": n * F2 * F ** (n - 1) + n**2 * F1**2 * F ** (n - 2)},
    "one negative heats": {"negatives": PSI * F ** (n - 1)},
    "all negatives damp": {"negatives": n * PSI * F**n},
    "the weight is 1": {"heat_density": (T1 * MOMENT + T0 * NEGATIVES) / tau**2},
    "the positive does not heat": {"heat_density": X * T0 * NEGATIVES / tau**2},
}

SHOWN: Shown = {
    "positive_part": r"\text{summand of the positive}",
    "negative_part": r"\text{summand of a negative}",
    "negatives": r"\mathbb{E}\bigl[\textstyle\sum_j (1 - s_j^2) z_j^2 e^{-xZ}\bigr]",
    "heat_density": r"\text{integrand}",
}

LETTERS: Letters = {
    "q": "the probability $1 - p_+$ of a miss",
    "p": "that of a negative",
    "F_1": "$F'$",
    "F_2": "$F''$",
    "M": r"$\mathbb E[Z^2 e^{-xZ}]$",
    "N": r"$\mathbb E\bigl[\sum_j (1 - s_j^2) z_j^2 e^{-xZ}\bigr]$",
}
