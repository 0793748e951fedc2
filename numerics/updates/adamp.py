"""AdamP (Heo et al. 2021, algorithm 2): Adam's step, projected."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import inner
from numerics.updates import adam
from numerics.updates.definition import Rule, Settings
from numerics.updates.projection import project

Floats = NDArray[np.float64]


@inner
def direction(
    embedding: Floats, gradient: Floats, settings: Settings, age: int, state: Floats, out: Floats
) -> float:
    """Adam's step without its radial part."""
    adam.direction(embedding, gradient, settings, age, state, out)
    return project(embedding, gradient, settings.threshold, out)


RULE = Rule("adamp", direction, ("momentum", "second_momentum", "epsilon", "threshold"), moments=2)
