"""CosFace: a margin is taken off the own prototype's cosine (Wang et al., CVPR 2018, eq. 4)."""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes, softmax_errors


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:
    """One positive, the own prototype, a row."""
    values, errors = softmax_errors(scalars.scale * (similarities - scalars.margin * targets), targets)
    return Slopes(float(np.mean(values)), scalars.scale * errors / len(similarities))


LOSS = BatchLoss("cosface", slopes)
