"""Riemannian SGD on the sphere of the row's own norm: the tangential gradient, then a retraction by scaling."""

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
    """The part of the gradient that is orthogonal to the embedding."""
    along = dot(embedding, gradient) / dot(embedding, embedding)
    for i in range(len(out)):
        out[i] = gradient[i] - along * embedding[i]
    return 1.0


RULE = Rule("riemannian_sgd", direction, retracts=True)
