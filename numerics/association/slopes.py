"""Another curve of each number at each label: cubes of numbers times indicators, all of them or shrunk to the curve of all labels.

A polynomial of the controls together has room for them only if there are ten rows for each. Where there are fewer, the slopes of the
labels are pooled in part: a ridge regression, fitted to the other folds, whose penalty held-out rows choose (Hoerl and Kennard 1970).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from numerics.association.ranks import Floats

_PENALTIES: Final = (0.1, 1.0, 10.0, 100.0)  # of squared coefficients; columns have about the variance of their label's share of rows
_MOST_NUMBERS: Final = 2**24  # that the columns have in all, 128 MiB
_MOST_COLUMNS: Final = 384  # a fold takes the cube of it
DEGREE: Final = 3


def bends(scores: Floats) -> NDArray[np.bool_]:
    """(c,): which columns of ``scores`` (n, c) have more than two values; the others are labels' indicators, or as good as these."""
    low, high = np.min(scores, axis=0, initial=0.0), np.max(scores, axis=0, initial=0.0)
    return np.asarray(np.any((scores != low) & (scores != high), axis=0))


def by_label(scores: Floats) -> Floats:
    """(n, k): Legendre polynomials, of degree 3 (2, 1 or 0, where that were too many), of each column that bends times each that does not.

    They have variance 1 for uniform ranks, so that one penalty is as strong for all.
    """
    bent, two = scores[:, bends(scores)], scores[:, ~bends(scores)]
    two = two[:, np.ptp(two, axis=0) > 0] if len(two) else two
    each, most = bent.shape[1] * two.shape[1], min(_MOST_COLUMNS, _MOST_NUMBERS // max(len(scores), 1))
    curves = (12**0.5 * bent, 180**0.5 * (bent**2 - 1 / 12), 2800**0.5 * (bent**3 - 3 * bent / 20))
    degree = next((d for d in range(DEGREE, 0, -1) if 0 < d * each <= most), 0)
    at = two - np.min(two, axis=0, initial=0.0)  # 0 but at the label
    made = [at[:, [j]] * curve for j in range(two.shape[1]) for curve in curves[:degree]]
    return np.column_stack([np.zeros((len(scores), 0)), *made])


def pooled(targets: Floats, columns: Floats, folds: NDArray[np.int64]) -> Floats:
    """(t, n): what a ridge regression of ``targets`` (t, n) on ``columns`` (n, k), fitted to the other folds, says; 0 where no penalty
    makes held-out squares less."""
    told = np.zeros((len(_PENALTIES) + 1, *targets.shape))
    parts = np.unique(folds)
    if not columns.shape[1] or len(parts) < 2:
        return told[-1]
    gram, moments = columns.T @ columns, columns.T @ targets.T
    for at in (np.flatnonzero(folds == fold) for fold in parts):
        held = columns[at]
        sizes, axes = np.linalg.eigh(gram - held.T @ held)
        turned, own = axes.T @ (moments - held.T @ targets[:, at].T), held @ axes
        for i, penalty in enumerate(_PENALTIES):
            told[i][:, at] = (own @ (turned / (np.maximum(sizes, 0.0) + penalty)[:, None])).T
    best = np.argmin(np.sum((targets - told) ** 2, axis=2), axis=0)
    return told[best, np.arange(len(targets))]
