"""One pass over a block of embeddings: the norm of each row, whether it is fit for use, and sums by coordinate.

Entries are widened to float64 in registers; no second copy of the block is made. Rows are taken four at a time, so that the
sums by coordinate are read and written once for all of them; a row that is not fit for use adds to none of them.

With unit roundoff e, a norm of d entries is exact to (d + 3) e of itself, to first order, and to the smallest subnormal:
squares and their sum are off by d e; sums below the normal range are left to a second pass, so that what underflows in others
is another d e at most (a square loses 2^-1075, d of them d 2^-1075, of a sum of at least 2^-1022); the root halves all of
it and adds e. In the second pass, which divides by the largest entry, the quotients' squares are off by 3 e, the sum by
(d + 2) e, and root and product add 2 e.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.widening import widened
from numerics.compiled import called, stamped_inner, summed

FINE, NAN, INFINITE, ZERO = 0, 1, 2, 3
_SMALLEST_NORMAL = 2.0**-1022
Floats = NDArray[np.float64]
Entries = NDArray[Any]


@summed
def _squares(entries: Entries, row: int) -> float:
    total = 0.0
    for j in range(entries.shape[1]):
        x = widened(entries[row, j])
        total += x * x
    return total


@summed
def _add_four(entries: Entries, row: int, sums: Floats) -> None:
    for j in range(entries.shape[1]):
        a, b = widened(entries[row, j]), widened(entries[row + 1, j])
        c, d = widened(entries[row + 2, j]), widened(entries[row + 3, j])
        sums[0, j] += (a + b) + (c + d)
        sums[1, j] += (a * a + b * b) + (c * c + d * d)


@summed
def _add(entries: Entries, row: int, sums: Floats) -> None:
    for j in range(entries.shape[1]):
        x = widened(entries[row, j])
        sums[0, j] += x
        sums[1, j] += x * x


@called
def _slowly(entries: Entries, row: int) -> tuple[float, int]:
    """Norm and status of a row whose sum of squares is not a normal number."""
    largest = 0.0
    for j in range(entries.shape[1]):
        x = abs(widened(entries[row, j]))
        if np.isnan(x):
            return np.nan, NAN
        largest = max(largest, x)
    if largest == 0.0:
        return np.nan, ZERO
    total = 0.0
    for j in range(entries.shape[1]):
        x = widened(entries[row, j]) / largest
        total += x * x
    norm = largest * np.sqrt(total)
    return (norm, FINE) if norm < np.inf else (np.nan, INFINITE)  # an entry is infinite (inf / inf), or the norm is


@stamped_inner
def measure(stamp: int) -> Any:
    """Fill norms (n,) (NaN of rows not fit for use) and status (n,), add to sums (2, d) those of entries and of squares."""

    def rows(entries, norms, status, sums):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        count = entries.shape[0]
        for row in range(count):
            square = _squares(entries, row)
            if _SMALLEST_NORMAL <= square < np.inf:
                norms[row], status[row] = np.sqrt(square), FINE
            else:
                norms[row], status[row] = _slowly(entries, row)
            if row % 4 == 3 and status[row - 3] == FINE and status[row - 2] == FINE and status[row - 1] == FINE and status[row] == FINE:
                _add_four(entries, row - 3, sums)
            elif row % 4 == 3 or row == count - 1:
                for each in range(row - row % 4, row + 1):
                    if status[each] == FINE:
                        _add(entries, each, sums)

    return rows
