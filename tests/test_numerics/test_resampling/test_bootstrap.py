"""Whole clusters are drawn, the same bits whatever the threads; intervals and p-values follow from the draws by their definitions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from numerics.association.ranks import Floats
from numerics.resampling.bootstrap import Resampled, fewest_clusters, resample
from numerics.sampling import random_bits, stream_key


def clusters(count: int, statistics: int = 2, seed: int = 0) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 9, (count, statistics)).astype(float)
    drawn = rng.standard_t(4, (count, statistics)) * sizes
    return drawn - sizes * np.sum(drawn, axis=0) / np.sum(sizes, axis=0), sizes


def test_a_resample_is_the_statistic_of_the_clusters_drawn() -> None:
    deviations, sizes = clusters(7)
    drawn = resample(np.zeros(2), deviations, sizes, 99, 3)
    key = stream_key(np.random.SeedSequence(3, spawn_key=(0xA550C1,)))
    for r in (0, 50, 98):
        at = [((int(random_bits(key, np.uint64(7 * r + k))) >> 32) * 7) >> 32 for k in range(7)]
        rows = np.sum(sizes[at], axis=0)
        change = np.sum(deviations[at], axis=0) / rows
        error = np.sqrt(7 / 6 * np.sum((deviations[at] - sizes[at] * change) ** 2, axis=0)) / rows
        # a sum of 7 products, 5 sums of squares that may cancel to one: relative to the greatest of them
        np.testing.assert_allclose(drawn.changes[r], change, atol=16 * 2.0**-52 * np.max(np.abs(deviations)))
        np.testing.assert_allclose(drawn.errors_there[r], error, atol=np.sqrt(64 * 2.0**-52) * np.max(np.abs(deviations)))


def test_threads_do_not_matter_and_seeds_do() -> None:
    deviations, sizes = clusters(50)
    one, three = (resample(np.zeros(2), deviations, sizes, 200, 0, threads=threads) for threads in (1, 3))
    np.testing.assert_array_equal(one.changes, three.changes)
    np.testing.assert_array_equal(one.errors_there, three.errors_there)
    assert not np.array_equal(one.changes, resample(np.zeros(2), deviations, sizes, 200, 1).changes)


def test_the_changes_have_the_variance_of_drawn_clusters() -> None:
    """With equal sizes (G - 1) / G times the squared error; the interval of a variance of 4000 draws with their kurtosis, at 1e-4."""
    deviations, _ = clusters(40)
    sizes = np.ones_like(deviations)
    deviations -= np.mean(deviations, axis=0)
    drawn = resample(np.zeros(2), deviations, sizes, 4000, 0)
    ratio = np.var(drawn.changes, axis=0) / (drawn.errors**2 * 39 / 40)
    spread = np.sqrt((stats.kurtosis(drawn.changes, axis=0) + 2) / 4000)
    assert np.all(np.abs(ratio - 1) <= stats.norm.isf(5e-5) * spread)


def test_an_interval_excludes_zero_where_the_p_value_is_below_the_rest() -> None:
    for seed in range(40):
        deviations, sizes = clusters(12, 1, seed)
        value = np.array([np.random.default_rng(seed).normal(0, 3) / np.sqrt(np.sum(sizes))])
        drawn = resample(value, deviations, sizes, 999, seed)
        low, high = drawn.interval(0, 0.95)
        assert (low > 0 or high < 0) == (drawn.p_value(0) < 0.05 + 2.0**-40) or drawn.p_value(0) == pytest.approx(0.05)


def test_few_clusters_have_the_tails_of_student() -> None:
    """Never narrower than Student's t with clusters - 1 degrees of freedom."""
    lighter = 0
    for seed in range(20):
        deviations, sizes = clusters(30, 1, seed)
        drawn = resample(np.array([1.0]), deviations, sizes, 399, 0)
        low, high = drawn.interval(0, 0.95)
        assert (high - low) / 2 >= stats.t.ppf(0.975, 29) * drawn.errors[0] * (1 - 2.0**-40)
        t = np.sort(np.abs(drawn.changes[:, 0]) / drawn.errors_there[:, 0])
        lighter += t[379] < stats.t.ppf(0.975, 29)
    assert lighter  # the draws alone would have been narrower


