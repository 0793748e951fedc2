"""Which rows of a table occur in a batch, and where: sorted by row, in parts that are independent of one another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import spliced
from numerics.kernels.table_loss import Ids
from numerics.kernels.tables import CLASSES


class Groups(NamedTuple):
    """Of E occurrences at most. What is of one part of P stands together, one place apart from the next: it begins at ``begins``."""

    tally: Ids  # (V,) 0 between batches
    mine: Ids  # (E + P,) occurrences of this part's rows
    rows: Ids  # (E + P,) each once, in the order in which they first occur
    ends: Ids  # (E + P,) occurrences of rows[q] stand at ends[q] .. ends[q + 1] - 1, counted from ``begins``
    order: Ids  # (E + P,)
    begins: NDArray[np.int64]  # (P,)
    sizes: NDArray[np.int64]  # (P,) number of rows


@spliced
def _owner(row: int, parts: int) -> int:
    """The part to which a row belongs."""
    return ((row & (CLASSES - 1)) * parts) // CLASSES


@spliced
def group(groups: Groups, keys: Ids, total: int, part: int, parts: int) -> None:
    """Counting sort of the occurrences of this part's rows by row; occurrence e is of row keys[e]."""
    begin, own, size, at = part, 0, 0, 0
    for e in range(total):
        begin += int(_owner(keys[e], parts) < part)
    count, mine, rows = groups.tally, groups.mine[begin:], groups.rows[begin:]
    ends, order = groups.ends[begin:], groups.order[begin:]
    for e in range(total):  # without a branch, which would be foreseen half of the time
        mine[own] = e
        own += int(_owner(keys[e], parts) == part)
    for k in range(own):
        row = keys[mine[k]]
        if count[row] == 0:
            rows[size] = row
            size += 1
        count[row] += 1
    for q in range(size):
        ends[q] = at
        at += count[rows[q]]
        count[rows[q]] = ends[q]
    ends[size] = at
    for k in range(own):
        row = keys[mine[k]]
        order[count[row]] = mine[k]
        count[row] += 1
    for q in range(size):
        count[rows[q]] = 0
    groups.begins[part], groups.sizes[part] = begin, size
