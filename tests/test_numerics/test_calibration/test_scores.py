"""Scores agree with scikit-learn's on random data, with ties and weights; areas and errors with their definitions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn")

from numerics.calibration import scores  # noqa: E402
from numerics.validation import InvalidInput  # noqa: E402

seeds = st.integers(0, 2**32 - 1)


def _drawn(seed: int, levels: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 200))
    c = rng.random(n) if not levels else rng.integers(levels, size=n) / levels
    hit = (rng.random(n) < c).astype(float)
    hit[:2] = 0, 1
    return c, hit


@given(seeds)
def test_losses_and_brier_are_scikit_learns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(2, 60)), int(rng.integers(2, 9))
    p = rng.dirichlet(np.full(k, 0.7), size=n)
    p = np.clip(p, 1e-9, 1)
    p /= p.sum(axis=1, keepdims=True)
    y = rng.integers(k, size=n)
    assert np.isclose(scores.negative_log_likelihood(p, y), sklearn_metrics.log_loss(y, p, labels=range(k)), rtol=1e-12)
    assert np.isclose(scores.brier(p, y), np.mean(np.sum((p - np.eye(k)[y]) ** 2, axis=1)), rtol=1e-12)
    two = np.stack([1 - p[:, 0], p[:, 0]], axis=1)
    hit = (y == 0).astype(int)
    assert np.isclose(scores.brier(two, hit), 2 * sklearn_metrics.brier_score_loss(hit, p[:, 0], pos_label=1), rtol=1e-12)


@given(seeds, st.sampled_from([0, 4]))
def test_the_area_under_the_roc_curve_is_scikit_learns(seed: int, levels: int) -> None:
    c, hit = _drawn(seed, levels)
    assert np.isclose(scores.area_under_roc(c, hit), sklearn_metrics.roc_auc_score(hit, c), rtol=1e-12)


@given(seeds, st.sampled_from([0, 4]))
def test_weights_are_repetitions(seed: int, levels: int) -> None:
    c, hit = _drawn(seed, levels)
    w = np.random.default_rng(seed + 1).integers(0, 4, size=len(c)).astype(float)
    w[:2] = 1
    often = np.repeat(np.arange(len(c)), w.astype(int))
    for score in (scores.area_under_roc, scores.area_under_risk_coverage, scores.calibration_error):
        assert np.isclose(score(c, hit, w), score(c[often], hit[often]), rtol=1e-9, atol=1e-12)


def test_the_area_under_risk_and_coverage_is_the_mean_over_orders_of_ties() -> None:
    c, hit = np.array([0.9, 0.5, 0.5, 0.5, 0.1]), np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    found = []
    for middle in itertools.permutations([1, 2, 3]):
        wrong = np.cumsum(1 - hit[[0, *middle, 4]])
        found.append(np.mean(wrong / np.arange(1, 6)))
    assert np.isclose(scores.area_under_risk_coverage(c, hit), np.mean(found), rtol=1e-12)


@given(seeds)
def test_adaptive_bins_of_whole_queries_are_their_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bins, each = int(rng.integers(1, 8)), int(rng.integers(1, 9))
    c = np.sort(rng.permutation(1000)[: bins * each] / 1000)
    hit = rng.integers(2, size=len(c)).astype(float)
    gaps = [abs(c[i : i + each].mean() - hit[i : i + each].mean()) for i in range(0, len(c), each)]
    order = rng.permutation(len(c))
    assert np.isclose(scores.calibration_error(c[order], hit[order], bins=bins), np.mean(gaps), rtol=1e-9, atol=1e-12)


def test_one_bin_of_equal_confidences_has_no_error_where_the_share_is_right() -> None:
    assert scores.calibration_error(np.full(100, 0.25), np.repeat([1, 0, 0, 0], 25)) == pytest.approx(0, abs=1e-12)


def test_an_exact_confidence_is_within_what_chance_allows_and_an_overconfident_one_is_not() -> None:
    rng = np.random.default_rng(3)
    c = rng.uniform(0.2, 0.9, 4000)
    allowed = scores.calibrated_error(c, level=0.999, resamples=400)
    assert allowed.low <= scores.calibration_error(c, rng.random(4000) < c) <= allowed.high
    assert scores.calibration_error(c, rng.random(4000) < c**2) > allowed.high


def test_bootstrap_intervals_cover_a_mean_as_often_as_they_say() -> None:
    missed = 0
    for seed in range(200):
        x = np.random.default_rng(seed).standard_normal(60)
        found = scores.bootstrap(lambda w, x=x: float(np.average(x, weights=w)), 60, resamples=200, level=0.9, seed=seed)
        missed += not found.low <= 0 <= found.high
    # 10 % are meant; percentiles of 60 draws miss somewhat more; 200 trials at 14 % would show 46 or more once in 1e4
    assert 6 <= missed < 46


def test_bad_scores_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"probabilities\[1\] sum to 0.9"):
        scores.negative_log_likelihood([[0.5, 0.5], [0.5, 0.4]], [0, 1])
    with pytest.raises(InvalidInput, match="answers has shape"):
        scores.brier([[0.5, 0.5]], [2])
    with pytest.raises(InvalidInput, match="correct has 0.5"):
        scores.area_under_roc([0.1, 0.2], [0.5, 1])
    with pytest.raises(InvalidInput, match="whole numbers"):
        scores.area_under_roc([0.1, 0.2], [0, 1], np.array([0.5, 1.0]))
    assert np.isnan(scores.area_under_roc([0.1, 0.2], [1, 1]))
    assert scores.negative_log_likelihood([[0.0, 1.0]], [0]) == np.inf
