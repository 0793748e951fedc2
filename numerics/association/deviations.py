"""What each cluster of rows does to a correlation: its influence, or what leaving it out changes.

Spearman's correlation, raw or partial, is a smooth function of the rank covariances, which are functionals of the empirical
distribution alone. Its Hajek projection, with all ranks moving when a row is added, is

    I(i) = e_x e_y / (s_x s_y) - rho (e_x^2 / s_x^2 + e_y^2 / s_y^2) / 2  +  sum_j mean_k w_j(k) (1{x_j(k) > x_j(i)} + 1{=} / 2),

e residuals of the scores, s their deviations, w_j(k) the derivative with respect to the score of variable j in row k:
w_x = (e_y / s_y - rho e_x / s_x) / s_x, w_y likewise, and -slope_x w_x - slope_y w_y for a control. (Slopes themselves add
nothing, residuals being orthogonal to the controls.) The remainder is O(1/clusters) of the standard error; with few rows or
clusters each is left out in turn instead, which has no remainder (Efron and Stein 1981: never too small on average).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.association.correlation import covariances, left, partial, slopes
from numerics.association.ranks import Floats, Ranked, Rows
from numerics.compilation.compiled import kernel

ClusterCodes = NDArray[np.int32]
MOST_WORK = 2**27  # multiplications spent on leaving out clusters one after the other: less than a second


def by_cluster(variables: Sequence[Ranked], rows: Rows | None, clusters: ClusterCodes, count: int, exact: bool | None = None) -> Floats:
    """Deviations (count,) of the correlation of the first two ``variables`` given the rest, summed over each cluster; total 0.

    In units in which the correlation of reweighted clusters changes by (sum of weights * deviations) / (sum of weights * rows).
    ``exact`` (None: where it takes no longer than `MOST_WORK`): leave out each cluster in turn. Raises `Alone` where without one of
    them nothing is left of one of the two.
    """
    chosen = slice(None) if rows is None else rows
    sizes = np.bincount(clusters[chosen], minlength=count)
    width = len(variables)
    total = int(np.sum(sizes))
    if left_out_is_cheap(total, count, width) if exact is None else exact:
        deviations = _left_out(variables, rows, clusters, sizes)
    else:
        deviations = np.bincount(clusters[chosen], weights=influence(variables, rows), minlength=count).astype(np.float64)
    return deviations - sizes * (np.sum(deviations) / total)


class Alone(ValueError):
    """Without one cluster nothing is left of the first variable, the second or both: ``of``."""

    def __init__(self, of: tuple[bool, ...]) -> None:
        super().__init__("without one cluster nothing is left of a variable")
        self.of = of


def left_out_is_cheap(rows: int, clusters: int, variables: int) -> bool:
    """Whether leaving out each of the ``clusters`` in turn takes no longer than `MOST_WORK`."""
    return clusters * rows * variables * (variables + 3) // 2 <= MOST_WORK


def influence(variables: Sequence[Ranked], rows: Rows | None = None) -> Floats:
    """The influence of each of ``rows`` (n,) on the correlation of the first two ``variables`` given the rest; mean 0. O(n v)."""
    codes = [v.codes if rows is None else v.codes[rows] for v in variables]
    covariance = covariances(variables, rows)
    others = range(2, len(variables))
    slope = [slopes(covariance, target, others) for target in (0, 1)]
    standard = residuals(variables, rows, covariance)
    deviation = np.sqrt(np.mean(standard**2, axis=1))
    standard /= deviation[:, None]
    rho = float(np.mean(standard[0] * standard[1]))
    total = standard[0] * standard[1] - 0.5 * rho * (standard[0] ** 2 + standard[1] ** 2)
    for j in (0, 1):
        weights = (standard[1 - j] - rho * standard[j]) / deviation[j]
        total += _above(codes[j], variables[j].distinct, weights)
        for k, by in zip(others, slope[j], strict=True):
            total -= by * _above(codes[k], variables[k].distinct, weights)
    return total - np.mean(total)


def residuals(variables: Sequence[Ranked], rows: Rows | None = None, covariance: Floats | None = None) -> Floats:
    """What a regression on the rest leaves of the scores of the first two ``variables`` in each of ``rows``: (2, n). O(n v).

    ``covariance`` (v, v): of the scores, where it is known.
    """
    codes = [v.codes if rows is None else v.codes[rows] for v in variables]
    scores = [v.scores(rows) for v in variables]
    covariance, others = covariances(variables, rows) if covariance is None else covariance, range(2, len(variables))
    out = np.stack([scores[j][codes[j]] for j in (0, 1)])
    for j in (0, 1):
        for k, by in zip(others, slopes(covariance, j, others), strict=True):
            out[j] -= by * scores[k][codes[k]]
    return out


def _above(codes: NDArray[np.int32], distinct: int, weights: Floats) -> Floats:
    """The mean over rows k of weights[k] times 1 where codes[k] > codes[i], 1/2 where they are equal, for every row i."""
    at = np.bincount(codes, weights=weights, minlength=distinct)
    upwards = np.cumsum(at[::-1])[::-1]
    return ((upwards - at / 2) / len(codes))[codes]


def _left_out(variables: Sequence[Ranked], rows: Rows | None, clusters: ClusterCodes, sizes: NDArray[np.int64]) -> Floats:
    chosen = slice(None) if rows is None else rows
    codes = np.stack([v.codes[chosen] for v in variables]).astype(np.int64)
    distinct = [v.distinct for v in variables]
    starts = np.concatenate([[0], np.cumsum(distinct)]).astype(np.int64)
    codes += starts[:-1, None]
    counts = np.bincount(codes.reshape(-1), minlength=int(starts[-1])).astype(np.float64)
    member = clusters[chosen].astype(np.int64)
    order = np.argsort(member, kind="stable").astype(np.int64)
    ends = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    size, width = len(order), len(variables)
    without = np.empty((len(sizes), width, width))
    _leave_out(len(sizes), None, np.ascontiguousarray(codes.T[order]), starts, counts, ends, without)
    whole = float(partial(covariances(variables, rows)))
    taking_part = (sizes > 0) & (sizes < size)
    gone = ~left(without)[1] & taking_part[:, None]
    if np.any(gone):
        raise Alone(tuple(np.any(gone, axis=0).tolist()))
    return np.where(taking_part, (size - sizes) * (whole - partial(without)), 0.0)


@kernel
def _leave_out(stamp: int) -> Any:
    """Covariances (clusters, v, v) of the scores without the rows [ends[g], ends[g + 1]) of each cluster."""

    def run(first, last, codes, starts, counts, ends, without):  # type: ignore[no-untyped-def]
        size, width = codes.shape
        scores = np.empty(len(counts))
        row = np.empty(width)
        for g in range(first, last if stamp != 0 else first):
            left = size - (ends[g + 1] - ends[g])
            scores[:] = counts
            for i in range(ends[g], ends[g + 1]):
                for j in range(width):
                    scores[codes[i, j]] -= 1.0
            for j in range(width):
                below = 0.0
                for k in range(starts[j], starts[j + 1]):
                    here = scores[k]
                    scores[k] = (below + here / 2) / left - 0.5
                    below += here
            total = without[g]
            total[:] = 0.0
            for i in range(size):
                if ends[g] <= i < ends[g + 1]:
                    continue
                for j in range(width):
                    row[j] = scores[codes[i, j]]
                for j in range(width):
                    for k in range(j + 1):
                        total[j, k] += row[j] * row[k]
            for j in range(width):
                for k in range(j + 1):
                    total[j, k] /= left
                    total[k, j] = total[j, k]

    return run
