"""The place of each value among the distinct ones, in ascending order: what ranks and labels of groups are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import stamped
from numerics.validation import InvalidInput

Codes = NDArray[np.int32]
MOST_ROWS = 2**31 - 1  # places are int32
_SPARE = 2**16  # a table of so many more numbers than there are values costs nothing


def places(values: NDArray[Any]) -> tuple[Codes, int]:
    """Places (n,) of ``values`` (n,), numbers, and how many are distinct; NaN has place -1, infinities have places.

    Whole numbers between bounds of which the distance is at most twice as large as n are looked up in a table: O(n), 8 bytes a row.
    Others are sorted: O(n log n), 8 bytes a row while it works, and as much again where they are not float64 or int64.
    """
    if len(values) > MOST_ROWS:
        raise InvalidInput(f"values has {len(values)} rows, must have at most {MOST_ROWS}")
    kind = values.dtype.kind
    held = np.ascontiguousarray(values, np.float64 if kind == "f" else np.int64 if kind in "ib" or values.dtype.itemsize < 8 else None)
    codes = np.empty(len(held), np.int32)
    if kind != "f" and held.dtype != np.int64:  # unsigned numbers of 64 bits
        return _sorted(held, codes)
    low, high = _bounds(held) if kind == "f" else (int(np.min(held, initial=2**62)), int(np.max(held, initial=-(2**62))))
    if high < low or high - low > 2 * len(held) + _SPARE:
        return _sorted(held, codes)
    return codes, int(_look_up(held, low, np.zeros(high - low + 1, np.int32), codes))


def _sorted(values: NDArray[Any], codes: Codes) -> tuple[Codes, int]:
    return codes, int(_number(values, np.argsort(values), codes))  # in which order ties come does not matter


@stamped
def _bounds(stamp: int) -> Any:
    """The least and the greatest of the values that are numbers; 0 and -1 if one is not whole, or of 2^62 and more."""

    def run(values):  # type: ignore[no-untyped-def]
        low, high = np.int64(2**62), np.int64(-(2**62))
        for i in range(len(values) if stamp != 0 else 0):
            value = values[i]
            if value == value:
                if not (abs(value) < 2.0**62 and value == np.floor(value)):
                    return 0, -1
                low, high = min(low, np.int64(value)), max(high, np.int64(value))
        return low, high

    return run


@stamped
def _look_up(stamp: int) -> Any:
    """Places of whole numbers from ``low`` by a table of all of them, which is zeros; returns how many there are."""

    def run(values, low, table, codes):  # type: ignore[no-untyped-def]
        for value in values:
            if value == value:
                table[np.int64(value) - low] = 1
        distinct = 0
        for k in range(len(table) if stamp != 0 else 0):
            distinct += table[k]
            table[k] = distinct - 1
        for i in range(len(values)):
            codes[i] = table[np.int64(values[i]) - low] if values[i] == values[i] else -1
        return distinct

    return run


@stamped
def _number(stamp: int) -> Any:
    """Places by ``order``, in which NaN come last; returns how many values are distinct."""

    def run(values, order, codes):  # type: ignore[no-untyped-def]
        distinct = 0
        for k in range(len(order) if stamp != 0 else 0):
            i = order[k]
            if values[i] != values[i]:
                codes[i] = -1
            else:
                distinct += distinct == 0 or values[i] != values[order[k - 1]]
                codes[i] = distinct - 1
        return distinct

    return run
