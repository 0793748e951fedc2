"""Independent units: the groups that rows come in, or the rows themselves; so many that a bootstrap of them stays cheap."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.compilation.compiled import stamped
from numerics.places import places
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
    unit_count: int = 0

    @cached_property
    def in_order(self) -> NDArray[np.int32]:
        """All rows (n,) by their units, those of a unit as they come; without units as they come. O(n), no sorting."""
        if self.units is None:
            return np.arange(len(self.codes), dtype=np.int32)
        order = np.empty(len(self.units), np.int32)
        _order(self.units, np.cumsum(np.bincount(self.units)), order)
        return order

    @property
    def unit(self) -> str:
        """What a unit is called: a row or a group of them."""
        return "row" if self.units is None else "group"

    def taking_part(self, rows: NDArray[np.bool_] | None) -> int:
        """How many independent units have one of ``rows``."""
        if self.units is None:
            return len(self.codes) if rows is None else int(np.count_nonzero(rows))
        return int(np.count_nonzero(np.bincount(self.units if rows is None else self.units[rows])))


def clusters_of(group: ArrayLike | None, rows: int, seed: int) -> Clusters:
    """Clusters by the values of ``group`` (n,), numbers or text; each row its own without. Raises ``InvalidInput`` for a missing group."""
    if group is None:
        codes = np.arange(rows, dtype=np.int32)
        return Clusters(_thrown_together(codes, rows, seed), min(rows, MOST_CLUSTERS), None, rows)
    values = np.asarray(group)
    if values.shape != (rows,):
        raise InvalidInput(f"group has shape {values.shape}, must have one value a row: ({rows},)")
    if values.dtype.kind not in "iufbUSTO":
        raise InvalidInput(f"group has dtype {values.dtype}, must be numbers or text")
    if values.dtype.kind == "f" and np.any(np.isnan(values)):
        raise InvalidInput(f"group[{int(np.flatnonzero(np.isnan(values))[0])}] is missing: every row must be in a group")
    units, count = _named(values)
    return Clusters(_thrown_together(units, count, seed), min(count, MOST_CLUSTERS), units, count)


def _named(values: NDArray[Any]) -> tuple[NDArray[np.int32], int]:
    """The place of each value of ``values`` among the distinct ones, and how many there are."""
    if values.dtype.kind in "iufb":
        return places(values)
    try:
        names, inverse = np.unique(values, return_inverse=True)
    except TypeError as mixed:
        raise InvalidInput("group mixes text and numbers: give one or the other") from mixed
    return inverse.astype(np.int32), len(names)


def _thrown_together(units: NDArray[np.int32], count: int, seed: int) -> NDArray[np.int32]:
    if count <= MOST_CLUSTERS:
        return units
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0xC1,)))
    return rng.integers(0, MOST_CLUSTERS, count, dtype=np.int32)[units]


@stamped
def _order(stamp: int) -> Any:
    """Rows by their units, of which row ``ends[u]`` is past the last of unit u; ``ends`` becomes the first ones."""

    def run(units, ends, order):  # type: ignore[no-untyped-def]
        for i in range(len(units) - 1, -1 if stamp != 0 else len(units), -1):
            ends[units[i]] -= 1
            order[ends[units[i]]] = i

    return run
