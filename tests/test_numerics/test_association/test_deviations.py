"""The influence of a row is the derivative of the correlation in its weight; leaving out is leaving out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.association.correlation import covariances, partial
from numerics.association.deviations import by_cluster, influence
from numerics.association.ranks import Floats, Ranked, centred_scores, ranked

LEFT = 2.0**-4  # of each variance by the controls, at least: they share half of it or less
SHAPES = [(40, 2, 0), (60, 2, 1), (50, 4, 0), (80, 5, 2)]


def correlation_error(rows: int, columns: int) -> float:
    """As in `test_correlation`: n + 4 roundings in each of three sums, v eliminations, over what is left of the variances."""
    return 3 * (rows + 4) * columns**2 * 2.0**-52 / LEFT


def variables(rows: int, columns: int, levels: int, seed: int = 0) -> list[Ranked]:
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal((rows, 1)) + rng.standard_normal((rows, columns))
    return [ranked(column) for column in (np.round(drawn * levels) if levels else drawn).T]


def weighted(held: list[Ranked], weights: Floats) -> float:
    """The correlation of the distribution that has ``weights`` (n,) on the rows."""
    scores = np.stack([
        centred_scores(np.bincount(v.codes, weights=weights, minlength=v.distinct))[v.codes] for v in held
    ])
    return float(partial((scores * weights) @ scores.T / np.sum(weights)))


def differences(held: list[Ranked], row: int, step: float) -> float:
    rows = len(held[0].codes)
    weights = np.full(rows, (1 - step) / rows)
    weights[row] += step
    return (weighted(held, weights) - weighted(held, np.full(rows, 1 / rows))) / step


@pytest.mark.parametrize(("rows", "columns", "levels"), SHAPES)
def test_influence_is_the_derivative_in_the_weight_of_a_row(rows: int, columns: int, levels: int) -> None:
    """Richardson of two steps leaves an error of second order: quartered, within a factor 2, when both steps are halved."""
    held = variables(rows, columns, levels)
    found = influence(held)
    for row in range(0, rows, 7):
        errors = [abs(2 * differences(held, row, h / 2) - differences(held, row, h) - found[row]) for h in (2.0**-9, 2.0**-10, 2.0**-11)]
        rounding = 4 * 2.0**12 * correlation_error(rows, columns)  # of four correlations, over the least step
        assert errors[1] <= errors[0] / 2 + rounding
        assert errors[2] <= errors[1] / 2 + rounding
        assert errors[2] <= max(errors[0], rounding) / 4


def test_influence_that_forgets_that_ranks_move_is_seen() -> None:
    held = variables(60, 3, 0)
    covariance = covariances(held)
    scores = np.stack([v.scores()[v.codes] for v in held])
    x, y = (scores[j] - covariance[j, 2] / covariance[2, 2] * scores[2] for j in (0, 1))
    x, y = x / np.std(x), y / np.std(y)
    rho = float(np.mean(x * y))
    still = x * y - rho * (x**2 + y**2) / 2
    assert np.max(np.abs(still - influence(held))) > 0.1


@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.integers(2, 4), st.sampled_from([0, 1]))
def test_leaving_out_a_cluster_is_computing_without_it(seed: int, count: int, columns: int, levels: int) -> None:
    rng = np.random.default_rng(seed)
    clusters = rng.integers(0, count, 60).astype(np.int32)
    rows = rng.random(60) < 0.9
    held = variables(60, columns, levels, seed)
    sizes = np.bincount(clusters[rows], minlength=count)
    whole = float(partial(covariances(held, rows)))
    expected = np.array([
        (sizes.sum() - sizes[g]) * (whole - float(partial(covariances(held, rows & (clusters != g))))) if sizes[g] else 0.0
        for g in range(count)
    ])
    found = by_cluster(held, rows, clusters, count, exact=True)
    np.testing.assert_allclose(found, expected - sizes * expected.sum() / sizes.sum(), atol=2 * 60 * correlation_error(60, columns))
    assert abs(found.sum()) <= 60 * count * 2.0**-50


def test_many_clusters_left_out_and_the_influence_agree_to_first_order() -> None:
    """Their difference falls as 1 / n against the deviations: halved, within a factor of 1.5, by twice the rows."""
    gaps = []
    for rows in (200, 400, 800):
        held = variables(rows, 3, 0)
        clusters = np.arange(rows, dtype=np.int32)
        exact, linear = (by_cluster(held, None, clusters, rows, exact=exact) for exact in (True, False))
        gaps.append(float(np.linalg.norm(exact - linear) / np.linalg.norm(exact)))
    assert gaps[2] < gaps[1] / 1.5 < gaps[0] / 1.5**2
