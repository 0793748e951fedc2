"""A point of the unit circle, in a form that vector instructions can run: no branches, no call.

The angle is given in turns, so its reduction to an eighth of a turn is exact, and Taylor's polynomials do the rest. With unit
roundoff e: the angle in radians is off by 1.5 e of itself; the polynomials leave out 0.785^17/17! and 0.785^18/18!, below 0.5 e;
their own roundings come to less than 2 e: each coordinate is within 4 e.
"""

from __future__ import annotations

import numpy as np

from numerics.compilation.compiled import fused

_SHIFT = 1.5 * 2.0**52  # adding it rounds to an integer, which then stands in the lowest bits
_TURN = 6.283185307179586


@fused
def circle(turns: float) -> tuple[float, float]:
    """cos and sin of 2 pi ``turns``, for turns between -2^48 and 2^48, each to 4 units of roundoff (absolute)."""
    shifted = 4.0 * turns + _SHIFT
    quarter = np.float64(shifted).view(np.int64) & np.int64(3)
    a = (turns - 0.25 * (shifted - _SHIFT)) * _TURN
    t = a * a
    sine = a * (1.0 - t * (1 / 6 - t * (1 / 120 - t * (1 / 5040 - t * (1 / 362880 - t * (
        1 / 39916800 - t * (1 / 6227020800 - t * (1 / 1307674368000))))))))  # fmt: skip
    cosine = 1.0 - t * (1 / 2 - t * (1 / 24 - t * (1 / 720 - t * (1 / 40320 - t * (1 / 3628800 - t * (
        1 / 479001600 - t * (1 / 87178291200 - t * (1 / 20922789888000))))))))  # fmt: skip
    odd = (quarter & np.int64(1)) == np.int64(1)
    x, y = (sine, cosine) if odd else (cosine, sine)
    x = -x if quarter == np.int64(1) or quarter == np.int64(2) else x
    y = -y if quarter >= np.int64(2) else y
    return x, y
