"""The studentised bootstrap of whole clusters: intervals and p-values from sums over clusters.

Whole clusters are drawn with replacement, the statistic is studentised in each resample, and the quantile of |t| is used about the
data's own standard error (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, 12.5; Cameron, Gelbach and Miller 2008).
Drawn clusters cannot show tails that few clusters have, and Student's t with clusters - 1 degrees of freedom does not see unequal
clusters: the wider of the two is taken, so that few clusters are covered for too often rather than too rarely. Where `Tails` are
given, Student's t has their degrees of freedom and their error, which do see them. Measured coverage
of intervals at level 0.95, 300 data sets for percentile and BCa of full recomputation, 1000 and 1500 for the others (8 clusters of
20 rows; of 2 to 20 for the wider):

    design                       percentile  BCa   t, equal tails  t, symmetric  Student's t  wild signs  the wider
    8 clusters                      0.91     0.84       0.90           0.98          0.97        0.97        0.97
    20 clusters of 5 to 50 rows     0.92     0.86       0.91           0.95          0.94        0.94        0.96
    30 rows, correlation 0.6        0.95     0.92       0.90           0.93          0.96        0.95        0.97
    200 rows, correlation 0.6       0.94     0.94       0.94           0.95          0.95        0.95        0.95
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from numerics.compilation.compiled import kernel
from numerics.resampling.tails import Tails
from numerics.sampling import random_bits, stream_key

Floats = NDArray[np.float64]
Scale = Literal["plain", "correlation", "log"]
_CLIP = 1 - 2.0**-53


def fewest_clusters(level: float) -> int:
    """As many clusters as it takes for all of them to have one sign by chance with probability at most 1 - ``level``: 2^(1 - n)."""
    return 1 + int(np.ceil(-np.log2(1 - level) - 1e-9))


@dataclass(frozen=True)
class Resampled:
    """K statistics, their changes in R resamples and their standard errors there and in the data; how many clusters have rows."""

    values: Floats  # (K,)
    errors: Floats  # (K,)
    clusters: Floats  # (K,)
    changes: Floats  # (R, K)
    errors_there: Floats  # (R, K)
    scale: Scale = "plain"  # on which the statistics are studentised: as they are, by arctanh, by the logarithm
    tails: Sequence[Tails] | None = None  # of each statistic; None: of clusters that weigh alike

    def interval(self, k: int, level: float) -> tuple[float, float]:
        """The interval of statistic ``k``, symmetric on its scale."""
        t = self._studentised(k)
        place = min(int(np.ceil(level * (len(t) + 1))), len(t)) - 1
        own = self._tails(k)
        student = float(stdtrit(own.freedom, (1 + level) / 2) / np.sqrt(own.share))
        quantile = max(float(np.partition(t, place)[place]), student)
        middle, slope = _straight(self.values[k], self.scale)
        half = quantile * self.errors[k] * float(slope)
        return float(_back(middle - half, self.scale)), float(_back(middle + half, self.scale))

    def p_value(self, k: int) -> float:
        """Of 0, two-sided: the greater of the share of resamples (the data counted as one) with as large |t|, and that of Student's t."""
        own = self._tails(k)
        if self.errors[k] == 0:  # all of them, of so many as there are in effect, have one sign
            return 2.0 ** -min(own.freedom, 999.0) if self.values[k] else 1.0
        middle, slope = _straight(self.values[k], self.scale)
        found = abs(float(middle)) / (self.errors[k] * float(slope))
        t = self._studentised(k)
        student = 2 * float(stdtr(own.freedom, -found * np.sqrt(own.share)))
        return max((1 + int(np.count_nonzero(t >= found))) / (len(t) + 1), student)

    def _tails(self, k: int) -> Tails:
        return Tails(float(self.clusters[k]) - 1, 1.0) if self.tails is None else self.tails[k]

    def _studentised(self, k: int) -> Floats:
        middle, _ = _straight(self.values[k], self.scale)
        there, slope = _straight(self.values[k] + self.changes[:, k], self.scale)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            t = np.abs(there - middle) / (self.errors_there[:, k] * slope)
        return np.where(np.isnan(t), np.where(self.changes[:, k] == 0, 0.0, np.inf), t)


