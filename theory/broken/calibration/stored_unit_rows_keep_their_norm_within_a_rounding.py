"""Broken variants of D3: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.calibration.stored_unit_rows_keep_their_norm_within_a_rounding import E

BROKEN: Variants = {
    "half a rounding above": {"upper": (1 + E / 2) ** 2},
    "a rounding of the square": {"upper": 1 + E},
    "two roundings above": {"upper": (1 + 2 * E) ** 2},
    "half a rounding below": {"lower": (1 - E / 2) ** 2},
    "a rounding below the square": {"lower": 1 - E},
    "never below 1": {"lower": E**0},
    "norms differ by one rounding": {"spread": E / (1 - E)},
    "norms differ by three": {"spread": 3 * E / (1 - E)},
    "norms do not differ": {"spread": 0 * E},
}

SHOWN: Shown = {
    "upper": r"\lVert\tilde u\rVert^2 \le",
    "lower": r"\lVert\tilde u\rVert^2 \ge",
    "spread": r"\frac{\lVert\tilde u\rVert}{\lVert\tilde v\rVert} - 1 \le",
}