def test_a_perfect_correlation_has_no_spread_and_no_certainty() -> None:
    drawn = resample(np.array([1.0]), np.zeros((8, 1)), np.ones((8, 1)), 99, 0, "correlation")
    assert drawn.interval(0, 0.95) == pytest.approx((1.0, 1.0))
    assert drawn.p_value(0) == 2.0**-7
    assert resample(np.array([0.0]), np.zeros((8, 1)), np.ones((8, 1)), 99, 0).p_value(0) == 1.0


def test_correlations_stay_below_one_and_variations_positive() -> None:
    deviations, sizes = clusters(6, 1)
    large = deviations * 10
    low, high = resample(np.array([0.9]), large, sizes, 199, 0, "correlation").interval(0, 0.95)
    assert -1 <= low < 0.9 < high <= 1
    assert resample(np.array([0.9]), large, sizes, 199, 0, "log").interval(0, 0.95)[0] >= 0
    assert resample(np.array([0.9]), large, sizes, 199, 0).interval(0, 0.95)[0] < -1


@pytest.mark.parametrize(("level", "fewest"), [(0.95, 6), (0.9, 5), (0.99, 8), (0.75, 3)])
def test_so_many_clusters_agree_by_chance_too_rarely(level: float, fewest: int) -> None:
    assert fewest_clusters(level) == fewest
    assert 2.0 ** (1 - fewest) <= 1 - level < 2.0 ** (2 - fewest) * (1 + 1e-9)


SCALES = {  # there, back, and the derivative there
    "plain": (lambda x: x, lambda x: x, lambda _: 1.0),
    "correlation": (np.arctanh, np.tanh, lambda x: np.cosh(np.arctanh(x)) ** 2),
    "log": (np.log, np.exp, lambda x: 1 / x),
}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("clusters", [5, 10**6])
def test_intervals_and_p_values_are_those_of_the_scale(scale: Any, clusters: int) -> None:
    """By the definition, with the tails of Student (of 5 clusters), and with those of the draws (of a million)."""
    there, back, slope = SCALES[scale]
    value, error, rng = 0.6, 0.05, np.random.default_rng(4)
    changes, errors_there = rng.uniform(-0.3, 0.3, 99), rng.uniform(0.04, 0.06, 99)
    drawn = Resampled(np.array([value]), np.array([error]), np.array([float(clusters)]), changes[:, None], errors_there[:, None], scale)
    t = np.sort([abs(there(value + c) - there(value)) / (e * slope(value + c)) for c, e in zip(changes, errors_there, strict=True)])
    for level in (0.9, 0.8):
        quantile = max(t[round(level * 100) - 1], stats.t.ppf((1 + level) / 2, clusters - 1))
        reach = quantile * error * slope(value)
        assert drawn.interval(0, level) == pytest.approx((back(there(value) - reach), back(there(value) + reach)), rel=1e-12)
    small = replace(drawn, values=np.array([0.1 if scale != "log" else 1.1]), changes=changes[:, None] / 10)
    found = abs(there(small.values[0])) / (error * slope(small.values[0]))
    as_large = sum(
        abs(there(small.values[0] + c / 10) - there(small.values[0])) / (e * slope(small.values[0] + c / 10)) >= found
        for c, e in zip(changes, errors_there, strict=True)
    )
    assert small.p_value(0) == pytest.approx(max((1 + as_large) / 100, 2 * stats.t.sf(found, clusters - 1)), rel=1e-12)


def test_errors_are_those_of_independent_clusters_from_two_on() -> None:
    """sqrt(G / (G - 1)) times the root of the sum of squares, a row; two clusters have twice the variance of their sum of squares."""
    for count in (2, 3, 9):
        deviations, sizes = clusters(count)
        errors = [np.sqrt(count / (count - 1) * sum(x**2 for x in column)) for column in deviations.T] / np.sum(sizes, axis=0)
        assert resample(np.zeros(2), deviations, sizes, 99, 0).errors == pytest.approx(errors, rel=1e-14)
    assert resample(np.zeros(1), np.zeros((1, 1)), np.ones((1, 1)), 99, 0).errors == 0  # of one there is no error to tell
