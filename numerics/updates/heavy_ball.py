"""Heavy ball (Polyak 1964; torch.optim.SGD): m <- beta m + g, s = m, without dampening."""

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
    """The sum of all gradients, each discounted by beta a step."""
    kept = out.dtype.type(settings.momentum)
    for i in range(len(out)):
        state[FIRST, i] = kept * state[FIRST, i] + gradient[i]
        out[i] = state[FIRST, i]
    return 1.0


RULE = Rule("heavy_ball", direction, ("momentum",), moments=1, by_coordinate=True)
