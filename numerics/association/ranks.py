"""Ranks: average ranks for ties, held as codes, so that ranks within any set of rows need no second sort."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numerics.places import places

Floats = NDArray[np.float64]
Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Ranked:
    """A variable of n rows as the place of each value among its distinct ones, in ascending order; -1 where it is missing (NaN)."""

    codes: NDArray[np.int32]  # (n,)
    distinct: int

    @property
    def present(self) -> Rows:
        """Which rows have a value."""
        return self.codes >= 0

    def scores(self, rows: Rows | None = None) -> Floats:
        """The score of each distinct value among ``rows``: (average rank - 1/2) / number of rows - 1/2.

        Between -1/2 and 1/2, mean 0 over the rows; values not among the rows have the score they would split them by. A
        correlation of scores is one of average ranks.
        """
        codes = self.codes if rows is None else self.codes[rows]
        counts = np.bincount(codes[codes >= 0], minlength=self.distinct).astype(np.float64)
        return centred_scores(counts)


def centred_scores(counts: Floats) -> Floats:
    """Scores of values that occur ``counts`` times each (any non-negative weights), in ascending order of the values."""
    below = np.cumsum(counts)
    return (below - counts / 2) / below[-1] - 0.5


def ranked(values: Floats) -> Ranked:
    """``values`` (n,) by their places (`numerics.places`); NaN is missing, infinities have ranks. 4 bytes a row."""
    return Ranked(*places(values))


def average_ranks(values: Floats) -> Floats:
    """Ranks from 1; equal values share the average of theirs; NaN keeps NaN."""
    variable = ranked(values)
    present = variable.present
    ranks = np.full(len(values), np.nan)
    if variable.distinct:
        counts = np.bincount(variable.codes[present])
        ranks[present] = (np.cumsum(counts) - (counts - 1) / 2)[variable.codes[present]]
    return ranks
