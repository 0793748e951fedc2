"""RMSProp (torch.optim.RMSprop, not centred): v <- beta_2 v + (1 - beta_2) g^2, s = g / (sqrt(v) + epsilon)."""

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
    """The gradient by coordinates over the root of its running mean square; 0 where that is 0."""
    kind = out.dtype.type
    kept, new = kind(settings.second_momentum), kind(1.0 - settings.second_momentum)
    epsilon, zero = kind(settings.epsilon), kind(0.0)
    for i in range(len(out)):
        state[FIRST, i] = kept * state[FIRST, i] + new * (gradient[i] * gradient[i])
        scale = np.sqrt(state[FIRST, i]) + epsilon
        out[i] = gradient[i] / scale if scale > zero else zero
    return 1.0


RULE = Rule("rmsprop", direction, ("second_momentum", "epsilon"), moments=1, by_coordinate=True)
