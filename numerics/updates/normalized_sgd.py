"""SGD with normalised gradients: s = g / |g|, and 0 where g is 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import dot
from numerics.compilation.compiled import inner
from numerics.updates.definition import Rule, Settings

Floats = NDArray[np.float64]


@inner
def direction(
    embedding: Floats, gradient: Floats, settings: Settings, age: int, state: Floats, out: Floats
) -> float:
    """The direction of the gradient."""
    length = np.sqrt(dot(gradient, gradient))
    zero = out.dtype.type(0.0)
    for i in range(len(out)):
        out[i] = gradient[i] / length if length > zero else zero
    return 1.0


RULE = Rule("normalized_sgd", direction)
