"""Cosine regression: the mean over the n targets of |u/|u| - v_j/|v_j||^2 = 2 - 2 cos(u, v_j).

BYOL (Grill et al., NeurIPS 2020); SimSiam with one view (Chen and He, CVPR 2021). The temperature is not
used, and no target is set apart: a batch is drawn from all of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.lanes import store
from numerics.compilation.compiled import inner
from numerics.losses.definition import Loss
from numerics.losses.similarity import COSINE

Floats = NDArray[np.float64]


@inner
def value(scores: Floats, temperature: float) -> float:  # noqa: ARG001
    """L."""
    found = 0.0
    for j in range(len(scores)):
        found += 2.0 - 2.0 * scores[j]
    return found / len(scores)


@inner
def slopes(scores: Floats, temperature: float, out: Floats) -> None:  # noqa: ARG001
    """Fill dL/ds_j = -2 / n."""
    slope = out.dtype.type(-2.0 / len(scores))
    for j in range(len(scores)):
        out[j] = slope


@inner
def lane_slopes(scores: Floats, temperatures: Floats, out: Floats) -> None:  # noqa: ARG001
    """`slopes` of eight rows: scores and out (m, WIDTH)."""
    for j in range(len(scores)):
        store(out, j, -2.0 / len(scores))


@inner
def slope_tangents(scores: Floats, tangents: Floats, temperature: float, slopes: Floats, out: Floats) -> None:  # noqa: ARG001
    """The slopes are constant."""
    for j in range(len(scores)):
        out[j] = 0.0


LOSS = Loss("cosine_regression", COSINE, 0, value, slopes, lane_slopes, slope_tangents)
