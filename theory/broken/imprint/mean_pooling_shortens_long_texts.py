"""Broken variants of C9: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.imprint.mean_pooling_shortens_long_texts import M, S, T

BROKEN: Variants = {
    "the spread does not average out": {"squared_norm": M**2 + S**2},
    "the mean averages out too": {"squared_norm": (M**2 + S**2) / T},
    "the spread falls as its root": {"squared_norm": M**2 + S**2 / T**2},
    "one degree of freedom is lost": {"squared_norm": M**2 + S**2 / (T + 1)},
    "long texts vanish": {"limit": 0 * M},
    "long texts keep the spread": {"limit": M**2 + S**2},
    "the fall is that of the continuous law": {"fall": S**2 / T**2},
    "the fall is a rise": {"fall": -(S**2) / (T * (T + 1))},
}

SHOWN: Shown = {
    "squared_norm": r"\mathbb E\lVert \bar h\rVert^2",
}
