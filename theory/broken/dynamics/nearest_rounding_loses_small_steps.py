"""Broken variants of B13a: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.dynamics.nearest_rounding_loses_small_steps import BITS

BROKEN: Variants = {
    "one bit more is lost": {"never": 2 ** (-BITS)},
    "the leading bit is not counted": {"never": 2 ** (1 - BITS)},
    "half the threshold moves everything": {"always": 2 ** (-BITS - 1)},
    "always from a quarter on": {"always": 2 ** (-BITS - 2)},
    "spaced twice as far": {"spacing": 2 ** (1 - BITS)},
    "spaced half as far": {"spacing": 2 ** (-1 - BITS)},
}

SHOWN: Shown = {
    "always": r"\text{relative change from which all move}",
    "never": r"\text{relative change up to which none moves}",
    "spacing": r"\text{spacing}",
}
