"""Circle loss with weights that are not differentiated (Sun et al., CVPR 2020, eq. 6), the mean over rows."""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes, sigmoid


def weights(similarities: Floats, targets: Floats, margin: float) -> Floats:
    """``max(0, 1 + margin - s)`` for positives, ``max(0, s + margin)`` for negatives."""
    return np.maximum(np.where(targets > 0, 1 + margin - similarities, similarities + margin), 0.0)


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:
    """``log(1 + sum_neg exp(g a (s - m)) sum_pos exp(-g b (s - 1 + m)))`` a row."""
    positive, out, value = targets > 0, np.zeros_like(similarities), 0.0
    held = scalars.scale * weights(similarities, targets, scalars.margin) / len(similarities)
    for row, wanted in enumerate(positive):
        factor = len(similarities) * held[row]
        s = similarities[row]
        logits = np.where(wanted, -factor * (s - 1 + scalars.margin), factor * (s - scalars.margin))
        tops = [np.max(logits[side]) for side in (wanted, ~wanted)]
        parts = [np.exp(logits[side] - top) for side, top in zip((wanted, ~wanted), tops, strict=True)]
        both = float(sum(tops) + sum(np.log(np.sum(part)) for part in parts))
        value += float(np.logaddexp(0.0, both)) / len(similarities)
        share = float(sigmoid(np.array(both)))
        out[row, wanted] = -share * held[row, wanted] * parts[0] / np.sum(parts[0])
        out[row, ~wanted] = share * held[row, ~wanted] * parts[1] / np.sum(parts[1])
    return Slopes(value, out)


LOSS = BatchLoss("circle", slopes)
