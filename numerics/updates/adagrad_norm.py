"""AdaGrad-norm: b^2 <- b^2 + |g|^2, s = g / b, one b for the whole row (Ward, Wu, Bottou 2019)."""

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
    """The gradient over the root of the accumulated squared lengths; the state holds their sum."""
    state[0, 0] += dot(gradient, gradient)
    b = out.dtype.type(np.sqrt(settings.accumulator**2 + state[0, 0]))
    zero = out.dtype.type(0.0)
    for i in range(len(out)):
        out[i] = gradient[i] / b if b > zero else zero
    return 1.0


RULE = Rule("adagrad_norm", direction, ("accumulator",), remembers=True)
