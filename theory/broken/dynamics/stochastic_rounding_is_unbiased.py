"""Broken variants of B13b: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.dynamics.stochastic_rounding_is_unbiased import GAP, LOW, MOVE, SHARE, X

BROKEN: Variants = {
    "the lower neighbour": {"mean": LOW},
    "half way": {"mean": LOW + GAP / 2},
    "the share is turned round": {"mean": LOW + (1 - SHARE) * GAP},
    "the variance is uniform": {"variance": GAP**2 / 12},
    "the variance grows with the share": {"variance": SHARE * GAP**2},
    "half of the largest variance": {"largest_variance": GAP**2 / 8},
    "twice the largest variance": {"largest_variance": GAP**2 / 2},
    "the square has no heat": {"next_square": (X - MOVE) ** 2},
    "the heat is the first neighbour's whole": {"next_square": (X - MOVE) ** 2 + GAP * MOVE},
    "the heat cools": {"next_square": (X - MOVE) ** 2 - MOVE * (GAP - MOVE)},
}

SHOWN: Shown = {
    "largest_variance": r"\mathbb E(R(y) - y)^2 \le",
}
