"""Rows far from the others, on a scale that they cannot move."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm as normal

from numerics.norm_signal.records import ERROR_RATE, Floats, Outlier, Outliers

_NAMED = 10
_MAD = float(1 / normal.ppf(0.75))  # of a normal law: standard deviation over median absolute deviation
_MAD_ERROR = 1.1664  # sqrt(rows) times the relative standard error of that, for normal data (asymptotic efficiency 36.7 %)


def robust_spread(logs: Floats) -> float:
    """The standard deviation of normal numbers with the median absolute deviation of ``logs``."""
    return _MAD * float(np.median(np.abs(logs - np.median(logs))))


def outliers(order: NDArray[np.int64], ordered: Floats, floor: float) -> Outliers:
    """Rows of ascending norms whose logarithms are beyond what lognormal norms would reach: any at all, with `ERROR_RATE` at most.

    The robust standard deviation is that of the median absolute deviation, its own error added to the threshold, and no less than
    half of what rounding moves a norm (so norms that rounding explains are never outliers).
    """
    logs = np.log(ordered)
    rows, middle = len(logs), float(np.median(logs))
    scale = max(robust_spread(logs), floor / 2)
    z = normal.isf(ERROR_RATE / 4 / rows)
    threshold = float(z * (1 + normal.isf(ERROR_RATE / 4) * _MAD_ERROR / math.sqrt(rows)))
    low = int(np.searchsorted(logs, middle - threshold * scale, side="left"))
    high = rows - int(np.searchsorted(logs, middle + threshold * scale, side="right"))
    far = [*range(min(low, _NAMED)), *range(rows - min(high, _NAMED), rows)]
    far.sort(key=lambda k: -abs(float(logs[k]) - middle))
    named = tuple(Outlier(int(order[k]), float(ordered[k]), (float(logs[k]) - middle) / scale) for k in far[:_NAMED])
    return Outliers(threshold, low, high, named)
