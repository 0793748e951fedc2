"""The coefficient of variation with its interval."""

from __future__ import annotations

import numpy as np

from numerics.norm_signal.records import Floats
from numerics.resampling.bootstrap import fewest_clusters, resample
from numerics.resampling.clusters import clusters_of


def variation(norms: Floats, resamples: int, seed: int, level: float) -> tuple[float, float, float]:
    """Standard deviation over mean of positive ``norms`` (n,), with the studentised bootstrap interval of its logarithm.

    Its influence is CV ((x - m)^2 / 2 s^2 - 1/2 - (x - m) / m). Rows count as independent. With infinite fourth moments, as of
    rare rows under decay, no interval of a variation means much. NaN for its ends with fewer rows than `fewest_clusters`.
    """
    mean = float(np.mean(norms))
    deviations = norms / mean - 1
    value = float(np.sqrt(np.mean(deviations**2)))
    if value == 0:
        return value, value, value
    if len(norms) < fewest_clusters(level):
        return value, float("nan"), float("nan")
    influence = value * (deviations**2 / (2 * value**2) - 0.5 - deviations)
    clusters = clusters_of(None, len(norms), seed)
    summed = np.bincount(clusters.codes, weights=influence, minlength=clusters.count).astype(np.float64)[:, None]
    sizes = np.bincount(clusters.codes, minlength=clusters.count).astype(np.float64)[:, None]
    drawn = resample(np.array([value]), summed - sizes * np.mean(influence), sizes, resamples, seed, "log")
    return value, *drawn.interval(0, level)


def by_one(norms: Floats) -> bool:
    """Whether one of ``norms`` has more than half of their squared deviations from the mean: no resampling tells how that row varies.

    Of three rows or fewer one always may; `fewest_clusters` leaves those without an interval anyway.
    """
    squares = (norms / float(np.mean(norms)) - 1) ** 2
    return len(norms) > 3 and bool(2 * np.max(squares) > np.sum(squares))
