"""Average ranks are SciPy's, whatever ties, missing and infinite values there are."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from numerics.association.ranks import average_ranks, centred_scores, ranked

columns = st.lists(st.one_of(st.integers(-3, 3).map(float), st.floats(allow_nan=True), st.just(-0.0)), min_size=1, max_size=40)


@given(columns)
@example([0.0, -0.0, np.nan, np.inf, -np.inf, 0.0])
@example([np.nan])
def test_ranks_are_scipys_average_ranks(values: list[float]) -> None:
    column = np.array(values)
    np.testing.assert_array_equal(average_ranks(column), stats.rankdata(column, nan_policy="omit") if np.any(~np.isnan(column)) else column)


@given(columns, st.data())
def test_scores_within_some_rows_are_ranks_within_them(values: list[float], data: st.DataObject) -> None:
    column = np.array(values)
    rows = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))) & ~np.isnan(column)
    if not np.any(rows):
        return
    variable = ranked(column)
    scores = variable.scores(rows)[variable.codes[rows]]
    np.testing.assert_allclose(scores, (stats.rankdata(column[rows]) - 0.5) / np.count_nonzero(rows) - 0.5, atol=2.0**-50)


def test_weights_are_repetitions() -> None:
    times = np.array([3, 0, 1, 2])
    repeated = stats.rankdata(np.repeat([1.0, 2.0, 3.0, 4.0], times))
    expected = (repeated - 0.5) / 6 - 0.5
    np.testing.assert_allclose(np.repeat(centred_scores(times.astype(float)), times), expected, atol=2.0**-50)


def test_ordinal_ranks_are_not_average_ranks() -> None:
    column = np.array([1.0, 1.0, 0.0])
    assert average_ranks(column).tolist() == [2.5, 2.5, 1.0]
    assert (np.argsort(np.argsort(column, kind="stable")) + 1).tolist() != average_ranks(column).tolist()
