"""The natural logarithm in a form that vector instructions can run: no branches, no call.

x = 2^k m with m in [sqrt(1/2), sqrt 2), and ln m = 2 artanh(s), s = (m - 1)/(m + 1), |s| <= 0.172 (Cody and Waite, *Software Manual
for the Elementary Functions*, 1980, ch. 5). ln 2 is held in two parts as for the exponential. With unit roundoff e, relative
to the result: m - 1 is exact (Sterbenz), so s is off by 2 e, and where k = -1 takes the result down to ln m in size, the two sums
cost 2 e more; the series' terms and what it leaves out, s^23/23, less than e together: below 5 e in all.
"""

from __future__ import annotations

import numpy as np

from numerics.compilation.compiled import fused

_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_ROOT_HALF = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)


@fused
def logarithm(x: float) -> float:
    """ln x for normal numbers x above 0, to 5 units of roundoff."""
    bits = np.float64(x).view(np.int64)
    exponent = (bits - np.int64(_ROOT_HALF)) >> np.int64(52)
    m = np.int64(bits - (exponent << np.int64(52))).view(np.float64)
    k = np.float64(exponent)
    s = (m - 1.0) / (m + 1.0)
    t = s * s
    rest = t * (1 / 3 + t * (1 / 5 + t * (1 / 7 + t * (1 / 9 + t * (1 / 11 + t * (
        1 / 13 + t * (1 / 15 + t * (1 / 17 + t * (1 / 19 + t * (1 / 21))))))))))  # fmt: skip
    return k * _LN2_HIGH + (2.0 * s + (2.0 * s * rest + k * _LN2_LOW))
