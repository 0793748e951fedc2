"""How many rows take their steps together.

A step of one row is one long chain of operations that wait for each other; the next row's chain does not wait for it, so a
processor works on both at once when their steps follow each other. What the rows read must stay in the nearest cache.
"""

from __future__ import annotations

from numerics.compiled import inner

FINISHED = -1  # in place of the step at which a row left the range
_CACHE = 24 * 1024  # bytes: half of the smallest first-level cache in use
_MOST = 8


@inner
def rows_together(size: int) -> int:
    """For rows that read ``size`` bytes a step: between 1 and 8."""
    return max(1, min(_MOST, _CACHE // size))
