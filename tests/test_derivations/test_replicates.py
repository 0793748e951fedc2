"""Intervals of independent replicates: their width, and that they fail as seldom as they say; measurements gathered."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, t

from derivations.evidence import gathering, replicates


def test_the_quantile_is_that_of_students_distribution_on_both_sides() -> None:
    assert np.isclose(2 * t.sf(replicates.quantile(12), 11), 1e-9, rtol=1e-6)
    assert np.isclose(2 * norm.sf(replicates.normal_quantile()), 1e-9, rtol=1e-6)
    assert np.isclose(replicates.quantile(10, 0.05), 2.262, atol=1e-3)


def test_the_mean_and_its_interval() -> None:
    found, half = replicates.mean(np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 2.0]]))
    assert found.tolist() == [2, 2]
    assert np.allclose(half, [replicates.quantile(3) / np.sqrt(3), 0])


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    x = np.random.default_rng(0).standard_normal((4, 20))
    for (a, b), (c, d) in zip(zip(*replicates.mean(x), strict=True), zip(*replicates.of_means(lambda m: m, x), strict=True), strict=True):
        assert np.isclose(a, c)
        assert np.isclose(b, d)


def test_the_jackknife_of_a_product_agrees_with_the_delta_method() -> None:
    rng = np.random.default_rng(1)
    x, y = 3 + rng.standard_normal(4000), 2 + rng.standard_normal(4000)
    found, half = replicates.of_means(lambda a, b: a * b, x, y)
    spread = np.sqrt((4 * x.var() + 9 * y.var() + 12 * np.cov(x, y)[0, 1]) / 4000)
    assert np.isclose(found, x.mean() * y.mean())
    assert np.isclose(half / replicates.quantile(4000), spread, rtol=0.02)


@pytest.mark.parametrize("count", [8, 64])
def test_intervals_miss_as_often_as_they_are_asked_to(count: int) -> None:
    wide = replicates.quantile(count)
    x = np.random.default_rng(2).standard_normal((20_000, count))
    found, half = replicates.mean(x)
    missed = np.mean(np.abs(found) > half / wide * replicates.quantile(count, 0.05))
    assert abs(missed - 0.05) < 6.1 * np.sqrt(0.05 * 0.95 / 20_000)
    assert not np.any(np.abs(found) > half)


def test_measurements_are_gathered_with_their_labels_and_with_what_applies() -> None:
    one = gathering.paired("a", [(np.array([1.0, 2.0]), 3.0 * np.ones(2)), (0.5, 0.1)], ("x", "y", "z"), [True, True, False])
    assert (one.deviations.tolist(), one.bounds.tolist(), one.verdict) == ([1, 2, 0.5], [3, 3, 0.1], "holds")
    both = gathering.gathered("b", [one, gathering.paired("a", [(1.0, 0.5)], ("w",))])
    assert (both.what, both.labels, both.settings, both.verdict) == ("b", ("x", "y", "z", "w"), 3, "fails")
