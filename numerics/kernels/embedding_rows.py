"""One pass over a block of embeddings: the norm of each row, whether it is fit for use, and sums by coordinate.

Entries are widened to float64 in registers, once; no second copy of the block is made. Rows are taken four at a time, so that the
sums by coordinate are read and written once for all of them. NaN and infinities show in a row's own sum of squares, and by
then have spoiled the sums by coordinate: so these are kept for a few rows apart, and summed anew from the rows that are fit for
use where one is not.

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
from numerics.compilation.compiled import called, inner, stamped_inner, summed

FINE, NAN, INFINITE, ZERO = 0, 1, 2, 3
_APART = 64  # rows whose sums are kept apart
_SMALLEST_NORMAL = 2.0**-1022
Floats = NDArray[np.float64]
Entries = NDArray[Any]


@summed
def _add_four(entries: Entries, row: int, sums: Floats) -> tuple[float, float, float, float]:
    """Add four rows to sums (2, d); their sums of squares."""
    at_a, at_b, at_c, at_d = 0.0, 0.0, 0.0, 0.0
    for j in range(entries.shape[1]):
        a, b = widened(entries[row, j]), widened(entries[row + 1, j])
        c, d = widened(entries[row + 2, j]), widened(entries[row + 3, j])
        aa, bb, cc, dd = a * a, b * b, c * c, d * d
        at_a, at_b, at_c, at_d = at_a + aa, at_b + bb, at_c + cc, at_d + dd
        sums[0, j] += (a + b) + (c + d)
        sums[1, j] += (aa + bb) + (cc + dd)
    return at_a, at_b, at_c, at_d


@summed
def _add(entries: Entries, row: int, sums: Floats) -> float:
    """Add a row to sums (2, d); its sum of squares."""
    total = 0.0
    for j in range(entries.shape[1]):
        x = widened(entries[row, j])
        total += x * x
        sums[0, j] += x
        sums[1, j] += x * x
    return total


@inner
def _add_all(entries: Entries, begin: int, end: int, squares: Floats, sums: Floats) -> None:
    row = begin
    while row + 4 <= end:
        squares[row], squares[row + 1], squares[row + 2], squares[row + 3] = _add_four(entries, row, sums)
        row += 4
    while row < end:
        squares[row] = _add(entries, row, sums)
        row += 1


@inner
def _move(source: Floats, target: Floats) -> None:
    """target += source; source = 0."""
    for k in range(2):
        for j in range(source.shape[1]):
            target[k, j] += source[k, j]
            source[k, j] = 0.0


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


@inner
def _judge(entries: Entries, row: int, norms: Floats, status: NDArray[np.uint8]) -> bool:
    """Norm and status from the sum of squares; whether the row may be in the sums by coordinate, as zeros may."""
    square = norms[row]
    if _SMALLEST_NORMAL <= square < np.inf:
        norms[row], status[row] = np.sqrt(square), FINE
        return True
    norms[row], status[row] = _slowly(entries, row)
    return status[row] == FINE or status[row] == ZERO


@stamped_inner
def measure(stamp: int) -> Any:
    """Fill norms (n,) (NaN of rows not fit for use) and status (n,), add to sums (2, d) those of entries and of squares.

    ``work`` (2, d) is zero, and is so again at the end.
    """

    def rows(entries, norms, status, sums, work):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        for begin in range(0, entries.shape[0], _APART):
            end = min(begin + _APART, entries.shape[0])
            _add_all(entries, begin, end, norms, work)
            fit = True
            for row in range(begin, end):
                fit &= _judge(entries, row, norms, status)
            if not fit:
                work[:] = 0.0
                for row in range(begin, end):
                    if status[row] == FINE:
                        _add(entries, row, work)
            _move(work, sums)

    return rows
