"""Emulated low precision: a number is stored with a few significant bits, rounded to nearest or stochastically."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from numerics.compilation.compiled import inner
from numerics.sampling import random_bits

_TWO_TO_MINUS_53 = 2.0**-53
_FIRST_COUNTER = np.uint64(1) << np.uint64(62)  # of a step's stream: far from those that draw the gradient


class Storage(NamedTuple):
    """A binary floating-point format; numbers are ``m 2^e`` with 1/2 <= |m| < 1."""

    bits: int  # significant, the leading one included; 0 for float64 as it is
    least_exponent: int  # of a normal number: below it, bits are lost one by one (subnormal numbers)
    largest: float  # finite number; above it, infinity
    stochastic: bool  # round up with a probability in proportion to what is cut off; else to nearest, ties to even


@inner
def store(value: float, storage: Storage, key: np.uint64, counter: int) -> float:
    """``value`` as the format holds it; ``counter`` chooses the random number of stochastic rounding."""
    if storage.bits == 0 or value == 0.0:
        return value
    exponent = max(math.frexp(value)[1], storage.least_exponent)
    scaled = math.ldexp(value, storage.bits - exponent)  # exact: now an integer is what can be stored
    if storage.stochastic:
        bits = random_bits(key, _FIRST_COUNTER + np.uint64(counter)) >> np.uint64(11)
        rounded = np.floor(scaled + np.float64(bits) * _TWO_TO_MINUS_53)
    else:
        rounded = np.rint(scaled)
    found = math.ldexp(rounded, exponent - storage.bits)
    return found if abs(found) <= storage.largest else math.copysign(np.inf, found)
