"""Numbers as a floating-point format holds them: bfloat16, float16, float32, rounded to nearest, ties to even."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from numerics import validation
from numerics.simulation.optimizers import FORMATS
from numerics.validation import Floats, InvalidInput


def held(values: ArrayLike, name: str) -> Floats:
    """``values`` in the format ``name`` of `numerics.simulation.optimizers.FORMATS`, as float64; what is beyond its largest is infinite.

    Bits of subnormal numbers are lost one by one, as in the format itself.
    """
    if name not in FORMATS:
        raise InvalidInput(f"name = {name!r} must be one of {', '.join(FORMATS)}")
    x = validation.real("values", values).astype(np.float64)
    bits, least, largest = FORMATS[name]
    if bits == 0:
        return x
    exponents = np.maximum(np.frexp(x)[1], least)
    found = np.ldexp(np.rint(np.ldexp(x, bits - exponents)), exponents - bits)
    return np.where(np.abs(found) <= largest, found, np.copysign(np.inf, found))
