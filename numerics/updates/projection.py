"""The projection of AdamP and SGDP (Heo et al. 2021, algorithms 1 and 2), which take out what is radial in a step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import dot
from numerics.compilation.compiled import inner

Floats = NDArray[np.float64]
PROJECTED_DECAY = 0.1  # wd_ratio: the share of weight decay that is left for a row that is projected


@inner
def project(embedding: Floats, gradient: Floats, threshold: float, out: Floats) -> float:
    """Make ``out`` orthogonal to the embedding if |cos(embedding, gradient)| < threshold / sqrt(d).

    A gradient of 0 counts as orthogonal. The share of weight decay that acts: 1 where nothing was projected.
    """
    squared = dot(embedding, embedding)
    sizes = np.sqrt(squared) * np.sqrt(dot(gradient, gradient))
    if sizes > 0.0 and np.abs(dot(embedding, gradient)) * np.sqrt(float(len(out))) >= threshold * sizes:
        return 1.0
    along = dot(embedding, out) / squared
    for i in range(len(out)):
        out[i] -= along * embedding[i]
    return PROJECTED_DECAY
