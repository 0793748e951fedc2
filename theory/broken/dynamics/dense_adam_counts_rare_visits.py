"""Broken variants of B12g: what every check must catch."""

from __future__ import annotations

from theory.broken import Letters, Shown, Variants
from theory.laws.dynamics.dense_adam_counts_rare_visits import DIM, FORGET, P

BROKEN: Variants = {
    "v does not fade": {"mean_scale": P},
    "v is fresh at every visit": {"mean_scale": FORGET},
    "the visit does not count": {"mean_scale": P - FORGET * P},
    "as if always visited": {"least_heat": DIM * P / P},
    "as if always fresh": {"least_heat": DIM * P / FORGET},
    "the upper bound is halved": {"most_heat": DIM * P / (2 * FORGET)},
    "the upper bound is doubled": {"most_heat": 2 * DIM * P / FORGET},
    "a lazy row is as a dense one": {"lazy_heat": DIM * P / (P + FORGET - FORGET * P)},
    "a lazy row counts as always visited": {"lazy_heat": DIM * P / P},
}

SHOWN: Shown = {
    "most_heat": r"H \le",
    "least_heat": r"H \ge",
    "lazy_heat": r"H \text{ of a lazy row}",
}

LETTERS: Letters = {
    "H": r"the mean of $\lVert s\rVert^2$ per step",
}
