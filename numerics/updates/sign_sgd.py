"""signSGD: s = sign(g) by coordinates, 0 where g is 0 (Bernstein et al. 2018)."""

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
    """The signs of the gradient."""
    for i in range(len(out)):
        out[i] = np.sign(gradient[i])
    return 1.0


RULE = Rule("sign_sgd", direction, by_coordinate=True)
