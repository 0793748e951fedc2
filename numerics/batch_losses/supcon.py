"""SupCon, the mean over positives outside of the logarithm (Khosla et al., NeurIPS 2020, eq. 2)."""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import (
    BatchLoss,
    Floats,
    Scalars,
    Slopes,
    distribution,
    softmax_errors,
    without_diagonal,
)


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:
    """At least one positive a row, none on the diagonal."""
    values, errors = softmax_errors(without_diagonal(scalars.scale * similarities), distribution(targets))
    return Slopes(float(np.mean(values)), scalars.scale * errors / len(similarities))


LOSS = BatchLoss("supcon", slopes, shared=True)
