"""The cosine triplet loss ``max(0, margin + s_- - s_+)``, the mean over all triples of a row, then over rows.

At the hinge itself the slope is taken to be 0, as automatic differentiation does.
"""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:
    """Positives by the targets, every other column is a negative."""
    out, value = np.zeros_like(similarities), 0.0
    for row, wanted in enumerate(targets > 0):
        opening = scalars.margin + similarities[row, ~wanted][None, :] - similarities[row, wanted][:, None]
        share = 1.0 / (opening.size * len(similarities))
        value += share * float(np.sum(np.maximum(opening, 0.0)))
        out[row, wanted] = -share * np.sum(opening > 0, axis=1)
        out[row, ~wanted] = share * np.sum(opening > 0, axis=0)
    return Slopes(value, out)


LOSS = BatchLoss("cosine_triplet", slopes)
