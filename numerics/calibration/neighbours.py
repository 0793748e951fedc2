"""What is left of a quantity among queries alike in some controls: a check that needs no fit to have learned a shape.

Differences of queries with equal controls are free of whatever the controls say. Where at least half of the queries can be told apart
from an equal one (a length in tokens, a label), these are used, and no shape is left.

Else differences of neighbours are free of it at that scale, learned or not (Yatchew, "An elementary estimator of the partial linear
model", 1997). A step lies between two neighbours m times as far apart m times as often: from 1 to 8 places the line is drawn on to 0
places, where no step is left (Tong and Wang, "Estimating residual variance in nonparametric regression using least squares", 2005). In a
plane, where an even number of steps in both directions cancels, it is a parabola, through 32 neighbours. Of independent noise, whose
covariance is what is looked for, a line has 1.3 times the variance of a mean of products.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import rankdata

from numerics.validation import Floats

NEIGHBOURS = 8
IN_A_PLANE = 32  # neighbours, of which the parabola has no more variance than the line through the 8 nearest
MOST_PAIRS = 28  # of controls that are looked at together: all pairs of eight
_BIN = 2 * NEIGHBOURS  # queries at least among which a pair's first control is taken for equal
_WIDEST = 2**9  # neighbours looked through for ones of other groups
_CELLS = 2**21  # of a table of neighbours held at once
_SHUFFLE = 1e-3  # of a rank: orders equal values at random and moves no others


class Alike(NamedTuple):
    """Queries alike in some ``columns`` of the controls: in order by the last of two within bins of the first, or ``near`` in all."""

    columns: tuple[int, ...]
    near: bool = False


@dataclass(frozen=True)
class Checks:
    """By each control, by each pair (in order both ways, and near in both), and by all controls together.

    ``left_out``: how many pairs are not looked at, as there are too many.
    """

    sets: tuple[Alike, ...]
    left_out: int


def checks_of(controls: Floats, labels: Sequence[bool] = ()) -> Checks:
    """Each control that varies, each pair of them (the first ones, if there are too many), and all together.

    Of a pair with one of the ``labels``, that is the first: within a label queries are sorted by the other.
    """
    vary = [j for j in range(controls.shape[1]) if np.ptp(controls[:, j]) > 0]
    pairs = list(combinations(vary, 2))
    named = {j for j, label in enumerate(labels) if label}
    ways = [way for a, b in pairs[:MOST_PAIRS] for way in _ways(a, b, named)]
    together = [Alike(tuple(vary), near=True)] if len(vary) > 2 else []
    return Checks((*(Alike((j,)) for j in vary), *ways, *together), max(len(pairs) - MOST_PAIRS, 0))


def _ways(a: int, b: int, named: set[int]) -> tuple[Alike, ...]:
    """How queries may be alike in a pair of controls, of which some are ``named``."""
    if a in named or b in named:
        return (Alike((a, b) if a in named else (b, a)),)
    return Alike((a, b)), Alike((b, a)), Alike((a, b), near=True)


def weights(
    own: Floats, controls: Floats, groups: NDArray[np.int32], seed: int, labels: Sequence[bool] = (), *, near: bool = False
) -> Floats:
    """Weights (n, m) whose mean product with any y (n,) is the covariance of y with ``own`` (n, m) among queries alike in ``controls``.

    ``controls`` (n, c): alike are those with equal ones, where there are enough; else, with one or two, those near each other when
    sorted by the last, within bins of the first of two; with more, or ``near``, the nearest in ranks. Of controls that are ``labels``,
    whose numbers have no order, alike are those of one label (of the nearest as far as there are enough). No two of the same of
    ``groups`` (n,) are compared. O(n log n).
    """
    equal = _equal(own, controls, groups)
    if equal is not None:
        return equal
    named = tuple(labels) or (False,) * controls.shape[1]
    if controls.shape[1] <= 2 and not near:
        cells = np.unique(controls[:, named], axis=0, return_inverse=True)[1].reshape(-1) if any(named) else None
        return _in_order(own, _sorted(controls, seed, named[0]), groups, cells)
    if controls.shape[1] <= 2:
        places, apart = _nearest(controls, groups, seed, named, IN_A_PLANE)
        return _among_nearest(own, places, _drawn_on(apart))
    places, _ = _nearest(controls, groups, seed, named, NEIGHBOURS)
    return _among_nearest(own, places, np.full(places.shape[1], 1 / places.shape[1]))  # all are about equally far


def _equal(own: Floats, controls: Floats, groups: NDArray[np.int32]) -> Floats | None:
    """By differences of all pairs with equal controls and of two groups, each query of a cell of n weighing (n - 1) / n: what is left
    beside the means of cells, if no group has two. None where these weights come to less than half of the queries."""
    rows = len(own)
    cell = np.unique(controls, axis=0, return_inverse=True)[1].reshape(-1)
    pair = np.unique(np.column_stack([cell, groups]), axis=0, return_inverse=True)[1].reshape(-1)
    size, mine = np.bincount(cell)[cell], np.bincount(pair)[pair]
    seen = np.sum((size - mine) / size)
    if 2 * seen < rows:
        return None
    out = np.empty_like(own)
    for j, x in enumerate(own.T):
        others = np.bincount(cell, x)[cell] - np.bincount(pair, x)[pair]
        out[:, j] = (x * (size - mine) - others) / size
    return np.asarray(out * (rows / seen))


def _sorted(controls: Floats, seed: int, first_is_label: bool = False) -> NDArray[np.int64]:
    """Rows by the last control, equal ones at random; of two, within bins of the first, to and fro, so that ends of bins meet."""
    shuffled = np.random.default_rng([seed, 3]).random(len(controls))
    last = rankdata(controls[:, -1])
    if controls.shape[1] == 1:
        return np.lexsort((shuffled, last))
    bins = rankdata(controls[:, 0], method="min") - 1  # of whole values
    bins = bins if first_is_label else bins // _BIN
    return np.lexsort((shuffled, np.where(np.unique(bins, return_inverse=True)[1] % 2 == 0, last, -last), bins))


def _in_order(own: Floats, order: NDArray[np.int64], groups: NDArray[np.int32], cells: NDArray[np.intp] | None) -> Floats:
    """By differences of runs of one group, and within the same of ``cells`` (n,); the m-th next run is m places apart."""
    rows = len(order)
    starts = np.flatnonzero(np.concatenate([[True], np.diff(groups[order]) != 0]))
    lengths = np.diff(np.append(starts, rows))
    run = np.repeat(np.arange(len(starts)), lengths)
    offset = np.arange(rows) - starts[run]
    lags = np.arange(1, min(NEIGHBOURS, len(starts) - 1) + 1)
    drawn_on = _to_zero(lags.astype(float))
    out = np.zeros_like(own)
    for lag, weight in zip(lags, drawn_on, strict=True):
        near = np.flatnonzero(run + lag < len(starts))
        there = run[near] + lag
        one, other = order[near], order[starts[there] + offset[near] % lengths[there]]
        apart = groups[one] != groups[other] if cells is None else (groups[one] != groups[other]) & (cells[one] == cells[other])
        one, other = one[apart], other[apart]
        if not len(one):
            continue
        difference = (own[one] - own[other]) * (weight * rows / (2 * len(one)))
        for j in range(own.shape[1]):
            out[:, j] += np.bincount(one, difference[:, j], rows) - np.bincount(other, difference[:, j], rows)
    return out


def _to_zero(*powers: Floats) -> Floats:
    """The least weights (k,) with which values at k places make the value at 0 of any line, or of any parabola, through them: ``powers``
    of the distances of the places, the first, or the first and the second."""
    conditions = np.stack([np.ones(len(powers[0])), *powers])
    return np.asarray(np.linalg.lstsq(conditions, np.eye(len(conditions))[0], rcond=None)[0])


def _among_nearest(own: Floats, near: NDArray[np.int64], weight: Floats) -> Floats:
    """By differences from each of k neighbours (n, k), of ``weight`` (k,) with sum 1."""
    rows = len(near)
    out = np.empty_like(own)
    for j, x in enumerate(own.T):
        difference = (x[:, None] - x[near]) * (weight / 2)
        out[:, j] = difference.sum(axis=1) - np.bincount(near.ravel(), difference.ravel(), rows)
    return out


def _nearest(
    controls: Floats, groups: NDArray[np.int32], seed: int, labels: Sequence[bool], most: int
) -> tuple[NDArray[np.int64], Floats]:
    """The nearest of other groups (n, k), k at ``most``, in ranks scaled to [0, 1], any others for queries with none among `_WIDEST`;
    and how far they are (n, k). Two labels are further apart than anything of one label is."""
    rows, columns = controls.shape
    rng = np.random.default_rng([seed, 4])
    ranks = np.column_stack([rankdata(controls[:, j]) for j in range(columns)])
    places = (ranks + _SHUFFLE * rng.random((rows, columns))) / rows
    for j in np.flatnonzero(labels):
        places[:, j] = columns * np.unique(controls[:, j], return_inverse=True)[1]
    k = min(most, rows - int(np.bincount(groups).max()))
    found = np.full((rows, k), -1)
    tree, lacking, wide = cKDTree(places), np.arange(rows), 2 * k + 1
    while len(lacking) and wide <= _WIDEST:
        for some in _parts(lacking, wide):
            near = tree.query(places[some], min(wide, rows))[1].reshape(len(some), -1)
            other = groups[near] != groups[some][:, None]
            enough = other.sum(axis=1) >= k
            first = np.argsort(~other, axis=1, kind="stable")[:, :k]
            found[some[enough]] = np.take_along_axis(near, first, axis=1)[enough]
        lacking, wide = np.flatnonzero(found[:, 0] < 0), 4 * wide
    for group in np.unique(groups[lacking]):
        mine = lacking[groups[lacking] == group]
        found[mine] = rng.choice(np.flatnonzero(groups != group), (len(mine), k))
    return found, np.linalg.norm(places[found] - places[:, None], axis=2)


def _drawn_on(apart: Floats) -> Floats:
    """The weights of neighbours (k,) that are ``apart`` (n, k), in units of the mean of each query, by which values are drawn on to 0."""
    middle = apart.mean(axis=1)
    scaled = apart[middle > 0] / middle[middle > 0, None]
    return _to_zero(np.mean(scaled, axis=0), np.mean(scaled**2, axis=0))


def _parts(rows: NDArray[np.int64], wide: int) -> Iterator[NDArray[np.int64]]:
    step = max(_CELLS // wide, 1)
    return (rows[i : i + step] for i in range(0, len(rows), step))
