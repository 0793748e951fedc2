"""SGDP (Heo et al. 2021, algorithm 1): heavy ball, projected. Its decoupled decay is divided by 1 - beta."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import inner
from numerics.updates import heavy_ball
from numerics.updates.definition import Rule, Settings
from numerics.updates.projection import project

Floats = NDArray[np.float64]


@inner
def direction(
    embedding: Floats, gradient: Floats, settings: Settings, age: int, state: Floats, out: Floats
) -> float:
    """The momentum without its radial part."""
    heavy_ball.direction(embedding, gradient, settings, age, state, out)
    return project(embedding, gradient, settings.threshold, out) / (1.0 - settings.momentum)


RULE = Rule("sgdp", direction, ("momentum", "threshold"), moments=1)
