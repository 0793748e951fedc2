"""NT-Xent: every view of a batch picks its partner among all other views (Chen et al., SimCLR, ICML 2020)."""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes, softmax_errors, without_diagonal


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:
    """One positive a row, none on the diagonal."""
    values, errors = softmax_errors(without_diagonal(scalars.scale * similarities), targets)
    return Slopes(float(np.mean(values)), scalars.scale * errors / len(similarities))


LOSS = BatchLoss("nt_xent", slopes, shared=True)
