"""What controls leave of a variable, bends, jumps and interactions taken away: cross-fitted residuals (Robinson 1988).

The mean of a target given the controls is taken as a polynomial of their rank scores (cubes, and products of two; of categories
their indicators, and products with these), of another such curve at each label (`slopes`; shrunk where there are few rows), and of
what boosted trees add to it: steps, bands, interactions. What is shrunk and trees are fitted without a fifth of the clusters and predict
that fifth, so that no row is told by itself nor by a row that depends on it; how many trees, those held-out rows say. The target is
then regressed on the polynomial and on the predictions for all targets together, which undoes what
shrinkage of the trees left.

Two residuals are uncorrelated wherever the targets are independent given the controls (Shah and Peters 2020), up to the product of
the errors of the two fits. That falls faster than the error of a correlation does (their theorem 6), but with
hundreds or thousands of rows it is as large as that, so `remainder` measures it where the means are known: in a repetition in
which the fits are the truth. What this cannot remove: confounders that are not among the controls; controls measured with error,
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
from numerics.association.slopes import bends, by_label, pooled
from numerics.resampling.clusters import clusters_of
from numerics.validation import InvalidInput, integer, real

FOLDS: Final = 5
MOST_FITTED = 2**15  # rows that trees are fitted to, drawn by the seed from more
TREES: Final = (6, 16, 36)  # more are grown only while the best number is in the upper half of those that there are
_PER_COLUMN = 10  # rows that each column of the polynomial needs at least; with fewer, products and then powers are left out
_PER_CURVE = 5  # the same of labels' curves: what is shrunk leaves a bias, what is not costs an interval that is a tenth wider at most
_MOST_PRODUCTS = 28  # columns that are products: all of eight controls; more the trees alone see
LEAST: Final = 2.0**-40  # of the largest singular value: directions with less are rounding of powers of ranks
Folds = NDArray[np.int64]


class MissingLibrary(InvalidInput):
    """scikit-learn is not installed."""

    @staticmethod
    def of(missing: ModuleNotFoundError) -> str:
        """What to install, by the name that pip knows."""
        name = {"sklearn": "scikit-learn"}.get(str(missing.name), str(missing.name))
        return f"{name} is missing: pip install 'normlaw[audit]'"


@dataclass(frozen=True)
class Partialled:
    """``residuals`` and ``fits`` (t, n), and an orthonormal basis (n, k) of what the targets were regressed on in the end."""

    residuals: Floats
    fits: Floats
    basis: Floats
    trees: bool  # whether trees had something to add to the polynomial for one of the targets


def residuals(targets: ArrayLike, controls: ArrayLike, *, group: ArrayLike | None = None, seed: int = 0) -> Floats:
    """What ``controls`` (n, c) leave of ``targets`` (t, n) or (n,); the same shape. Categories: `numerics.categories` has indicators.

    ``group`` (n,): rows of a group depend on each other and are in one fold. Any increasing change of a control leaves the result as
    it is. Raises ``InvalidInput`` for shapes that do not fit, NaN or infinities. O(n log n), with `TREES` trees a fold and target at most.
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
    basis, curves = _basis(scores)
    bare = targets - (targets @ basis) @ basis.T
    slopes = pooled(bare, curves, folds)
    told = [cross_fitted(target, scores, folds, seed) for target in bare - slopes]
    whole = _joined(basis, np.stack([*slopes, *told], axis=1))
    left = targets - (targets @ whole) @ whole.T
    return Partialled(left, targets - left, whole, any(np.any(t) for t in (*slopes, *told)))


def _basis(scores: Floats) -> tuple[Floats, Floats]:
    """An orthonormal basis of the polynomial, and of labels' curves where there are rows for them; the curves that are not in it."""
    smooth, curves = np.column_stack([np.ones(len(scores)), shapes(scores)]), by_label(scores)
    if 0 < _PER_CURVE * curves.shape[1] <= len(scores):
        basis = _orthonormal(np.hstack([smooth, curves]))
        if _PER_CURVE * basis.shape[1] <= len(scores):
            return basis, curves[:, :0]
    return _orthonormal(smooth), curves


def shapes(scores: Floats) -> Floats:
    """(n, k): the scores (n, c), their squares and cubes, and products of two of few, as far as there are ten rows for each.

    A column of two values, such as an indicator, is its own square and cube. Where there is no room for all products, those of two such
    columns are left out, and then those of one.
    """
    n, c = scores.shape
    bending = bends(scores)
    columns, taken = [scores], c + 2 * int(np.count_nonzero(bending))
    if n >= _PER_COLUMN * taken:
        bent = scores[:, bending]
        columns += [bent**2 - 1 / 12, bent**3]
    everyone = list(combinations(range(c), 2))
    for least in range(3):
        pairs = [(i, j) for i, j in everyone if int(bending[i]) + int(bending[j]) >= least]
        if len(pairs) <= _MOST_PRODUCTS and n >= _PER_COLUMN * (taken + len(pairs)):
            columns += [scores[:, [i]] * scores[:, [j]] for i, j in pairs]
            break
    return np.column_stack(columns)


