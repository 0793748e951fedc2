"""Ranks: average ranks for ties, held as codes, so that ranks within any set of rows need no second sort."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numerics.validation import InvalidInput

Floats = NDArray[np.float64]
Rows = NDArray[np.bool_]
MOST_ROWS = 2**31 - 1  # codes are int32


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
    """Sort ``values`` (n,) once; NaN is missing, infinities have ranks. O(n log n), 24 bytes a row while it works, 4 afterwards."""
    if len(values) > MOST_ROWS:
        raise InvalidInput(f"values has {len(values)} rows, must have at most {MOST_ROWS}")
    order = np.argsort(values)  # in which order ties come does not matter
    in_order = values[order]
    present = len(values) - int(np.count_nonzero(np.isnan(values)))
    rises = np.ones(present, np.int32)
    rises[:1] = 0
    np.not_equal(in_order[1:present], in_order[: max(present - 1, 0)], out=rises[1:], casting="unsafe")
    del in_order
    codes = np.full(len(values), -1, np.int32)
    places = np.cumsum(rises, dtype=np.int32)
    codes[order[:present]] = places
    return Ranked(codes, int(places[-1]) + 1 if present else 0)


def average_ranks(values: Floats) -> Floats:
    """Ranks from 1; equal values share the average of theirs; NaN keeps NaN."""
    variable = ranked(values)
    present = variable.present
    ranks = np.full(len(values), np.nan)
    if variable.distinct:
        ranks[present] = (variable.scores()[variable.codes[present]] + 0.5) * np.count_nonzero(present) + 0.5
    return ranks
