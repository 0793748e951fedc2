"""SigLIP: every pair is a match or none, by itself (Zhai et al., ICCV 2023); scale and bias are learned."""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes, sigmoid


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:
    """``softplus(-z (scale s + bias))``, z = +1 for positives and -1 else, summed over columns, the mean over rows."""
    sign = np.where(targets > 0, 1.0, -1.0)
    margins = sign * (scalars.scale * similarities + scalars.bias)
    by_logit = -sign * sigmoid(-margins) / len(similarities)
    value = np.sum(np.logaddexp(0.0, -margins)) / len(similarities)
    by_log_scale = np.sum(by_logit * scalars.scale * similarities)
    return Slopes(float(value), scalars.scale * by_logit, float(by_log_scale), float(np.sum(by_logit)))


LOSS = BatchLoss("siglip", slopes)
