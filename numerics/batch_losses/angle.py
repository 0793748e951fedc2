"""AnglE's objective in the complex plane (Li and Li, arXiv:2309.12871), of the pairs on the diagonal.

The similarity of a pair is ``sqrt(2) |cos(x, q)|`` with ``q`` its partner turned by 45 degrees in each complex
plane; targets hold the gold scores. At similarity 0 the slope is taken to be 0, as automatic differentiation does.
"""

from __future__ import annotations

import numpy as np

from numerics.batch_losses.definition import BatchLoss, Floats, Scalars, Slopes


def slopes(similarities: Floats, targets: Floats, scalars: Scalars) -> Slopes:
    """``log(1 + sum over pairs i that should be less alike than j of exp(scale (s_i - s_j)))``."""
    cosines, gold = np.diag(similarities), np.diag(targets)
    s = np.sqrt(2.0) * np.abs(cosines)
    logits = np.where(gold[:, None] < gold[None, :], scalars.scale * (s[:, None] - s[None, :]), -np.inf)
    top = max(0.0, float(np.max(logits)))
    parts = np.exp(logits - top)
    total = np.exp(-top) + np.sum(parts)
    by_score = scalars.scale * (np.sum(parts, axis=1) - np.sum(parts, axis=0)) / total
    return Slopes(float(top + np.log(total)), np.diag(np.sqrt(2.0) * np.sign(cosines) * by_score))


LOSS = BatchLoss("angle", slopes, turned=True)
