"""What controls let one expect of a quantity, in any shape that boosted trees can learn, on queries that nothing was fitted on.

First a cubic polynomial of all controls together, which few queries can bear and which has smooth interactions; then trees on what it
leaves: steps, bands, kinks and interactions of any kind, which more queries show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri
from scipy.stats import rankdata

from numerics.calibration.logistic import fit_logistic
from numerics.validation import Floats

FOLDS = 5
Expected = Callable[..., Floats]  # `expected_value` or `expected_share`
_RIDGE = 1.0  # of squared coefficients of standardised columns
# Leaves and rounds of a fit that rather learns too much than too little: on other queries than it was fitted on, what is learned too
# much is noise, which widens an interval; what is not learned is a bias.
_TREES = {"max_iter": 100, "learning_rate": 0.1, "max_leaf_nodes": 15, "min_samples_leaf": 10, "early_stopping": False}
_WORTH_A_TEAM = 2**17  # queries, from which threads gain more than they cost
_EXACT = {"max_leaf_nodes": 32, "min_samples_leaf": 5}


def folds_of(groups: NDArray[np.int32], rng: np.random.Generator) -> NDArray[np.int64]:
    """The fold (n,) of each query, from 0 to `FOLDS` - 1, whole groups (n,), numbered from 0, in one of them."""
    return rng.permutation(rng.permutation(int(groups.max()) + 1) % FOLDS)[groups]


def expected_value(target: Floats, controls: Floats, folds: NDArray[np.int64], seed: int, only: int | None = None) -> Floats:
    """The mean of ``target`` (n,) at the ``controls`` (n, c) of each query, from the other folds; NaN but for the fold ``only``."""
    found = np.full(len(target), np.nan)
    for held, straight in _smooth_values(target, controls, folds, only):
        found[held] = straight[held] + _rest(target - straight, controls, held, seed)
    return found


def smooth_value(target: Floats, controls: Floats, folds: NDArray[np.int64]) -> Floats:
    """The same by the polynomial alone, which has no luck in what it learns: what it leaves is a shape, the same in all folds."""
    found = np.empty(len(target))
    for held, straight in _smooth_values(target, controls, folds):
        found[held] = straight[held]
    return found


def _smooth_values(
    target: Floats, controls: Floats, folds: NDArray[np.int64], only: int | None = None
) -> Iterator[tuple[NDArray[np.bool_], Floats]]:
    """By fold: where it is, and the means of all by a fit on the others."""
    curve = _curve(controls)
    for held in (folds == k for k in np.unique(folds) if only in (None, k)):
        x = curve[~held]
        middle = target[~held].mean()
        slopes = np.linalg.solve(x.T @ x + _RIDGE * np.eye(x.shape[1]), x.T @ (target[~held] - middle))
        yield held, np.asarray(middle + curve @ slopes)


def expected_share(outcome: Floats, controls: Floats, folds: NDArray[np.int64], seed: int, only: int | None = None) -> Floats:
    """The probability that ``outcome`` (n,) of 0 and 1 is 1, likewise; between 1/(2n) and 1 less that."""
    found, least = np.full(len(outcome), np.nan), 0.5 / len(outcome)
    for held, straight in _smooth_shares(outcome, controls, folds, only):
        found[held] = straight[held] + _rest(outcome - straight, controls, held, seed)
    return np.clip(found, least, 1 - least)


def smooth_share(outcome: Floats, controls: Floats, folds: NDArray[np.int64]) -> Floats:
    """The same by the polynomial alone."""
    found, least = np.empty(len(outcome)), 0.5 / len(outcome)
    for held, straight in _smooth_shares(outcome, controls, folds):
        found[held] = straight[held]
    return np.clip(found, least, 1 - least)


def _smooth_shares(
    outcome: Floats, controls: Floats, folds: NDArray[np.int64], only: int | None = None
) -> Iterator[tuple[NDArray[np.bool_], Floats]]:
    """By fold: where it is, and the probabilities of all by a fit on the others."""
    curve = _curve(controls)
    for held in (folds == k for k in np.unique(folds) if only in (None, k)):
        theta = fit_logistic(curve[~held], outcome[~held], _RIDGE).coefficients
        yield held, np.asarray(expit(theta[0] + curve @ theta[1:]))


def noise_of(target: Floats, controls: Floats, folds: NDArray[np.int64], expected: Expected, seed: int) -> float:
    """How far such a fit is moved by which queries it saw: the mean square of half the difference of two fits on halves of the other
    folds, on the queries of the first fold; of more than the noise of a fit on all of them, as they saw half as many. 0 with few folds."""
    rest = [k for k in np.unique(folds) if k > 0]
    if len(rest) < 2:
        return 0.0
    held, found = folds == 0, []
    for half in (rest[::2], rest[1::2]):
        part = held | np.isin(folds, half)
        if np.ptp(target[part & ~held]) == 0:
            return 0.0
        found.append(expected(target[part], controls[part], np.where(held[part], 0, 1), seed, only=0)[held[part]])
    return float(np.mean((found[0] - found[1]) ** 2) / 2)


def _rest(left: Floats, controls: Floats, held: NDArray[np.bool_], seed: int) -> Floats:
    """Boosted trees, whose splits are at quantiles, then one tree with splits anywhere: a step within a quantile would be left by both
    the norm and being right, with the same sign."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.tree import DecisionTreeRegressor
    from threadpoolctl import threadpool_limits

    fit, target = controls[~held], left[~held]
    with threadpool_limits(1 if len(fit) < _WORTH_A_TEAM else None, "openmp"):
        trees = HistGradientBoostingRegressor(random_state=seed, **_TREES).fit(fit, target)
        boosted = trees.predict(controls)
    exact = DecisionTreeRegressor(random_state=seed, **_EXACT).fit(fit, target - boosted[~held])
    return np.asarray(boosted[held] + exact.predict(controls[held]), dtype=np.float64)


def _curve(controls: Floats) -> Floats:
    """(n, m): the columns, and all products of up to three normal scores of them (of up to two, or one, where that were more than half
    as many as queries), standardised. Columns of two values, such as indicators, have no powers: each other column may have another
    slope at each of them, where there is room."""
    from sklearn.preprocessing import PolynomialFeatures

    rows = len(controls)
    low, high = controls.min(axis=0), controls.max(axis=0)
    bends = np.any((controls != low) & (controls != high), axis=0)
    bent, two = controls[:, bends], controls[:, ~bends]
    if not bent.shape[1]:
        return _scaled(two)
    columns, room = bent.shape[1], rows / 2 - two.shape[1]
    degree = next((d for d in (3, 2) if comb(columns + d, d) - 1 <= room), 1)
    scores = ndtri(rankdata(bent, axis=0) / (rows + 1))
    powers = PolynomialFeatures(degree, include_bias=False).fit_transform(scores) if columns else scores
    beside = [two[:, [j]] * scores for j in range(two.shape[1])] if powers.shape[1] + two.shape[1] * columns <= room else []
    return _scaled(np.column_stack([controls, powers, *beside]))


def _scaled(table: Floats) -> Floats:
    spread = table.std(axis=0)
    return np.asarray((table - table.mean(axis=0)) / np.where(spread > 0, spread, 1.0))
