"""Alignment with exponent 2: the mean of ``2 - 2 cos`` over all positive pairs of the batch (Wang and Isola, ICML 2020)."""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:  # noqa: ARG001
    """At least one positive."""
    share = targets / np.sum(targets)
    return Slopes(float(np.sum(share * (2 - 2 * similarities))), -2 * share)


LOSS = BatchLoss("alignment", slopes)
