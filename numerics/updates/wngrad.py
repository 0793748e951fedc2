"""WNGrad: b <- b + |g|^2 / b, s = g / b (Wu, Ward, Bottou 2018, algorithm 1)."""

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
    """The gradient over b, which grows by |g|^2 / b before; a state of 0 is a first step, as b_0 = ``accumulator`` is above 0."""
    b = state[0, 0] if state[0, 0] > 0.0 else out.dtype.type(settings.accumulator)
    b += dot(gradient, gradient) / b
    state[0, 0] = b
    for i in range(len(out)):
        out[i] = gradient[i] / b
    return 1.0


RULE = Rule("wngrad", direction, ("accumulator",), remembers=True)
