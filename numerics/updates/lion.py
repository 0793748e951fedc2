"""Lion (Chen et al. 2023): s = sign(beta_1 m + (1 - beta_1) g), then m <- beta_2 m + (1 - beta_2) g."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import inner
from numerics.updates.definition import FIRST, Rule, Settings

Floats = NDArray[np.float64]


@inner
def direction(
    embedding: Floats, gradient: Floats, settings: Settings, age: int, state: Floats, out: Floats
) -> float:
    """The signs of an interpolation between momentum and gradient."""
    kind = out.dtype.type
    near, far = kind(settings.momentum), kind(settings.second_momentum)
    near_new, far_new = kind(1.0 - settings.momentum), kind(1.0 - settings.second_momentum)
    for i in range(len(out)):
        out[i] = np.sign(near * state[FIRST, i] + near_new * gradient[i])
        state[FIRST, i] = far * state[FIRST, i] + far_new * gradient[i]
    return 1.0


RULE = Rule("lion", direction, ("momentum", "second_momentum"), moments=1, by_coordinate=True)
