"""Does each group by itself show the sign that all rows together show?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from numerics.association.correlation import partial
from numerics.association.ranks import Floats
from numerics.association.row_sets import RowSet
from numerics.compilation.compiled import kernel, part
from numerics.resampling.proportions import binomial_interval

_GROUPS: Final = 2**14  # of which the covariances are held at a time
_FEW, _MANY = 48, 4096  # rows: fewer are sorted by insertion, as many by digits of 11 bits and not 8


@dataclass(frozen=True)
class SignCounts:
    """Signs of the correlations within groups, ranked within each; ``low``, ``high`` bound the share of groups with a positive one."""

    positive: int
    negative: int
    undecided: int  # groups in which it is 0, or not defined: too few rows, or a constant
    low: float
    high: float

    @property
    def consistent(self) -> bool:
        """Whether more than half of the groups have one sign, beyond chance: the interval excludes 1/2."""
        return self.low > 0.5 or self.high < 0.5

    def agreeing(self, value: float) -> int:
        """How many groups have the sign of ``value``."""
        return self.positive if value > 0 else self.negative if value < 0 else 0


def sign_counts(rows: RowSet, statistics: Sequence[Sequence[int]], level: float, threads: int | None = None) -> list[SignCounts]:
    """Signs over the groups of ``rows`` of the correlations of the first two variables given the rest, v of them; groups need v + 2 rows.

    The interval is Clopper and Pearson's (1934), at ``level`` or more for groups that are independent.
    """
    counts = np.zeros((len(statistics), 3), np.int64)  # positive, negative, undecided
    for sizes, covariance in _covariances(rows, threads):
        for variables, count in zip(statistics, counts, strict=True):
            found = _correlations(sizes, covariance, rows.places(variables))
            up, down = int(np.count_nonzero(found > 0)), int(np.count_nonzero(found < 0))
            count += np.array([up, down, len(found) - up - down])
    return [SignCounts(up, down, rest, *binomial_interval(up, up + down, level)) for up, down, rest in counts.tolist()]


def within(rows: RowSet, variables: Sequence[int]) -> Floats:
    """The correlation in each group that has rows, NaN where it is not defined."""
    return np.concatenate([_correlations(*found, rows.places(variables)) for found in _covariances(rows, None)])


def _correlations(sizes: NDArray[np.int64], covariance: Floats, at: Sequence[int]) -> Floats:
    return np.where(sizes >= len(at) + 2, partial(covariance[np.ix_(range(len(sizes)), at, at)]), np.nan)


def _covariances(rows: RowSet, threads: int | None) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """Sizes (b,) of groups that have rows, and covariances (b, v, v) of the ranks within each, some groups at a time."""
    assert rows.ends is not None
    bounds = np.append(rows.ends[:-1][np.diff(rows.ends) > 0], rows.rows)
    width = rows.ranks.shape[1]
    for first in range(0, len(bounds) - 1, _GROUPS):
        ends = bounds[first : first + _GROUPS + 1]
        covariance = np.empty((len(ends) - 1, width, width))
        _within(len(covariance), threads, rows.ranks, ends, covariance)
        yield np.diff(ends), covariance


@part
def _sort(keys, spare, counts, size):  # type: ignore[no-untyped-def]
    """Sort the first ``size`` of ``keys`` (n,) by their high 32 bits, equal ones as they come; ``spare`` (n,)."""
    if size < _FEW:
        for i in range(1, size):
            key = keys[i]
            k = i
            while k > 0 and keys[k - 1] > key:  # the low bits are in order as they come
                keys[k] = keys[k - 1]
                k -= 1
            keys[k] = key
        return
    most = np.uint64(0)
    for i in range(size):
        most = max(most, keys[i])
    width = np.uint64(8 if size < _MANY else 11)
    shift, digit = np.uint64(32), (np.uint64(1) << width) - np.uint64(1)
    while shift < np.uint64(64) and most >> shift > np.uint64(0):  # a shift by 64 would be one by 0
        for k in range(np.int64(digit) + 1):
            counts[k] = 0
        for i in range(size):
            counts[np.int64((keys[i] >> shift) & digit)] += 1
        below = 0
        for k in range(np.int64(digit) + 1):
            here = counts[k]
            counts[k] = below
            below += int(here)
        for i in range(size):
            to = np.int64((keys[i] >> shift) & digit)
            spare[counts[to]] = keys[i]
            counts[to] += 1
        for i in range(size):
            keys[i] = spare[i]
        shift += width


@kernel
def _within(stamp: int) -> Any:
    """Covariances (groups, v, v) of centred average ranks over group size; rows [ends[g], ends[g + 1]) are group g."""

    def run(first, last, ranks, ends, covariance):  # type: ignore[no-untyped-def]
        width, largest = ranks.shape[1], 0
        for g in range(first, last if stamp != 0 else first):
            largest = max(largest, ends[g + 1] - ends[g])
        own = np.empty((largest, width))
        keys, spare, counts = np.empty(largest, np.uint64), np.empty(largest, np.uint64), np.empty(2048, np.int64)
        for g in range(first, last if stamp != 0 else first):
            start, size = ends[g], ends[g + 1] - ends[g]
            for j in range(width):
                lowest = np.int64(ranks[start, j])
                for i in range(size):
                    lowest = min(lowest, np.int64(ranks[start + i, j]))
                for i in range(size):
                    keys[i] = (np.uint64(ranks[start + i, j] - lowest) << np.uint64(32)) | np.uint64(i)
                _sort(keys, spare, counts, size)
                k = 0
                while k < size:
                    until = k + 1
                    while until < size and keys[until] >> np.uint64(32) == keys[k] >> np.uint64(32):
                        until += 1
                    for i in range(k, until):
                        own[np.int64(keys[i] & np.uint64(0xFFFFFFFF)), j] = k + until - size
                    k = until
            total = covariance[g]
            total[:] = 0.0
            for i in range(size):  # whole numbers: exact in groups of up to 2^17 rows
                for j in range(width):
                    for k in range(j + 1):
                        total[j, k] += own[i, j] * own[i, k]
            for j in range(width):
                for k in range(j + 1):
                    total[j, k] /= 4.0 * size * size * size
                    total[k, j] = total[j, k]

    return run
