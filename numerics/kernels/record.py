"""What is measured at a step, and how exactly.

With unit roundoff e (2^-53, or 2^-24 in float32) and d entries, to first order: a sum of products is exact to
d e sum |left_i right_i| in any order, fused or not; a rejection's length to (2.5 d + 10) e |vector|, for the unit vector carries
(d/2 + 3) e (length, reciprocal, product) and the projection 1.5 d + 3 more; an angle, whose rejection errs by that and whose
projection by (1.5 d + 3) e |after|, to (4 d + 16) e m + 4 e |angle|, with m = min(|after - before|, |after|) / |after|
(`numerics.arithmetic.arctangent` has the last term).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMALLEST_SQUARED_NORM = 1e-150
LARGEST_SQUARED_NORM = 1e150
MEASURED = 6  # energies, radial, rotations, drifts, heats, visits


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
