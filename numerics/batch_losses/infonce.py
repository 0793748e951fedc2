"""InfoNCE, the mean over rows (van den Oord, Li, Vinyals, arXiv:1807.03748), with the slope in log(scale) of a learned temperature."""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes, softmax_errors


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:
    """One positive a row."""
    values, errors = softmax_errors(scalars.scale * similarities, targets)
    by_logit = errors / len(similarities)
    return Slopes(float(np.mean(values)), scalars.scale * by_logit, float(np.sum(by_logit * scalars.scale * similarities)))


LOSS = BatchLoss("infonce", slopes)
