"""Statistics of independent replicates: a mean, or a function of means, with an interval of a stated error rate.

The interval is Student's: means of many steps of many replicates are close to normal, and the spread is measured. At
the default rate a comparison of a law that is true fails once in 1e9 of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy.stats import norm, t

from derivations.evidence import Floats

ERROR_RATE = 1e-9  # of one comparison, both sides together


@lru_cache(maxsize=256)
def quantile(replicates: int, error_rate: float = ERROR_RATE) -> float:
    """Standard errors that a mean of so many normal replicates, its spread measured, is beyond once in 1/error_rate."""
    return float(t.isf(error_rate / 2, replicates - 1))


def normal_quantile(error_rate: float = ERROR_RATE) -> float:
    """The same for a spread that is known."""
    return float(norm.isf(error_rate / 2))


def mean(values: Floats) -> tuple[Floats, Floats]:
    """Mean over the last axis (replicates), and half the width of its interval."""
    count = values.shape[-1]
    return np.mean(values, axis=-1), quantile(count) * np.std(values, axis=-1, ddof=1) / np.sqrt(count)


def mean_within(samples: Floats) -> tuple[Floats, Floats]:
    """The same over the first axis, where each row is a replicate."""
    return mean(np.moveaxis(samples, 0, -1))


def of_means(function: Callable[..., Floats], *columns: Floats) -> tuple[Floats, Floats]:
    """``function`` of the columns' means over their last axis (replicates), and its interval by the jackknife.

    The function takes arrays (...) and is smooth; leaving out one replicate at a time gives its standard error (Efron,
    *The Jackknife, the Bootstrap and Other Resampling Plans*, 1982), and its bias is of second order in that.
    """
    count = columns[0].shape[-1]
    totals = [np.sum(c, axis=-1, keepdims=True) for c in columns]
    whole = function(*(total[..., 0] / count for total in totals))
    without = function(*((total - c) / (count - 1) for total, c in zip(totals, columns, strict=True)))
    spread = np.sqrt((count - 1) * np.mean((without - np.mean(without, axis=-1, keepdims=True)) ** 2, axis=-1))
    return whole, quantile(count) * spread
