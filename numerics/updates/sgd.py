"""SGD: s = g."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import inner
from numerics.updates.definition import Rule, Settings

Floats = NDArray[np.float64]


@inner
def direction(
    embedding: Floats, gradient: Floats, settings: Settings, age: int, state: Floats, out: Floats
) -> float:
    """The gradient itself."""
    for i in range(len(out)):
        out[i] = gradient[i]
    return 1.0


RULE = Rule("sgd", direction, by_coordinate=True)
