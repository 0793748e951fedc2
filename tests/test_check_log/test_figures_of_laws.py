"""Figures that bounds and predictions are made of, against direct sums and the norms of a run."""

from __future__ import annotations

import numpy as np
import pytest

from derivations.check_log.by_coordinate import leaning
from derivations.check_log.reach import outside
from derivations.check_log.rules.rule import largest
from tests.test_check_log.trainings import FORMULAS, Training
from theory.laws.dynamics import lion_equilibrium_by_arcsines as lion


@pytest.mark.parametrize("epsilon", [0.0, 0.3])
def test_an_epsilon_beside_gradients_lowers_the_norm_at_equilibrium_as_predicted(epsilon, tmp_path):
    """0.3 takes a quarter off the square: left out, or put in the wrong way round, the prediction would be off by 15 % or 30 %."""
    training = Training("adam", decay="decoupled", weight_decay=0.5, learning_rate=0.02, momentum=0.9, square=0.99, steps=3300, rows=8,
                        dimension=16, epsilon=epsilon)  # fmt: skip
    level = training.report(tmp_path).level
    assert level is not None
    np.testing.assert_allclose(level.measured.mean(), level.predicted.mean(), rtol=0.02)


@pytest.mark.parametrize("kept", [1.0, 0.99, 0.8])
def test_the_sum_over_lions_signs_is_that_over_many_lags(kept):
    """Correlations do not know the decay; what remains of a step does."""
    from derivations.evidence.formulas import value

    near, far, formulas = 0.9, 0.99, FORMULAS()["B12d"]
    known = {lion.NEAR: near, lion.FAR: far}
    known[lion.V] = value(formulas["momentum_variance"], known)
    first = float(value(formulas["lag_one"], known)) / float(value(formulas["variance"], known))
    ratio = float(value(formulas["lag_ratio"], known))
    lags = np.arange(20_000, dtype=float)
    direct = np.sum(kept**lags * value(formulas["sign_correlation"], {lion.RHO: np.minimum(first * ratio**lags, 1.0)}))
    np.testing.assert_allclose(leaning(near, far, kept, FORMULAS()), direct, rtol=1e-12)


@pytest.mark.parametrize(("beta", "square"), [(0.9, 0.999), (0.0, 0.9), (0.5, 0.6)])
def test_no_step_of_adam_is_longer_than_cauchy_and_schwarz_allow(beta, square):
    """Of gradients in proportion to the ratio of weights, which is where the inequality is one; at every age."""
    longest = 0.0
    for age in {*range(1, 200), 1000, 5000, 40_000}:
        squares = np.exp(np.arange(age) * np.log(beta**2 / square)) if beta else np.eye(1, age)[0]  # of one weight over the other
        weights = (1 - beta) ** 2 / (1 - beta**age) ** 2 * (1 - square**age) / (1 - square)
        longest = max(longest, float(weights * np.sum(squares)))
    assert longest <= largest(beta, square) * (1 + 1e-9)
    np.testing.assert_allclose(longest, largest(beta, square), rtol=1e-6)


def test_one_number_beyond_the_range_is_enough():
    assert not outside(np.array([-100.0, 0.0, 100.0]), least=True)
    assert outside(np.array([0.0, 2000.0]), least=True)
    assert outside(np.array([-2000.0, 0.0]), least=True)
    assert not outside(np.array([-2000.0, 0.0]), least=False)
    assert not outside(np.array([]), least=True)
