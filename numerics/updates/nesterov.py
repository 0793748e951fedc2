"""Nesterov momentum in the form of torch.optim.SGD: m <- beta m + g, s = g + beta m (Sutskever et al. 2013)."""

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
    """The gradient, and the momentum of the step to come."""
    kept = out.dtype.type(settings.momentum)
    for i in range(len(out)):
        state[FIRST, i] = kept * state[FIRST, i] + gradient[i]
        out[i] = gradient[i] + kept * state[FIRST, i]
    return 1.0


RULE = Rule("nesterov", direction, ("momentum",), moments=1, by_coordinate=True)
