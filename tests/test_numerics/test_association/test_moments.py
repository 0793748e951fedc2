"""Sums over clusters say what the rows say: covariances, deviations and ranks are those of the slow way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from numerics.association import associate
from numerics.association import moments as moments_module
from numerics.association.correlation import covariances, partial
from numerics.association.deviations import by_cluster
from numerics.association.moments import moments
from numerics.association.ranks import Floats, Ranked, ranked
from numerics.association.row_sets import RowSet, row_set
from numerics.places import places
from numerics.resampling.clusters import Clusters, clusters_of
from tests.test_numerics.test_association.test_deviations import correlation_error, variables

ROWS = 90


def scene(seed: int, columns: int, levels: int, groups: int = 12) -> tuple[list[Ranked], Clusters]:
    """The last variable is missing in some rows."""
    rng = np.random.default_rng(seed)
    held = variables(ROWS, columns, levels, seed)
    return [*held, ranked(np.where(rng.random(ROWS) < 0.1, np.nan, 0.0))], clusters_of(rng.integers(0, groups, ROWS), ROWS, 0)


@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.sampled_from([0, 1, 20]), st.sampled_from([0, 2**20]), st.booleans())
def test_deviations_are_those_of_the_influence_of_rows(seed: int, columns: int, levels: int, table: int, missing: bool) -> None:
    """Of any pair given the rest, in a table of values or in order; both are sums of at most ROWS influences."""
    held, clusters = scene(seed, columns, levels)
    rows = held[-1].present if missing else None
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(moments_module, "MOST_TABLE", table)
        summed = moments(row_set(held, range(columns), [columns] if missing else [], clusters))
    own = held[:columns]
    np.testing.assert_allclose(summed.covariance, covariances(own, rows), atol=3 * (ROWS + 4) * 2.0**-52)
    for first, second in ((0, 1), (columns - 1, 0)):
        order = [first, second, *(k for k in range(columns) if k not in (first, second))]
        expected = by_cluster([held[k] for k in order], rows, clusters.codes, clusters.count, exact=False)
        found = summed.deviations(order)
        assert found is not None
        np.testing.assert_allclose(found, expected, atol=2 * ROWS * correlation_error(ROWS, columns))


def test_deviations_that_forget_that_ranks_move_are_seen() -> None:
    held, clusters = scene(0, 3, 0)
    summed = moments(row_set(held, range(3), (), clusters))
    still = replace(summed, tops=np.zeros_like(summed.tops)).deviations(range(3))
    expected = by_cluster(held[:3], None, clusters.codes, clusters.count, exact=False)
    assert still is not None
    assert np.max(np.abs(still - expected)) > 1e6 * 2 * ROWS * correlation_error(ROWS, 3)


def test_threads_and_the_way_that_values_are_summed_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """In order of the rows: the sums of ranks are whole numbers, those over a cluster are exact in scenes so small."""
    held, clusters = scene(1, 5, 1)
    rows = row_set(held, range(5), (), clusters)
    one, three = moments(rows, 1), moments(rows, 3)
    monkeypatch.setattr(moments_module, "MOST_TABLE", 0)
    ordered = moments(rows)
    for other in (three, ordered):
        np.testing.assert_array_equal(one.products, other.products)
        np.testing.assert_array_equal(one.tops, other.tops)


def test_columns_of_equal_values_have_equal_bits() -> None:
    """So the difference of two models with the same norms is 0 and has no spread."""
    rng = np.random.default_rng(2)
    norms, x, z = rng.standard_normal((3, 3000))
    found = associate(norms, {"x": x, "z": z}, reference=norms, group=rng.integers(0, 3000, 3000), resamples=99)
    for one in found:
        assert one.difference is not None
        assert (one.difference.value, one.difference.low, one.difference.high, one.difference.p_value) == (0.0, 0.0, 0.0, 1.0)


def test_sums_too_coarse_for_what_controls_leave_are_refused() -> None:
    """A control that says all but 2^-30 of the variance."""
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((2, 2**13))
    close = x.copy()
    close[np.argsort(x)[:2]] = close[np.argsort(x)[1::-1]]
    held, clusters = [ranked(y), ranked(x), ranked(close)], clusters_of(np.arange(2**13) % 50, 2**13, 0)
    summed = moments(row_set(held, range(3), (), clusters))
    assert not np.isnan(float(partial(summed.covariance)))
    assert summed.deviations((0, 1, 2)) is None
    assert summed.deviations((0, 1)) is not None


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_ranks_among_rows_are_scipys_group_by_group(seed: int, grouped: bool) -> None:
    held, clusters = scene(seed, 2, 1)
    if not grouped:
        clusters = clusters_of(None, ROWS, 0)
    found: RowSet = row_set(held, [1, 0], [2], clusters)
    kept = np.flatnonzero(held[2].present)
    order = kept if clusters.units is None else kept[np.argsort(clusters.units[kept], kind="stable")]
    for column, variable in zip(found.ranks.T, (held[1], held[0]), strict=True):
        np.testing.assert_array_equal(column, 2 * stats.rankdata(variable.codes[order]) - 1 - len(order))
    np.testing.assert_array_equal(found.cluster, clusters.codes[order])
    if clusters.units is not None:
        assert found.ends is not None
        np.testing.assert_array_equal(np.diff(found.ends), np.bincount(clusters.units[order], minlength=clusters.unit_count))


ENDS = [-(2**62), 2**62, 2**53 + 1, 0, -1]
KINDS = ["i1", "u1", "i8", "f4", "f8", "u8", "?"]


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=30), st.sampled_from(KINDS), st.sampled_from([0, *ENDS]))
def test_places_are_numpys(values: list[int], kind: str, offset: int) -> None:
    """Small whole numbers by a table, others sorted: the same places."""
    column = (np.array(values) + (offset if kind == "i8" else 0)).astype(np.int64).astype(kind)
    if kind.startswith("f"):
        column[::3] += 0.5 * (offset > 0)
        column[1::4] = np.inf if offset == -1 else np.nan
    present = column == column
    names, inverse = np.unique(column[present], return_inverse=True)
    codes, count = places(column)
    assert count == len(names)
    np.testing.assert_array_equal(codes[present], inverse)
    assert np.all(codes[~present] == -1)


def test_most_of_a_sum_is_in_the_clusters_that_rows_are_in() -> None:
    """Deviations total 0, and are 0 for clusters without rows."""
    held, _ = scene(4, 3, 0)
    clusters = Clusters(np.where(np.arange(ROWS) % 2, 3, 7).astype(np.int32), 9, None, ROWS)
    found: Floats | None = moments(row_set(held, range(3), (), clusters)).deviations(range(3))
    assert found is not None
    assert np.flatnonzero(found).tolist() == [3, 7]
    assert abs(np.sum(found)) <= ROWS * 2.0**-50
