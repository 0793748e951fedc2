"""What controls leave of a variable, in whatever shape they act: cross-fitted residuals (Robinson 1988; Shah and Peters 2020).

The mean of a target given the controls is taken as a polynomial of their rank scores (cubes, and products of two) and what boosted
trees add to it: steps, bands, interactions. Trees are fitted without a fifth of the clusters and predict that fifth, so that no
row is told by itself nor by a row that depends on it; how many trees, those held-out rows say. The target is then regressed on the
polynomial and on the predictions for all targets together, which undoes what shrinkage of the trees left.

Two residuals are uncorrelated wherever the targets are independent given the controls, whatever the shape, up to the product of
the errors of the two fits, which falls faster than the error of a correlation does (Shah and Peters 2020, theorem 6) but
is felt with few hundred rows. What this cannot remove: confounders that are not among the controls; controls measured with error,
which take away only the part of the confounding that the measured values tell; shapes so fine that the rows do not show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.association.ranks import Floats, ranked
from numerics.resampling.clusters import clusters_of
from numerics.validation import InvalidInput, integer, real

FOLDS: Final = 5
MOST_FITTED = 2**15  # rows that trees are fitted to, drawn by the seed from more
MOST_TREES = 60
_PER_COLUMN = 10  # rows that each column of the polynomial needs at least; with fewer, products and then powers are left out
_RANK = 2.0**-40  # of the largest singular value: directions with less are rounding of powers of ranks
Folds = NDArray[np.int64]


class MissingLibrary(InvalidInput):
    """scikit-learn is not installed."""


@dataclass(frozen=True)
class Partialled:
    """``residuals`` and ``fits`` (t, n), and an orthonormal basis (n, k) of what the targets were regressed on in the end."""

    residuals: Floats
    fits: Floats
    basis: Floats


def residuals(targets: ArrayLike, controls: ArrayLike, *, group: ArrayLike | None = None, seed: int = 0) -> Floats:
    """What ``controls`` (n, c) leave of ``targets`` (t, n) or (n,); the same shape.

    ``group`` (n,): rows of a group depend on each other and are in one fold. Any increasing change of a control leaves the result as
    it is. Raises ``InvalidInput`` for shapes that do not fit, NaN or infinities. O(n log n), with `MOST_TREES` trees a fold and target.
    """
    given, held = np.asarray(real("targets", targets), np.float64), np.asarray(real("controls", controls), np.float64)
    chance = integer("seed", seed, 0)
    rows = np.atleast_2d(given)
    if given.ndim not in (1, 2) or held.ndim != 2 or rows.shape[1] != len(held) or not len(held):
        raise InvalidInput(f"targets has shape {given.shape} and controls {held.shape}, must be (t, n) or (n,), and (n, c)")
    for name, values in (("targets", rows), ("controls", held)):
        if not np.all(np.isfinite(values)):
            raise InvalidInput(f"{name} must be finite")
    clusters = clusters_of(group, len(held), chance)
    scores = np.stack([_scores(column) for column in held.T], axis=1) if held.shape[1] else held
    return partialled(rows, scores, folds_of(clusters.codes, chance), chance).residuals.reshape(given.shape)


def folds_of(clusters: NDArray[np.int32], seed: int, folds: int = FOLDS) -> Folds:
    """The fold of each row, of ``folds``: whole clusters, drawn by ``seed``, each fold with about as many rows."""
    _, own, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    order = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0xF01D,))).permutation(len(sizes))
    before = np.cumsum(sizes[order]) - sizes[order] / 2
    fold = np.empty(len(sizes), np.int64)
    fold[order] = np.minimum(before * folds / len(own), folds - 1)
    return fold[own]


def partialled(targets: Floats, scores: Floats, folds: Folds, seed: int) -> Partialled:
    """Of ``targets`` (t, n) given ``scores`` (n, c) of the controls; see the module."""
    basis = _orthonormal(np.column_stack([np.ones(len(scores)), shapes(scores)]))
    bare = targets - (targets @ basis) @ basis.T
    told = [cross_fitted(target, scores, folds, seed) for target in bare]
    whole = _orthonormal(np.column_stack([basis, *told]))
    left = targets - (targets @ whole) @ whole.T
    return Partialled(left, targets - left, whole)


def shapes(scores: Floats) -> Floats:
    """(n, k): the scores (n, c), their squares and cubes, and products of two, as far as there are ten rows for each."""
    n, c = scores.shape
    columns = [scores]
    if n >= _PER_COLUMN * 3 * c:
        columns += [scores**2 - 1 / 12, scores**3]
    if n >= _PER_COLUMN * (3 * c + c * (c - 1) // 2):
        columns += [scores[:, [i]] * scores[:, [j]] for i, j in combinations(range(c), 2)]
    return np.column_stack(columns)


def cross_fitted(target: Floats, scores: Floats, folds: Folds, seed: int) -> Floats:
    """What boosted trees say of ``target`` (n,) in rows that they were not fitted to; 0 where no number of trees says anything.

    The mean of the rows of a fit is not told: it would say what the mean of the other fold is, which is their complement.
    """
    held: list[tuple[NDArray[np.int64], Floats]] = []
    squares = np.full(MOST_TREES + 1, 0.0)
    for model, middle, at in _fitted(target, scores, folds, seed):
        stages = np.empty((MOST_TREES + 1, len(at)), np.float32)
        stages[0] = 0.0
        for k, stage in enumerate(model.staged_predict(scores[at]), start=1):
            stages[k] = stage - middle
        squares += np.sum((target[at] - stages) ** 2, axis=1)
        held.append((at, stages))
    best = int(np.argmin(squares))
    out = np.zeros(len(target))
    for at, stages in held:
        out[at] = stages[best]
    return out


def _fitted(target: Floats, scores: Floats, folds: Folds, seed: int) -> Iterator[tuple[Any, float, NDArray[np.int64]]]:
    """For each fold trees fitted to the others, the mean of what they were fitted to, and the rows of the fold."""
    try:
        from sklearn.ensemble import HistGradientBoostingRegressor
        from threadpoolctl import threadpool_limits
    except ModuleNotFoundError as missing:
        raise MissingLibrary(f"{missing.name} is missing: pip install 'normlaw[audit]'") from missing
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0x7EE5,)))
    for fold in np.unique(folds):
        others, at = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if len(others) > MOST_FITTED:
            others = np.sort(rng.choice(others, MOST_FITTED, replace=False))
        if len(others) == 0 or scores.shape[1] == 0:
            continue
        model = HistGradientBoostingRegressor(
            max_iter=MOST_TREES, learning_rate=0.2, max_leaf_nodes=8, min_samples_leaf=10, early_stopping=False, random_state=0
        )
        with threadpool_limits(1):  # small fits on many threads wait for each other
            model.fit(scores[others], target[others])
            yield model, float(np.mean(target[others])), at


def _scores(column: Floats) -> Floats:
    variable = ranked(column)
    return variable.scores()[variable.codes]


def _orthonormal(columns: Floats) -> Floats:
    left, size, _ = np.linalg.svd(columns / np.maximum(np.linalg.norm(columns, axis=0), 1e-300), full_matrices=False)
    return left[:, size > _RANK * size[0]]
