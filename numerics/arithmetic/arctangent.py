"""The angle of a point of the upper half plane, eight at once.

atan(t) = atan(c) + atan((t - c)/(1 + c t)) with c the largest of 0, 1/4, 1/2, 3/4 that is not above t = small/big, both
coordinates taken positive: numerator and denominator are exact but for one rounding each, the rest is at most 1/4, and 13 terms of
its series leave out 8e-18 of it. With unit roundoff e: the rest is off by 4 e of itself, each constant by e/4 to e, each sum by e of
what it comes to: below 4 e of the angle, in every octant.
"""

from __future__ import annotations

from typing import Any

from numerics.arithmetic.lanes import above, choose
from numerics.compilation.compiled import inner

_QUARTER, _HALF, _THREE_QUARTERS = 0.24497866312686415, 0.4636476090008061, 0.6435011087932844
_RIGHT, _STRAIGHT = 1.5707963267948966, 3.141592653589793


@inner
def angle_of(across: Any, along: Any) -> Any:
    """The angle in radians, 0 to pi, of the points (along, across), across from 0; 0 at the origin."""
    length = choose(above(along, 0.0), along, along * -1.0)
    steep = above(across, length)
    small, big = choose(steep, length, across), choose(steep, across, length)
    big = choose(above(big, 0.0), big, 1.0)
    first, second, third = above(big * 0.25, small), above(big * 0.5, small), above(big * 0.75, small)
    c = choose(first, small * 0.0, choose(second, small * 0.0 + 0.25, choose(third, small * 0.0 + 0.5, 0.75)))
    known = choose(first, small * 0.0, choose(second, small * 0.0 + _QUARTER, choose(third, small * 0.0 + _HALF, _THREE_QUARTERS)))
    t = (small - c * big) / (big + c * small)
    z = t * t
    series = z * (1 / 3 - z * (1 / 5 - z * (1 / 7 - z * (1 / 9 - z * (1 / 11 - z * (1 / 13 - z * (1 / 15 - z * (
        1 / 17 - z * (1 / 19 - z * (1 / 21 - z * (1 / 23 - z * (1 / 25))))))))))))  # fmt: skip
    found = known + (t - t * series)
    found = choose(steep, _RIGHT - found, found)
    return choose(above(along * -1.0, 0.0), _STRAIGHT - found, found)
