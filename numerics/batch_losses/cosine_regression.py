"""Cosine regression, ``|u/|u| - v/|v||^2 = 2 - 2 cos``, the mean over the positives of a row, then over rows (BYOL, SimSiam)."""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes, distribution


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:  # noqa: ARG001
    """At least one positive a row."""
    share = distribution(targets) / len(similarities)
    return Slopes(float(np.sum(share * (2 - 2 * similarities))), -2 * share)


LOSS = BatchLoss("cosine_regression", slopes)
