"""The correlation of two ranks given controls that may bend, jump and interact: of residuals, with what the fits may have left.

The correlation of the residuals (Shah and Peters' generalised covariance measure, of ranks) is off by the covariance of what both
fits left of the means. A repetition in which the means are known measures that, and overstates it where the true means are simpler
than the fits. So the truth is taken to lie between none and all of it: the estimate is the middle, and the interval reaches half
of it farther on either side.

Deviations leave out each cluster in turn with the predictions of the trees as they are: to first order these do not matter, for
residuals are orthogonal to what the controls say (Neyman 1959; Chernozhukov et al. 2018). That the ranks of the two move is added,
as in `numerics.association.deviations`; of the controls' it adds nothing, by the same orthogonality.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from numerics.association.columns import Control, columns_of
from numerics.association.groups import SignCounts
from numerics.association.leverage import Leverage
from numerics.association.partialling import LEAST, folds_of, partialled, remainder
from numerics.association.ranks import Floats, Ranked, Rows
from numerics.resampling.clusters import Clusters
from numerics.resampling.proportions import binomial_interval
from numerics.validation import InvalidInput

MOST_ROWS: Final = 2**18  # more are sampled: a correlation has an error of 1/512 then


CONTROLLING: Final = ("shapes", "ranks")


def controlling(control: object, seed: int) -> int | None:
    """The seed of a control for shapes, None for one of ranks; raises ``InvalidInput`` for another."""
    if control not in CONTROLLING:
        raise InvalidInput(f"control = {control!r} must be one of {', '.join(CONTROLLING)}")
    return seed if control == "shapes" else None


@dataclass(frozen=True)
class Controlled:
    """A correlation given controls. NaN where they leave nothing of one of the two; ``alone``: of which one cluster holds all."""

    value: float
    reach: float  # how far the interval goes beyond that of sampling: half of what the fits may have left
    deviations: Floats  # (G,), by cluster, as of `numerics.association.deviations.by_cluster`
    sizes: Floats  # (G,) rows
    residuals: Floats  # (2, rows)
    rows: Rows  # which were used
    leverage: Leverage
    alone: tuple[bool, ...]


def controlled(pair: Sequence[Ranked], controls: Sequence[Control], rows: Rows | None, clusters: Clusters, seed: int) -> Controlled:
    """Of a ``pair`` of variables given the ``controls``, over ``rows``, at most `MOST_ROWS` of them, drawn by ``seed``."""
    used = sampled(rows, len(pair[0].codes), seed)
    scores = np.stack([v.scores(used)[v.codes[used]] for v in pair])
    codes, held = clusters.codes[used], columns_of(controls, used)
    folds = folds_of(codes, seed)
    found = partialled(scores, held, folds, seed)
    sizes = np.bincount(codes, minlength=clusters.count).astype(np.float64)
    squares, leverage = np.mean(found.residuals**2, axis=1), Leverage.of_rows(found.residuals, codes, sizes)
    floor = np.mean(scores**2, axis=1) * (found.basis.shape[1] + 1) * (found.basis.shape[1] + 2) * 2.0**-52
    if np.any(squares <= floor):
        return Controlled(math.nan, math.nan, np.zeros(clusters.count), sizes, found.residuals, used, leverage, (False, False))
    scale = float(np.sqrt(squares[0] * squares[1]))
    left = float(remainder(found, held, folds, seed)[0, 1]) / scale
    rho = float(np.mean(found.residuals[0] * found.residuals[1])) / scale
    without = _without(found.residuals, found.basis, codes, sizes)
    deviations = _left_out(without, sizes, rho)
    deviations += np.bincount(codes, weights=_moved(pair, used, found.residuals, rho), minlength=clusters.count)
    value = float(np.clip(rho - left / 2, -1.0, 1.0))
    deviations -= sizes * (np.sum(deviations) / np.sum(sizes))
    return Controlled(value, abs(left) / 2, deviations, sizes, found.residuals, used, leverage, _alone(without, found.residuals, sizes))


@dataclass(frozen=True)
class PartlyLinear:
    """The ``slope`` of y in x beside controls, what these leave of x, the residuals of y, and how far the slope may be off besides
    (``reach``); ``alone``: whether without one cluster nothing is left of x."""

    left: Floats  # (n,)
    slope: float
    residual: Floats  # (n,)
    reach: float = 0.0
    alone: bool = False


def partly_linear(x: Floats, y: Floats, controls: Sequence[Control], rows: Rows, clusters: NDArray[np.int32], seed: int) -> PartlyLinear:
    """Of x and y (n,) given ``controls``: y = slope x + g(controls) + noise (Robinson 1988). NaN where they leave nothing of x.

    What the fits left of the means of x and y, d_x and d_y, puts the mean of
    d_x (d_y - slope d_x) over that of the squared residuals into the slope; half of it is taken away, as of a correlation.
    """
    held = columns_of(controls, rows)
    folds = folds_of(clusters, seed)
    found = partialled(np.stack([x, y]), held, folds, seed)
    left, right = found.residuals
    square = float(left @ left)
    width = found.basis.shape[1]
    if square <= float(x @ x) * (width + 1) * (width + 2) * 2.0**-52:
        return PartlyLinear(left, math.nan, right)
    slope = float(left @ right) / square
    unsaid = remainder(found, held, folds, seed)
    off = float(unsaid[0, 1] - slope * unsaid[0, 0]) * len(x) / square
    sizes = np.bincount(clusters).astype(np.float64)
    # of one with less than a quarter of the squares and of half a column of the basis, leaving it out takes less than half of them
    heavy = np.bincount(clusters, weights=left**2) >= square / 4
    heavy |= np.bincount(clusters, weights=np.sum(found.basis**2, axis=1)) >= 1 / 2
    alone = _alone(_without(found.residuals, found.basis, clusters, sizes, heavy), found.residuals, sizes)[0]
    return PartlyLinear(left, slope - off / 2, right - slope * left, abs(off) / 2, alone)


def determined(of: Ranked, controls: Sequence[Control], rows: Rows, *, shapes: bool) -> bool:
    """Whether nothing of a variable is left that ``controls`` do not say, so that a slope in it beside them has no meaning.

    Either its ranks are a linear function of theirs and of indicators of categories, to rounding (a copy, a unit, a monotone
    transform); or, where they are to take
    any ``shapes``, it has one value in all
    ``rows`` with the same values of the controls, and at least half of the rows are not the first such one: then this is no want of
    rows that could tell.
    """
    if not controls:
        return False
    own = of.scores(rows)[of.codes[rows]]
    held = columns_of(controls, rows)
    design = np.column_stack([np.ones(len(own)), held])
    left = own - design @ np.linalg.lstsq(design, own, rcond=None)[0]
    if left @ left <= (own @ own) * (design.shape[1] + 1) * (design.shape[1] + 2) * 2.0**-52:
        return True
    if not shapes:
        return False
    told = np.stack([v.codes[rows] for v in controls])
    cells = len(np.unique(told, axis=1).T)
    return 2 * cells <= len(own) and len(np.unique(np.vstack([told, of.codes[rows]]), axis=1).T) == cells


def determiners(pair: Sequence[Ranked], controls: Mapping[str, Control], seed: int) -> tuple[str, ...]:
    """Which of the ``controls`` alone determines the ranks of one of a ``pair``, over the rows in which all have values."""
    present = np.logical_and.reduce([variable.present for variable in (*pair, *controls.values())])
    rows = sampled(present, len(present), seed)
    return tuple(name for name, held in controls.items() if any(determined(of, [held], rows, shapes=False) for of in pair))


def sampled(rows: Rows | None, count: int, seed: int) -> Rows:
    """``rows`` of ``count`` (None: all), or `MOST_ROWS` of them."""
    chosen = np.arange(count) if rows is None else np.flatnonzero(rows)
    if len(chosen) > MOST_ROWS:
        chosen = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0x5A,))).choice(chosen, MOST_ROWS, replace=False)
    used = np.zeros(count, np.bool_)
    used[chosen] = True
    return used


def signs_of_residuals(residuals: Floats, groups: NDArray[np.integer], level: float) -> SignCounts:
    """Signs of the covariance of two ``residuals`` (2, n) within each of ``groups`` (n,) that has rows; 0 where one is constant there."""
    _, own, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    sums = [np.bincount(own, weights=w) for w in (residuals[0] * residuals[1], *residuals)]
    inside = sums[0] - sums[1] * sums[2] / sizes
    rounding = sizes * 2.0**-50 * np.sqrt(np.bincount(own, weights=residuals[0] ** 2) * np.bincount(own, weights=residuals[1] ** 2))
    positive, negative = int(np.count_nonzero(inside > rounding)), int(np.count_nonzero(inside < -rounding))
    low, high = binomial_interval(positive, positive + negative, level)
    return SignCounts(positive, negative, len(sizes) - positive - negative, low, high)


def _left_out(without: Floats, sizes: Floats, rho: float) -> Floats:
    """(rows - rows of the cluster) times what leaving it out, and regressing on the basis again, changes; ``without``: see there."""
    product = without[:, 0, 0] * without[:, 1, 1]
    defined = (without[:, 0, 0] > 0) & (without[:, 1, 1] > 0)
    changed = rho - np.clip(without[:, 0, 1] / np.sqrt(np.where(defined, product, 1.0)), -1.0, 1.0)
    return np.where(defined & (sizes > 0), (np.sum(sizes) - sizes) * changed, 0.0)


def _alone(without: Floats, residuals: Floats, sizes: Floats) -> tuple[bool, ...]:
    """Of which variable leaving one cluster out leaves nothing: as little of its squares as the rounding of a basis is."""
    kept = np.diagonal(without, axis1=1, axis2=2)[(sizes > 0) & (sizes < np.sum(sizes))]
    return tuple(np.any(kept <= LEAST * np.sum(residuals**2, axis=1), axis=0).tolist())


def _without(residuals: Floats, basis: Floats, codes: NDArray[np.int32], sizes: Floats, only: Rows | None = None) -> Floats:
    """Products (G, 2, 2) of both residuals without each cluster, or each of ``only`` some, when they are regressed on the basis again.

    Without rows g these are S - e_g' (1 - B_g B_g')^-1 e_g = S - e_g' e_g - u' (1 - B_g' B_g)^-1 u, where u = B_g' e_g.
    """
    total = residuals @ residuals.T
    without = np.empty((len(sizes), 2, 2))
    without[:] = total
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(sizes).astype(np.int64)
    if np.all(sizes <= 1):
        at = codes[order]
        lever = np.maximum(1 - np.sum(basis[order] ** 2, axis=1), LEAST)
        without[at] -= (residuals[:, order].T[:, :, None] * residuals[:, order].T[:, None, :]) / lever[:, None, None]
        return without
    for g in np.flatnonzero(sizes if only is None else (sizes > 0) & only):
        own = order[ends[g] - int(sizes[g]) : ends[g]]
        part, e = basis[own], residuals[:, own]
        u = part.T @ e.T
        inner = np.eye(part.shape[1]) - part.T @ part
        without[g] -= e @ e.T + u.T @ np.linalg.lstsq(inner, u, rcond=LEAST)[0]
    return without


def _moved(pair: Sequence[Ranked], rows: Rows, residuals: Floats, rho: float) -> Floats:
    """What a row does to the correlation by moving the ranks of the others, of both of the ``pair``."""
    standard = residuals / np.sqrt(np.mean(residuals**2, axis=1))[:, None]
    total = np.zeros(residuals.shape[1])
    for j in (0, 1):
        weights = (standard[1 - j] - rho * standard[j]) / float(np.sqrt(np.mean(residuals[j] ** 2)))
        codes = pair[j].codes[rows]
        at = np.bincount(codes, weights=weights, minlength=pair[j].distinct)
        upwards = np.cumsum(at[::-1])[::-1]
        total += ((upwards - at / 2) / len(codes))[codes]
    return total
