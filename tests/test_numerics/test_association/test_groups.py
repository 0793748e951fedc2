"""Signs within groups are those of the statistic in each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.association import partial_spearman, spearman
from numerics.association.correlation import Undefined
from numerics.association.groups import SignCounts, sign_counts, within
from numerics.association.ranks import ranked
from numerics.association.row_sets import RowSet, row_set
from numerics.resampling.clusters import clusters_of
from numerics.resampling.proportions import binomial_interval


@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.sampled_from([0, 1]), st.booleans())
def test_signs_are_those_of_each_group_alone(seed: int, groups: int, levels: int, control: bool) -> None:
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((60, 3)) + rng.standard_normal((60, 1))
    values = np.round(values) if levels else values
    group, rows = rng.integers(0, groups, 60).astype(np.int32), rng.random(60) < 0.9
    columns = values.T if control else values.T[:2]
    held = [*(ranked(column) for column in columns), ranked(np.where(rows, 0.0, np.nan))]
    [found] = sign_counts(row_set(held, range(len(columns)), [len(columns)], clusters_of(group, 60, 0)), [range(len(columns))], 0.95)
    signs = []
    for g in np.unique(group[rows]):
        at = rows & (group == g)
        try:
            value = partial_spearman(values[at, 0], values[at, 1], values[at, 2:]) if control else spearman(values[at, 0], values[at, 1])
        except Undefined:
            value = 0.0
        # where it is 0, rounding may give it a sign: 3 (n + 4) v^2 roundings, over half of the variance or more
        near = abs(value) <= 2 * 3 * 64 * 9 * 2.0**-52
        signs.append(None if near else 0 if np.count_nonzero(at) < len(columns) + 2 else int(np.sign(value)))
    sure = [sum(s == sign for s in signs) for sign in (1, -1)]
    spare = sum(s is None for s in signs)
    assert sure[0] <= found.positive <= sure[0] + spare
    assert sure[1] <= found.negative <= sure[1] + spare
    assert found.positive + found.negative + found.undecided == len(signs)


def test_correlations_within_groups_have_average_ranks() -> None:
    rng = np.random.default_rng(0)
    values, group = rng.integers(0, 3, (300, 3)).astype(float), rng.integers(0, 5, 300).astype(np.int32)
    found = within(row_set([ranked(column) for column in values.T], range(3), (), clusters_of(group, 300, 0)), range(3))
    for g in range(5):
        x, y, z = values[group == g].T
        # both sides: n + 4 roundings in three sums, 9 for the control, over half of the variances or more
        assert abs(found[g] - partial_spearman(x, y, z[:, None])) <= 2 * 2 * 3 * 304 * 9 * 2.0**-52


def test_consistent_is_more_than_half_beyond_chance() -> None:
    assert SignCounts(9, 0, 2, *binomial_interval(9, 9, 0.95)).consistent
    assert SignCounts(0, 9, 2, *binomial_interval(0, 9, 0.95)).consistent
    assert not SignCounts(5, 0, 0, *binomial_interval(5, 5, 0.95)).consistent
    assert not SignCounts(12, 8, 0, *binomial_interval(12, 20, 0.95)).consistent
    assert SignCounts(12, 8, 0, 0.0, 1.0).agreeing(-0.1) == 8


@pytest.mark.parametrize("size", [20, 300, 5000])
def test_groups_are_ranked_alike_by_insertion_and_by_digits(size: int) -> None:
    """Ranks among 2^31 rows take all digits; within a group only their order counts."""
    rng = np.random.default_rng(size)
    ranks = rng.integers(-(2**31), 2**31, (2 * size, 2)).astype(np.int32)
    ranks[: size // 2, 0] = ranks[0, 0]
    ranks[:2] = [[-(2**31), 2**31 - 1], [2**31 - 1, -(2**31)]]
    rows = RowSet(ranks, {0: 0, 1: 1}, (2, 2), np.zeros(2 * size, np.int32), 1, np.array([0, size, 2 * size]))
    for found, x in zip(within(rows, (0, 1)), (ranks[:size], ranks[size:]), strict=True):
        assert abs(found - spearman(x[:, 0], x[:, 1])) <= 2 * 3 * (size + 4) * 4 * 2.0**-52
