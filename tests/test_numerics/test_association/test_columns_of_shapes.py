"""What the regression on controls is given: columns as far as rows bear them, and trees without the mean of their own rows."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from numerics.association.partialling import _stages, shapes


@pytest.mark.parametrize("controls", [1, 2, 3, 8, 9])
def test_powers_and_then_products_are_columns_where_there_are_ten_rows_for_each(controls: int) -> None:
    pairs = controls * (controls - 1) // 2 if controls <= 8 else 0
    powers, all_of_them = 10 * 3 * controls, 10 * (3 * controls + pairs)
    for rows in {powers - 1, powers, all_of_them - 1, all_of_them, 1000}:
        expected = controls + 2 * controls * (rows >= powers) + pairs * (rows >= all_of_them)
        scores = np.random.default_rng(0).standard_normal((rows, controls))
        assert shapes(scores).shape == (rows, expected)


def test_columns_of_two_values_have_no_powers_and_their_products_wait_for_room() -> None:
    rng = np.random.default_rng(1)
    two, bent = rng.integers(0, 2, (1000, 4)).astype(float), rng.standard_normal((1000, 2))
    assert shapes(two).shape == (1000, 4 + 6)
    assert shapes(np.hstack([two, bent])).shape == (1000, 6 + 4 + 15)
    few = 10 * (6 + 4 + 15) - 1  # room for those of a column that bends, 9, and not for the 6 of two that do not
    assert shapes(np.hstack([two, bent])[:few]).shape == (few, 6 + 4 + 9)


def test_columns_are_scores_squares_less_their_mean_cubes_and_products() -> None:
    scores = (np.random.default_rng(0).permuted(np.tile(np.arange(90.0), (2, 1)), axis=1).T + 0.5) / 90 - 0.5
    a, b = scores.T
    expected = np.stack([a, b, a**2 - 1 / 12, b**2 - 1 / 12, a**3, b**3, a * b], axis=1)
    np.testing.assert_allclose(shapes(scores), expected, rtol=0, atol=2.0**-50)  # of numbers below 1, a few roundings


def test_trees_tell_what_goes_beyond_the_mean_of_the_rows_that_they_were_fitted_to() -> None:
    fitted = []
    model = SimpleNamespace(fit=lambda x, y: fitted.append((x, y)), staged_predict=lambda x: iter([x[:, 0] + 5, 2 * x[:, 0] + 5]))
    scores, target = np.arange(6.0)[:, None], np.array([9.0, 9.0, 9.0, 4.0, 5.0, 6.0])
    told = _stages(model, target, scores, np.array([3, 4, 5]), np.array([0, 2]))
    assert np.array_equal(told, [[0, 0], [0, 2], [0, 4]])
    assert np.array_equal(fitted[0][0], scores[3:])
    assert np.array_equal(fitted[0][1], target[3:])
