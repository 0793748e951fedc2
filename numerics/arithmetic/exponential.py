"""The exponential function in a form that vector instructions can run: no branches, no call.

exp(x) = 2^k exp(r) with k = rint(x / ln 2) and |r| <= ln(2)/2 + 1e-13 (Cody and Waite, *Software Manual for the Elementary
Functions*, 1980, ch. 6). ln 2 is held in two parts, the first with 21 trailing zeros, so that k times it is exact, and so is the
first difference (Sterbenz). With unit roundoff e, relative to the result: r is off by |k| 2^-87 + e |r| (the second difference and
the second part), together at most 0.36 e; the Taylor polynomial of degree 13 leaves out r^14 / 14! < 0.05 e of exp(r) >= 0.7; its
last product and sum cost 2.5 e at most, all inner terms less than that: below 4 e in all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.lanes import above, choose, power_of_two
from numerics.compilation.compiled import fused, inner

Floats = NDArray[np.float64]

LEAST = -708.0  # exp of anything below is taken to be exp(LEAST), 3.3e-308: the last normal numbers
_PER_LN2 = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_SHIFT = 1.5 * 2.0**52  # adding it rounds to an integer, which then stands in the lowest bits


@fused
def _taylor(r: Any) -> Any:
    """Up to r^13, of a number or of eight."""
    s = r * r
    even = 1.0 + s * (1 / 2 + s * (1 / 24 + s * (1 / 720 + s * (1 / 40320 + s * (1 / 3628800 + s * (1 / 479001600))))))
    odd = 1.0 + s * (1 / 6 + s * (1 / 120 + s * (1 / 5040 + s * (1 / 362880 + s * (1 / 39916800 + s * (1 / 6227020800))))))
    return even + r * odd


@fused
def exponential_lanes(x: Any) -> Any:
    """`exponential` of eight numbers of float64."""
    x = choose(above(x, LEAST), x, LEAST)
    shifted = x * _PER_LN2 + _SHIFT
    k = shifted - _SHIFT
    return _taylor((x - k * _LN2_HIGH) - k * _LN2_LOW) * power_of_two(shifted)


@fused
def exponential(x: float) -> float:
    """exp(x) for x of at most 709, to 4 units of roundoff; exp(LEAST) below LEAST."""
    x = max(np.float64(x), LEAST)
    shifted = x * _PER_LN2 + _SHIFT
    k = shifted - _SHIFT
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    # the integer in the lowest bits, moved to where the exponent stands
    power = np.int64((np.float64(shifted).view(np.int64) + np.int64(1023)) << np.int64(52)).view(np.float64)
    return _taylor(r) * power


@inner
def exponentials(values: Floats, shift: float, factor: float, out: Floats) -> None:
    """Fill out_j = exp((values_j - shift) factor), for arguments of at most 709."""
    for j in range(len(values)):
        out[j] = exponential((values[j] - shift) * factor)
