"""ArcFace: a margin is added to the angle with the own prototype (Deng et al., CVPR 2019, eq. 3).

For angles above pi - margin the cosine less ``margin sin(margin)`` takes its place, as in the reference
implementation. At angle 0 the slope is without bound: it comes out infinite, or as NaN.
"""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes, softmax_errors


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:
    """One positive, the own prototype, a row."""
    own, cos_m, sin_m = targets > 0, np.cos(scalars.margin), np.sin(scalars.margin)
    c = similarities[own]
    sine = np.sqrt(np.maximum((1 - c) * (1 + c), 0.0))  # rounding may put a cosine beyond 1
    within = c > -cos_m
    moved, stretched = similarities.copy(), np.ones_like(similarities)
    moved[own] = np.where(within, c * cos_m - sine * sin_m, c - scalars.margin * sin_m)
    with np.errstate(divide="ignore", invalid="ignore"):
        stretched[own] = np.where(within, cos_m + c * sin_m / sine, 1.0)
    values, errors = softmax_errors(scalars.scale * moved, targets)
    with np.errstate(invalid="ignore"):
        return Slopes(float(np.mean(values)), scalars.scale * errors * stretched / len(similarities))


LOSS = BatchLoss("arcface", slopes)
