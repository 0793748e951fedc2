"""Norms that come in levels, in spikes, or exactly equal."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc, gammaln

from numerics.norm_signal.records import ERROR_RATE, EqualNorms, Floats, Level

_NAMED = 10
_NEIGHBOURS = 64
_WHOLE = 1 - 2.0**-40  # a floor of the norm itself, as of subnormal numbers: everything is near everything


def levels(ordered: Floats, floor: float) -> list[Level]:
    """Levels of ascending norms: within twice the ``floor`` of each other, apart by more, of so many rows that chance has no part.

    Were the density of log norms unimodal, the gap between two levels would be no less likely a place than the rarer of them:
    of k rows there and in the gap, none is in the gap with probability at most 2^-k. Fewer than two levels are none.
    """
    logs = np.log(ordered)
    width = 2 * math.atanh(min(floor, _WHOLE))
    starts = np.concatenate([[0], np.flatnonzero(np.diff(logs) > width) + 1])
    ends = np.append(starts[1:], len(ordered))
    fewest = math.ceil(math.log2(len(ordered) / ERROR_RATE))
    narrow = (ends - starts >= fewest) & (logs[ends - 1] - logs[starts] <= width)
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    found = [Level(float((sums[b] - sums[a]) / (b - a)), int(b - a)) for a, b in zip(starts[narrow], ends[narrow], strict=True)]
    return found if len(found) > 1 else []


def densest(ordered: Floats, floor: float) -> tuple[int, int]:
    """First and last + 1 of the most rows within ``floor`` of one norm."""
    near = min(floor, _WHOLE)
    until = np.searchsorted(ordered, ordered * ((1 + near) / (1 - near)), side="right")
    first = int(np.argmax(until - np.arange(len(ordered))))
    return first, int(until[first])


def is_spike(ordered: Floats, first: int, last: int) -> bool:
    """Whether rows [first, last) stand more than twice as dense as the denser of both neighbourhoods of equal width, beyond chance.

    No density as smooth as Laplace's is so peaked once its variation is three times the half-width. Binomial, corrected for having
    looked everywhere.
    """
    ratio = float(ordered[last - 1] / ordered[first])
    ratio = max(ratio, 1 + 2.0**-50)
    below = first - int(np.searchsorted(ordered, ordered[first] / ratio, side="left"))
    above = int(np.searchsorted(ordered, ordered[last - 1] * ratio, side="right")) - last
    inside, beside = last - first, max(below, above)
    return float(bdtrc(inside - 1, inside + beside, 2 / 3)) * len(ordered) < ERROR_RATE


def equal_norms(order: NDArray[np.int64], ordered: Floats, lattice: float) -> tuple[list[EqualNorms], int]:
    """The largest groups, and how many rows are in any.

    A group: rows with exactly one norm, more than the norms around it would make them by chance.

    With norms on a grid of relative spacing ``lattice`` and a density as that of the nearest other norms, a row meets Poisson(m)
    others, and some group has k of them with probability at most rows * m^(k - 1) / (k - 1)!.
    """
    starts = np.concatenate([[0], np.flatnonzero(np.diff(ordered) > 0) + 1])
    ends = np.append(starts[1:], len(ordered))
    several = ends - starts > 1
    a, b = starts[several], ends[several]
    low, high = np.maximum(a - _NEIGHBOURS, 0), np.minimum(b + _NEIGHBOURS, len(ordered))
    others = (high - low) - (b - a)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = others / np.log(ordered[high - 1] / ordered[low]) * lattice
        chance = math.log(len(ordered)) + (b - a - 1) * np.log(mean) - gammaln(b - a)
    unlikely = np.flatnonzero((others > 0) & (chance < math.log(ERROR_RATE)))
    largest = unlikely[np.argsort(-(b - a)[unlikely], kind="stable")][:_NAMED]
    named = [EqualNorms(float(ordered[a[k]]), int(b[k] - a[k]), int(np.min(order[a[k] : b[k]]))) for k in largest]
    return named, int(np.sum((b - a)[unlikely]))