def _straight(value: Floats | float, scale: Scale) -> tuple[Floats, Floats]:
    """``value`` on the scale on which its error depends least on it, and the derivative there."""
    if scale == "correlation":
        inside = np.clip(value, -_CLIP, _CLIP)
        return np.arctanh(inside), 1 / (1 - inside**2)
    if scale == "log":
        positive = np.maximum(value, np.finfo(float).tiny)
        return np.log(positive), 1 / positive
    return np.asarray(value, np.float64), np.ones_like(value, dtype=np.float64)


def _back(value: Floats, scale: Scale) -> Floats:
    with np.errstate(over="ignore"):  # an interval may have no end
        return np.tanh(value) if scale == "correlation" else np.exp(value) if scale == "log" else value


def resample(
    values: Floats, deviations: Floats, sizes: Floats, resamples: int, seed: int, scale: Scale = "plain", threads: int | None = None,
    tails: Sequence[Tails] | None = None,
) -> Resampled:  # fmt: skip
    """Draw whole clusters with replacement, the same ones for all K statistics.

    ``values`` (K,); ``deviations``, ``sizes`` (G, K): by cluster, total 0, how far its rows move the statistic, and how many rows it
    has; reweighted clusters move it by sum(weights * deviations) / sum(weights * sizes). ``tails``: of each statistic, for clusters
    that do not weigh alike. The same bits for any number of threads.
    """
    key = stream_key(np.random.SeedSequence(seed, spawn_key=(0xA550C1,)))
    out = np.empty((resamples, 2, deviations.shape[1]))
    _resample(resamples, threads, np.ascontiguousarray(deviations), np.ascontiguousarray(sizes, np.float64), key, out)
    clusters = np.count_nonzero(sizes, axis=0).astype(np.float64)
    correction = np.sqrt(clusters / np.maximum(clusters - 1, 1))
    errors = np.sqrt(np.sum(deviations**2, axis=0)) / np.sum(sizes, axis=0) * correction
    return Resampled(np.asarray(values, np.float64), errors, clusters, out[:, 0], out[:, 1] * correction, scale, tails)


@kernel
def _resample(stamp: int) -> Any:
    """The change of each statistic in a resample, and its standard error there but for clusters / (clusters - 1)."""

    def run(first, last, deviations, sizes, key, out):  # type: ignore[no-untyped-def]
        clusters, statistics = deviations.shape
        times = np.empty(clusters, np.int64)
        sums = np.empty((5, statistics))
        for r in range(first, last if stamp != 0 else first):
            times[:] = 0
            for k in range(clusters):
                bits = random_bits(key, np.uint64(r) * np.uint64(clusters) + np.uint64(k))
                times[np.int64(((bits >> np.uint64(32)) * np.uint64(clusters)) >> np.uint64(32))] += 1
            sums[:] = 0.0
            for g in range(clusters):
                if times[g] > 0:
                    m = float(times[g])
                    for k in range(statistics):
                        moved, rows = deviations[g, k], sizes[g, k]
                        sums[0, k] += m * moved
                        sums[1, k] += m * rows
                        sums[2, k] += m * moved * moved
                        sums[3, k] += m * moved * rows
                        sums[4, k] += m * rows * rows
            for k in range(statistics):
                if sums[1, k] > 0.0:
                    change = sums[0, k] / sums[1, k]
                    squares = sums[2, k] - 2.0 * change * sums[3, k] + change * change * sums[4, k]
                    out[r, 0, k] = change
                    out[r, 1, k] = np.sqrt(max(squares, 0.0)) / sums[1, k]
                else:  # none of the clusters drawn has rows of this statistic
                    out[r, 0, k] = np.nan
                    out[r, 1, k] = np.nan

    return run
