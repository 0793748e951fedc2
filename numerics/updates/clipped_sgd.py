"""SGD with gradients clipped by their norm: s = g min(1, c / |g|) (Pascanu, Mikolov, Bengio 2013)."""

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
    """The gradient, shortened to the threshold where it is longer."""
    length = np.sqrt(dot(gradient, gradient))
    factor = out.dtype.type(settings.threshold / length if length > settings.threshold else 1.0)
    for i in range(len(out)):
        out[i] = factor * gradient[i]
    return 1.0


RULE = Rule("clipped_sgd", direction, ("threshold",))
