"""Adam (Kingma, Ba 2015, algorithm 1): bias-corrected moments, s = m^ / (sqrt(v^) + epsilon).

With decoupled weight decay it is AdamW (Loshchilov, Hutter 2019), with coupled decay Adam with L2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.compiled import inner
from numerics.updates.definition import FIRST, SECOND, Rule, Settings

Floats = NDArray[np.float64]


@inner
def direction(
    embedding: Floats, gradient: Floats, settings: Settings, age: int, state: Floats, out: Floats
) -> float:
    """The mean gradient by coordinates over the root of the mean square; 0 where that is 0."""
    first, second = settings.momentum, settings.second_momentum
    weight = 1.0 - first ** (age + 1)
    square_weight = 1.0 - second ** (age + 1)
    for i in range(len(out)):
        state[FIRST, i] = first * state[FIRST, i] + (1.0 - first) * gradient[i]
        state[SECOND, i] = second * state[SECOND, i] + (1.0 - second) * gradient[i] * gradient[i]
        scale = np.sqrt(state[SECOND, i] / square_weight) + settings.epsilon
        out[i] = state[FIRST, i] / weight / scale if scale > 0.0 else 0.0
    return 1.0


RULE = Rule("adam", direction, ("momentum", "second_momentum", "epsilon"), moments=2)
