"""What is measured at a step: definitions. Sums are those of `numerics.arithmetic.sums`, whose bounds do not depend on their order.

With unit roundoff e (2^-53, or 2^-24 in float32) and d entries, to first order: a sum of products is exact to
d e sum |left_i right_i|; a rejection's length to (2.5 d + 10) e |vector|, for the unit vector carries
(d/2 + 2) e and the projection 1.5 d + 3 more; `angle`, whose rejection errs by that and whose projection by
(1.5 d + 2) e |after|, to (4 d + 16) e m + 2 e |angle|, with
m = min(|after - before|, |after|) / |after|.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import products_of_move, squared_rest, squared_rest_of_move
from numerics.compiled import allocating, inner

Floats = NDArray[np.float64]

SMALLEST_SQUARED_NORM = 1e-150
LARGEST_SQUARED_NORM = 1e150


class Record(NamedTuple):
    """What one row leaves behind; K slots, one for each ``stride`` steps."""

    squared_norms: Floats  # (K + 1,)
    energies: Floats  # (K,)
    radial: Floats  # (K,)
    rotations: Floats  # (K,)
    drifts: Floats  # (K,)
    heats: Floats  # (K,)
    visits: Floats  # (K,)
    path: Floats  # (K + 1, d), or (0, 0) where it is not asked for
    gradients: Floats  # (K, d), or (0, 0)


@allocating
def record_of(record: Record, row: int) -> Record:
    """What belongs to one row in the arrays of all rows."""
    return Record(
        record.squared_norms[row], record.energies[row], record.radial[row], record.rotations[row],
        record.drifts[row], record.heats[row], record.visits[row], record.path[row], record.gradients[row],
    )  # fmt: skip


@inner
def angle(before: Floats, after: Floats, unit: Floats) -> tuple[float, float]:
    """The angle in radians between two vectors, ``unit`` being the direction of ``before``; and |after|^2.

    atan2 of the length of the rejection and the projection. The rejection is that of the move ``after -
    before`` while the move is the shorter one: then its entries are nearly exact differences, and a tiny
    angle keeps its relative accuracy.
    """
    moved, squared, along_move, along = products_of_move(before, after, unit)
    if moved < squared:
        across = squared_rest_of_move(after, before, along_move, unit)
    else:
        across = squared_rest(after, along, unit)
    return np.arctan2(np.sqrt(across), along), squared
