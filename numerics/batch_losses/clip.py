"""Symmetric CLIP: rows pick columns and columns pick rows, half each (Radford et al., ICML 2021); the scale is learned."""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes, softmax_errors


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:
    """One positive in each row and in each column."""
    logits = scalars.scale * similarities
    rows, row_errors = softmax_errors(logits, targets)
    columns, column_errors = softmax_errors(np.ascontiguousarray(logits.T), targets.T)
    by_logit = (row_errors + column_errors.T) / (2 * len(similarities))
    value = (np.mean(rows) + np.mean(columns)) / 2
    return Slopes(float(value), scalars.scale * by_logit, float(np.sum(by_logit * logits)))


LOSS = BatchLoss("clip", slopes)
