"""Independent units: the groups that rows come in, or the rows themselves; so many that a bootstrap of them stays cheap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.validation import InvalidInput

# More units are thrown together at random. A variance from M sums has a relative standard error of sqrt(2/M), 1.1 %, so an interval
# is 0.55 % too wide or too narrow, and covers 0.13 % more or less often at level 0.95.
MOST_CLUSTERS = 2**14


@dataclass(frozen=True)
class Clusters:
    """The cluster of each row, from 0 to ``count`` - 1; the unit of each row, before some were thrown together (None: the row)."""

    codes: NDArray[np.int32]  # (n,)
    count: int
    units: NDArray[np.int32] | None

    def taking_part(self, rows: NDArray[np.bool_] | None) -> int:
        """How many independent units have one of ``rows``."""
        if self.units is None:
            return len(self.codes) if rows is None else int(np.count_nonzero(rows))
        return int(np.count_nonzero(np.bincount(self.units if rows is None else self.units[rows])))


def clusters_of(group: ArrayLike | None, rows: int, seed: int) -> Clusters:
    """Clusters by the values of ``group`` (n,), numbers or text; each row its own without. Raises ``InvalidInput`` for a missing group."""
    if group is None:
        codes = np.arange(rows, dtype=np.int32)
        return Clusters(_thrown_together(codes, rows, seed), min(rows, MOST_CLUSTERS), None)
    values = np.asarray(group)
    if values.shape != (rows,):
        raise InvalidInput(f"group has shape {values.shape}, must have one value a row: ({rows},)")
    if values.dtype.kind not in "iufbUSTO":
        raise InvalidInput(f"group has dtype {values.dtype}, must be numbers or text")
    if values.dtype.kind == "f" and np.any(np.isnan(values)):
        raise InvalidInput(f"group[{int(np.flatnonzero(np.isnan(values))[0])}] is missing: every row must be in a group")
    try:
        names, inverse = np.unique(values, return_inverse=True)
    except TypeError as mixed:
        raise InvalidInput("group mixes text and numbers: give one or the other") from mixed
    units = inverse.astype(np.int32)
    return Clusters(_thrown_together(units, len(names), seed), min(len(names), MOST_CLUSTERS), units)


def _thrown_together(units: NDArray[np.int32], count: int, seed: int) -> NDArray[np.int32]:
    if count <= MOST_CLUSTERS:
        return units
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0xC1,)))
    return rng.integers(0, MOST_CLUSTERS, count, dtype=np.int32)[units]
