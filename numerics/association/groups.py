"""Does each group by itself show the sign that all rows together show?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.association.correlation import partial
from numerics.association.ranks import Floats, Ranked, Rows
from numerics.compilation.compiled import kernel
from numerics.resampling.proportions import binomial_interval


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


def sign_counts(variables: Sequence[Ranked], rows: Rows | None, groups: NDArray[np.integer], level: float) -> SignCounts:
    """Signs over ``groups`` (n,) of the correlation of the first two ``variables`` given the rest; groups need v + 2 rows.

    The interval is Clopper and Pearson's (1934), at ``level`` or more for groups that are independent.
    """
    found = _within(variables, rows, groups)
    positive, negative = int(np.count_nonzero(found > 0)), int(np.count_nonzero(found < 0))
    low, high = binomial_interval(positive, positive + negative, level)
    return SignCounts(positive, negative, len(found) - positive - negative, low, high)


def _within(variables: Sequence[Ranked], rows: Rows | None, groups: NDArray[np.integer]) -> Floats:
    """The correlation in each group that has rows, NaN where it is not defined."""
    chosen = np.arange(len(groups)) if rows is None else np.flatnonzero(rows)
    chosen = chosen[np.argsort(groups[chosen], kind="stable")]
    ends = np.append(np.flatnonzero(np.diff(groups[chosen])) + 1, len(chosen))
    codes = np.empty((len(variables), len(chosen)), np.int32)
    for variable, held in zip(variables, codes, strict=True):
        np.take(variable.codes, chosen, out=held)
    covariance = np.empty((len(ends), len(variables), len(variables)))
    _covariances_within(len(ends), None, codes, np.concatenate([[0], ends]).astype(np.int64), covariance)
    sizes = np.diff(ends, prepend=0)
    return np.where(sizes >= len(variables) + 2, partial(covariance), np.nan)


@kernel
def _covariances_within(stamp: int) -> Any:
    """Covariances (groups, v, v) of centred average ranks over group size; rows [ends[g], ends[g + 1]) are group g."""

    def run(first, last, codes, ends, covariance):  # type: ignore[no-untyped-def]
        width = codes.shape[0]
        for g in range(first, last if stamp != 0 else first):
            start, size = ends[g], ends[g + 1] - ends[g]
            scores = np.empty((width, size))
            for j in range(width):
                own = codes[j, start : start + size]
                order = np.argsort(own)
                k = 0
                while k < size:
                    until = k + 1
                    while until < size and own[order[until]] == own[order[k]]:
                        until += 1
                    for i in range(k, until):
                        scores[j, order[i]] = (k + until) / 2.0 / size - 0.5
                    k = until
            for j in range(width):
                for k in range(j + 1):
                    total = 0.0
                    for i in range(size):
                        total += scores[j, i] * scores[k, i]
                    covariance[g, j, k] = total / size
                    covariance[g, k, j] = total / size

    return run
