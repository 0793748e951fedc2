"""Spearman and partial Spearman agree with SciPy, scikit-learn and statsmodels within a bound counted from the rounding.

A covariance of n scores has n + 4 roundings of terms whose moduli sum to at most the root of the variances' product; a partial
correlation divides by what the controls leave of the variances, and eliminates them in v steps.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from numerics.association import Undefined, partial_spearman, spearman
from numerics.association.correlation import covariances, partial
from numerics.association.ranks import Floats, ranked
from numerics.validation import InvalidInput

SEEDS = st.integers(0, 2**32 - 1)


def table(seed: int, rows: int, columns: int, levels: int) -> Floats:
    """Dependent columns, with ties where ``levels`` is positive; heavy tails."""
    rng = np.random.default_rng(seed)
    common = rng.standard_t(2, (rows, 1))
    drawn = common * rng.uniform(-1, 1, columns) + rng.standard_t(2, (rows, columns))
    return np.round(drawn * levels) / levels if levels else drawn


def left(ranks: Floats, column: int, controls: list[int]) -> tuple[Floats, float]:
    """Residuals on the controls, and their share of the variance."""
    own = ranks[:, column] - np.mean(ranks[:, column])
    design = np.column_stack([np.ones(len(ranks)), ranks[:, controls]])
    residual = own - design @ np.linalg.lstsq(design, own, rcond=None)[0]
    return residual, float(residual @ residual / (own @ own))


def bound(rows: int, columns: int, share: float) -> float:
    """Both sides round: 2 (n + 4) for each of 3 sums, v eliminations, over what is left of the variances."""
    return 2 * 3 * (rows + 4) * columns**2 * 2.0**-52 / share


@given(SEEDS, st.integers(3, 200), st.sampled_from([0, 1, 3]))
@example(0, 3, 0)
def test_spearman_is_scipys(seed: int, rows: int, levels: int) -> None:
    x, y = table(seed, rows, 2, levels).T
    if len(set(x)) < 2 or len(set(y)) < 2:
        with pytest.raises(Undefined, match="constant"):
            spearman(x, y)
        return
    assert abs(spearman(x, y) - stats.spearmanr(x, y).statistic) <= bound(rows, 2, 1.0)


@given(SEEDS, st.integers(12, 200), st.integers(1, 4), st.sampled_from([0, 2]))
def test_partial_spearman_is_the_correlation_of_rank_residuals(seed: int, rows: int, controls: int, levels: int) -> None:
    values = table(seed, rows, 2 + controls, levels)
    ranks = stats.rankdata(values, axis=0)
    given_ranks = list(range(2, 2 + controls))
    (ex, share_x), (ey, share_y) = left(ranks, 0, given_ranks), left(ranks, 1, given_ranks)
    if min(share_x, share_y) < 2.0**-20:
        return
    expected = ex @ ey / np.sqrt((ex @ ex) * (ey @ ey))
    assert abs(partial_spearman(values[:, 0], values[:, 1], values[:, 2:]) - expected) <= bound(rows, 2 + controls, min(share_x, share_y))


def test_partial_spearman_agrees_with_scikit_learn() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model", reason="scikit-learn (extra dev) is not installed")
    values = table(1, 300, 5, 2)
    ranks = stats.rankdata(values, axis=0)
    fit = linear_model.LinearRegression().fit(ranks[:, 2:], ranks[:, :2])
    ex, ey = (ranks[:, :2] - fit.predict(ranks[:, 2:])).T
    expected = stats.pearsonr(ex, ey).statistic
    assert abs(partial_spearman(values[:, 0], values[:, 1], values[:, 2:]) - expected) <= bound(300, 5, 2.0**-4)


def test_partial_spearman_agrees_with_the_t_statistic_of_statsmodels() -> None:
    """OLS of y's ranks on x's and the controls': t = r sqrt(df / (1 - r^2))."""
    api = pytest.importorskip("statsmodels.api", reason="statsmodels is only installed for peers")
    values = table(2, 300, 5, 2)
    ranks = stats.rankdata(values, axis=0)
    fit = api.OLS(ranks[:, 1], api.add_constant(np.delete(ranks, 1, axis=1))).fit()
    expected = fit.tvalues[1] / np.sqrt(fit.tvalues[1] ** 2 + fit.df_resid)
    assert abs(partial_spearman(values[:, 0], values[:, 1], values[:, 2:]) - expected) <= bound(300, 5, 2.0**-4)


def test_no_control_or_ordinal_ranks_give_another_number() -> None:
    values = table(3, 200, 3, 1)
    right = partial_spearman(values[:, 0], values[:, 1], values[:, 2:])
    ordinal = np.argsort(np.argsort(values, axis=0, kind="stable"), axis=0)
    assert abs(spearman(values[:, 0], values[:, 1]) - right) > 1e-3
    assert abs(partial_spearman(ordinal[:, 0], ordinal[:, 1], ordinal[:, 2:]) - right) > 1e-3


def test_rows_with_a_missing_value_are_dropped() -> None:
    values = table(4, 60, 3, 0)
    holes = values.copy()
    holes[::7, 2] = np.nan
    whole = ~np.isnan(holes[:, 2])
    x, y, z = values[whole].T
    assert partial_spearman(holes[:, 0], holes[:, 1], holes[:, 2:]) == partial_spearman(x, y, z[:, None])


def test_what_is_not_defined_is_said() -> None:
    x = np.arange(10.0)
    with pytest.raises(Undefined, match="determine"):
        partial_spearman(x, x[::-1] ** 2, np.column_stack([np.exp(x), np.ones(10)]))
    with pytest.raises(Undefined, match="1 rows have all values"):
        spearman([1.0, np.nan], [1.0, 2.0])
    with pytest.raises(InvalidInput, match=r"y has shape \(2,\)"):
        spearman([1.0, 2.0, 3.0], [1.0, 2.0])
    with pytest.raises(InvalidInput, match="controls has shape"):
        partial_spearman(x, x, x)


def test_a_control_twice_is_a_control_once() -> None:
    values = table(5, 80, 3, 0)
    once = covariances([ranked(column) for column in values.T])
    twice = covariances([ranked(column) for column in np.column_stack([values, np.exp(values[:, 2])]).T])
    assert abs(float(partial(once)) - float(partial(twice))) <= bound(80, 4, 2.0**-4)
