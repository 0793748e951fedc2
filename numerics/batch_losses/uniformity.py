"""Uniformity: the log of the mean of ``exp(-scale (2 - 2 cos))`` over the pairs i < j of a batch (Wang and Isola, ICML 2020)."""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:  # noqa: ARG001
    """Every pair once: slopes above the diagonal only."""
    pairs = np.triu(np.ones_like(similarities, dtype=bool), 1)
    exponents = np.where(pairs, -scalars.scale * (2 - 2 * similarities), -np.inf)
    top = float(np.max(exponents))
    parts = np.exp(exponents - top)
    total = float(np.sum(parts))
    return Slopes(top + float(np.log(total / np.count_nonzero(pairs))), 2 * scalars.scale * parts / total)


LOSS = BatchLoss("uniformity", slopes, shared=True)
