"""The gain on queries that nothing was fitted on, and its interval, by their definitions; columns as they are compared."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

from numerics.calibration.beyond_controls import PENALTY, _gain, _standardised


def losses(x: np.ndarray, hit: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    z = coefficients[0] + x @ coefficients[1:]
    return np.logaddexp(0, z) - hit * z


def fitted(x: np.ndarray, hit: np.ndarray) -> np.ndarray:
    """Logistic regression with a penalty of half the sum of squared slopes, as scikit-learn's."""
    found = minimize(lambda b: np.sum(losses(x, hit, b)) + PENALTY * np.sum(b[1:] ** 2) / 2, np.zeros(1 + x.shape[1]), tol=1e-14)
    return np.asarray(found.x)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_gain_is_that_of_held_out_queries_with_students_interval_over_groups(level: float) -> None:
    rng = np.random.default_rng(0)
    cluster = rng.integers(0, 30, 240).astype(np.int32)
    folds = np.array([0, 1, 2, 4])[cluster % 4].astype(np.int64)  # none is in fold 3
    own = rng.standard_normal((240, 1))
    odds = rng.standard_normal(240)
    hit = (rng.random(240) < 1 / (1 + np.exp(-odds - own[:, 0]))).astype(float)
    less = np.zeros(240)
    for k in (0, 1, 2, 4):
        held = folds == k
        for sign, x in ((1, odds[:, None]), (-1, np.column_stack([odds, own]))):
            less[held] += sign * losses(x[held], hit[held], fitted(x[~held], hit[~held]))
    mean = float(np.mean(less))
    moved = np.array([np.sum(less[cluster == g] - mean) for g in range(30)])
    reach = stats.t.ppf((1 + level) / 2, 29) * np.sqrt(30 / 29 * np.sum(moved**2)) / 240
    assert mean > 0
    assert _gain(hit, odds, own, folds, cluster, level) == pytest.approx((mean, mean - reach, mean + reach), abs=1e-6)


def test_columns_are_standardised_and_constant_ones_are_zero() -> None:
    table = np.column_stack([np.arange(10.0), np.full(10, 7.0)])
    found = _standardised(table)
    np.testing.assert_allclose(found[:, 0], (np.arange(10) - 4.5) / np.sqrt(8.25), rtol=1e-14)
    assert np.array_equal(found[:, 1], np.zeros(10))
