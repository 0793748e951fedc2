"""p-values of a family of tests, adjusted for how many there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from numerics.association.ranks import Floats
from numerics.validation import InvalidInput, real


def holm(p_values: ArrayLike) -> Floats:
    """Adjusted so that rejecting those at most alpha has a false one with probability at most alpha, whatever their dependence.

    Holm, "A simple sequentially rejective multiple test procedure", 1979. NaN (no test) stays NaN and is not counted.
    """
    return _adjusted(p_values, lambda sorted_p, m: np.maximum.accumulate(sorted_p * np.arange(m, 0, -1)))


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """Adjusted so that of those at most alpha a share of at most alpha is false on average, for independent or positively dependent tests.

    Benjamini and Hochberg, "Controlling the false discovery rate", 1995. NaN stays NaN and is not counted.
    """
    return _adjusted(p_values, lambda sorted_p, m: np.minimum.accumulate((sorted_p * m / np.arange(1, m + 1))[::-1])[::-1])


def unadjusted(p_values: ArrayLike) -> Floats:
    """The p-values as they are."""
    return _adjusted(p_values, lambda sorted_p, _: sorted_p)


CORRECTIONS: Final[dict[str, Callable[[ArrayLike], Floats]]] = {
    "holm": holm,
    "benjamini-hochberg": benjamini_hochberg,
    "none": unadjusted,
}


def _adjusted(p_values: ArrayLike, step: Callable[[Floats, int], Floats]) -> Floats:
    values = np.asarray(real("p_values", p_values), np.float64)
    if values.ndim != 1:
        raise InvalidInput(f"p_values has shape {values.shape}, must have shape (tests,)")
    tested = ~np.isnan(values)
    if np.any((values[tested] < 0) | (values[tested] > 1)):
        wrong = int(np.flatnonzero(tested & ~((values >= 0) & (values <= 1)))[0])
        raise InvalidInput(f"p_values[{wrong}] = {values[wrong]:g} must be between 0 and 1")
    out = np.full(len(values), np.nan)
    order = np.flatnonzero(tested)[np.argsort(values[tested], kind="stable")]
    if len(order):
        out[order] = np.minimum(step(values[order], len(order)), 1.0)
    return out
