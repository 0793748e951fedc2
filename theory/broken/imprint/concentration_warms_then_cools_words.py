"""Broken variants of C11b: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.imprint.bias_and_dispersion_compete import COMMON, OWN, K, M
from theory.laws.imprint.concentration_warms_then_cools_words import FORMULAS, N, Q, R
from theory.notation import tau
from theory.vectors import Cosine

BROKEN: Variants = {
    "own contexts are as frequent as preferred": {"own_share": R / (1 + R)},
    "the prior is forgotten": {"posterior": R / (R + 1)},
    "the odds are against own ones": {"posterior": K / (K + R * M)},
    "the fit costs no distance": {"fitted_apart": 2 - 2 * Cosine(OWN, COMMON)},
    "the fit's logarithm is not squared": {"fitted_apart": 2 - 2 * Cosine(OWN, COMMON) - tau**2 * sp.log(R)},
    "one negative as many": {"one_negative": Q * R / (Q + R) ** 2},
    "many negatives are half as warm": {"many_negatives": Q * R / (Q + R) ** 2 / 2},
    "the lower bound is the upper": {"least": Q * R / (Q + R) ** 2},
    "the lower bound counts one negative more": {"least": FORMULAS["least"].subs(N, N + 1)},
    "one negative turns at the rarity itself": {"one_turns_at": Q**2},
    "many turn at its root": {"many_turn_at": sp.sqrt(Q)},
    "it rises twice as far": {"rises_below": 2 * FORMULAS["rises_below"]},
    "it rises as far as with many": {"rises_below": Q**2},
    "it rises a little farther": {"rises_below": Q * (N * Q + 2) / (N + Q)},  # with one negative: with more that may be so
    "it falls a little sooner": {"falls_above": N * Q - Q / 4},
    "it falls from the root on": {"falls_above": Q},
    "it falls from a tenth on": {"falls_above": N * Q / 10},
    "specificity falls": {"specificity_slope": -Q * sp.log(R) / (Q + R) ** 2},
    "specificity grows as the share": {"specificity_slope": Q / (Q + R) ** 2},
}

SHOWN: Shown = {
    "own_share": r"\text{share of own contexts}",
    "posterior": "a",
    "one_negative": r"\mathbb E[a(1-a)]|_{N=1}",
    "many_negatives": r"\mathbb E[a(1-a)] \le",
    "one_turns_at": r"R^2 \text{ at the maximum for } N = 1",
    "many_turn_at": r"R \text{ at the maximum for } N \to \infty",
    "rises_below": r"R^2 \text{ up to which it rises}",
    "falls_above": r"R^2 \text{ from which it falls}",
    "least": r"\mathbb E[a(1-a)] \ge",
}