def remainder(found: Partialled, scores: Floats, folds: Folds, seed: int) -> Floats:
    """Covariances (t, t) of what the fits may have left of the means: of what a repetition leaves of means that are known.

    The repetition has the fits as means and the residuals with random signs, each target its own, so that nothing but the controls
    joins two of them (a wild bootstrap of the bias; Hall, "The Bootstrap and Edgeworth Expansion", 1992). Where the true means are
    simpler than the fits this is too large: see `numerics.association.controlled`.
    """
    if not found.trees:  # means in the polynomial's span are left by none of its regressions
        return np.zeros((len(found.fits), len(found.fits)))
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0x5160,)))
    repeated = found.fits + found.residuals * rng.choice([-1.0, 1.0], size=found.residuals.shape)
    basis = partialled(repeated, scores, folds, seed).basis
    left = found.fits - (found.fits @ basis) @ basis.T
    return left @ left.T / left.shape[1]


def cross_fitted(target: Floats, scores: Floats, folds: Folds, seed: int) -> Floats:
    """What boosted trees say of ``target`` (n,) in rows that they were not fitted to; 0 where no number of trees says anything.

    The mean of the rows of a fit is not told: it would say what the mean of the other fold is, which is their complement.
    """
    parts = list(_parts(folds, seed)) if scores.shape[1] else []
    out = np.zeros(len(target))
    if not parts:
        return out
    model, threads = _library()
    models = [model(learning_rate=0.3, max_leaf_nodes=8, min_samples_leaf=10, early_stopping=False, warm_start=True, random_state=0)
              for _ in parts]  # fmt: skip
    for trees in TREES:
        with threads(1):  # small fits on many threads wait for each other
            stages = [_stages(m.set_params(max_iter=trees), target, scores, *part) for m, part in zip(models, parts, strict=True)]
        squares = sum(np.sum((target[at] - told) ** 2, axis=1) for (_, at), told in zip(parts, stages, strict=True))
        best = int(np.argmin(squares))
        if best <= trees // 2:
            break
    for (_, at), told in zip(parts, stages, strict=True):
        out[at] = told[best]
    return out


def _stages(model: Any, target: Floats, scores: Floats, others: Folds, at: Folds) -> Floats:
    """(trees + 1, rows of the fold): what no tree, one tree, two trees say."""
    model.fit(scores[others], target[others])
    middle = float(np.mean(target[others]))
    return np.stack([np.zeros(len(at)), *(stage - middle for stage in model.staged_predict(scores[at]))])


def _parts(folds: Folds, seed: int) -> Iterator[tuple[Folds, Folds]]:
    """For each fold rows of the others, at most `MOST_FITTED`, and its own."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0x7EE5,)))
    for fold in np.unique(folds):
        others, at = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if len(others) > MOST_FITTED:
            others = np.sort(rng.choice(others, MOST_FITTED, replace=False))
        if len(others):
            yield others, at


def _library() -> tuple[Any, Any]:
    """Boosted trees, and what keeps them to one thread."""
    try:
        from sklearn.ensemble import HistGradientBoostingRegressor
        from threadpoolctl import threadpool_limits
    except ModuleNotFoundError as missing:
        raise MissingLibrary(MissingLibrary.of(missing)) from missing
    return HistGradientBoostingRegressor, threadpool_limits


def _scores(column: Floats) -> Floats:
    variable = ranked(column)
    return variable.scores()[variable.codes]


def _orthonormal(columns: Floats) -> Floats:
    left, size, _ = np.linalg.svd(columns / np.maximum(np.linalg.norm(columns, axis=0), 1e-300), full_matrices=False)
    return left[:, size > LEAST * size[0]]


def _joined(basis: Floats, more: Floats) -> Floats:
    """An orthonormal basis of ``basis``, which is one, and of the columns of ``more``; twice, as the first leaves rounding."""
    left = more / np.maximum(np.linalg.norm(more, axis=0), 1e-300)
    for _ in range(2):
        left = left - basis @ (basis.T @ left)
    own, size, _ = np.linalg.svd(left, full_matrices=False)
    return np.hstack([basis, own[:, size > LEAST]])
