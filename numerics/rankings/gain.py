"""Normalised discounted cumulative gain (Jarvelin and Kekalainen, 2002), from how many documents beat a relevant one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.validation import Floats


def discounts(documents: int, k: int) -> Floats:
    """Sums of ``1/log2(1 + place)`` over the first 0, 1, .. ``documents`` places, of which those after the k-th are worth nothing."""
    places = np.arange(1, documents + 1)
    return np.concatenate([[0.0], np.cumsum(np.where(places <= k, 1 / np.log2(1 + places), 0.0))])


def discounted_gain(
    above: NDArray[np.int64], equal: NDArray[np.int64], gains: Floats, query: NDArray[np.int64], queries: int, documents: int, k: int
) -> Floats:
    """nDCG at k (queries, ...): 1 is a perfect list. Queries without a relevant document have NaN.

    Pair p is a relevant document of ``query[p]`` with ``gains[p]`` > 0; ``above`` and ``equal`` (P, ...) of all documents score higher and
    as high, itself included in ``equal``. Among equals the order is random: the mean over it is taken.
    """
    whole = discounts(documents, k)
    worth = (whole[above + equal] - whole[above]) / equal
    shape = (queries, *above.shape[1:])
    got = np.zeros(shape)
    np.add.at(got, query, gains.reshape(-1, *(1,) * (above.ndim - 1)) * worth)
    best = np.full(queries, np.nan)
    order = np.lexsort((-gains, query))
    for q, rows in _groups(query[order], order):
        best[q] = gains[rows] @ np.diff(whole[: len(rows) + 1])
    return got / best.reshape(-1, *(1,) * (above.ndim - 1))


def _groups(sorted_queries: NDArray[np.int64], order: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64]]]:
    starts = np.flatnonzero(np.append(True, np.diff(sorted_queries) > 0)) if len(order) else np.zeros(0, np.int64)
    return [(int(sorted_queries[s]), rows) for s, rows in zip(starts, np.split(order, starts[1:]), strict=True)]
