"""Adam (Kingma, Ba 2015, algorithm 1): bias-corrected moments, s = m^ / (sqrt(v^) + epsilon).

With decoupled weight decay it is AdamW (Loshchilov, Hutter 2019), with coupled decay Adam with L2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import inner
from numerics.updates.definition import FIRST, SECOND, Rule, Settings

Floats = NDArray[np.float64]


@inner
def direction(
    embedding: Floats, gradient: Floats, settings: Settings, age: int, state: Floats, out: Floats
) -> float:
    """The mean gradient by coordinates over the root of the mean square; 0 where that is 0."""
    kind = out.dtype.type
    first, second = settings.momentum, settings.second_momentum
    weight, square_weight = kind(1.0 - first ** (age + 1)), kind(1.0 - second ** (age + 1))
    kept, new, epsilon, zero = kind(first), kind(1.0 - first), kind(settings.epsilon), kind(0.0)
    square_kept, square_new = kind(second), kind(1.0 - second)
    for i in range(len(out)):
        state[FIRST, i] = kept * state[FIRST, i] + new * gradient[i]
        state[SECOND, i] = square_kept * state[SECOND, i] + square_new * gradient[i] * gradient[i]
        scale = np.sqrt(state[SECOND, i] / square_weight) + epsilon
        out[i] = state[FIRST, i] / weight / scale if scale > zero else zero
    return 1.0


RULE = Rule("adam", direction, ("momentum", "second_momentum", "epsilon"), moments=2, by_coordinate=True)
