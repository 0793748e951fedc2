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

from numerics.arithmetic.sums import copy, dot, products_of_move, squared_rest, squared_rest_of_move
from numerics.compiled import inner

Floats = NDArray[np.float64]

SMALLEST_SQUARED_NORM = 1e-150
LARGEST_SQUARED_NORM = 1e150


class Record(NamedTuple):
    """What R rows leave behind; K slots, one for each ``stride`` steps."""

    squared_norms: Floats  # (R, K + 1)
    energies: Floats  # (R, K)
    radial: Floats  # (R, K)
    rotations: Floats  # (R, K)
    drifts: Floats  # (R, K)
    heats: Floats  # (R, K)
    visits: Floats  # (R, K)
    path: Floats  # (R, K + 1, d), or (R, 0, 0) where it is not asked for
    gradients: Floats  # (R, K, d), or (R, 0, 0)


@inner
def start(embeddings: Floats, row: int, record: Record) -> float:
    """What is recorded before the first step; the squared norm."""
    squared = dot(embeddings[row], embeddings[row])
    record.squared_norms[row, 0] = squared
    if record.path.shape[1] > 0:
        copy(embeddings[row], record.path[row, 0])
    return squared


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
