"""What controls leave: nothing of what they say in any shape, all of the rest; and rows are never told by their own fold."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs scikit-learn")

from numerics.association import partialling
from numerics.association.partialling import cross_fitted, folds_of, partialled, remainder, residuals
from numerics.validation import InvalidInput


def test_folds_keep_clusters_whole_and_are_alike() -> None:
    clusters = np.random.default_rng(0).integers(0, 60, 900).astype(np.int32)
    folds = folds_of(clusters, 3)
    assert all(len(set(folds[clusters == c])) == 1 for c in np.unique(clusters))
    sizes = np.bincount(folds)
    assert len(sizes) == 5
    assert np.ptp(sizes) <= 2 * np.bincount(clusters).max()  # each end of a fold is off by half a cluster at most
    assert not np.array_equal(folds, folds_of(clusters, 4))


def test_a_row_is_not_told_by_rows_of_its_fold(monkeypatch: pytest.MonkeyPatch) -> None:
    """One tree always tells more than none of a step of this size, and there is no other number to choose."""
    monkeypatch.setattr(partialling, "TREES", (1,))
    rng = np.random.default_rng(1)
    scores = rng.random((400, 1)) - 0.5
    target, folds = np.sign(scores[:, 0]) + 0.1 * rng.standard_normal(400), np.arange(400) % 5
    found = cross_fitted(target, scores, folds, 0)
    again = cross_fitted(np.where(np.arange(400) == 5, -target, target), scores, folds, 0)
    np.testing.assert_array_equal(found[folds == 0], again[folds == 0])
    assert not np.array_equal(found, again)
    assert np.corrcoef(found, target)[0, 1] > 0.9


def step(rows: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    controls = rng.standard_normal((rows, 2))
    return np.sign(controls[:, 0]) * np.sign(controls[:, 1]) + rng.standard_normal(rows), controls


def test_only_the_order_of_controls_matters_and_a_seed_reproduces() -> None:
    target, controls = step(300)
    found = residuals(target, controls, seed=1)
    np.testing.assert_array_equal(found, residuals(target, np.exp(controls), seed=1))
    assert not np.array_equal(found, residuals(target, controls, seed=2))


def test_of_a_polynomial_of_ranks_nothing_is_left() -> None:
    rows = 200
    score = (np.random.default_rng(3).permutation(rows) + 0.5) / rows - 0.5
    other = (np.random.default_rng(4).permutation(rows) + 0.5) / rows - 0.5
    target = 1 + score - 3 * score**3 + 2 * other**2 + score * other
    left = residuals(target, np.stack([score, other], axis=1))
    # a regression on 8 columns of condition below 2^10, each sum of 200 terms: (n + 8) roundings of each of two products
    assert np.max(np.abs(left)) <= 2 * (rows + 8) * 8 * 2.0**10 * 2.0**-53 * np.linalg.norm(target)
    assert np.max(np.abs(residuals(score**4 * 16, np.stack([score, other], axis=1)))) > 0.01


def test_the_remainder_is_what_the_fits_of_steps_leave_of_means() -> None:
    """Known here: the means are the signs. Half of the truth to twice: what a person reads of an order of magnitude."""
    target, controls = step(600)
    mean = np.sign(controls[:, 0]) * np.sign(controls[:, 1])
    noise = np.random.default_rng(5).standard_normal(600)
    scores = np.stack([(np.argsort(np.argsort(c)) + 0.5) / 600 - 0.5 for c in controls.T], axis=1)
    folds = folds_of(np.arange(600, dtype=np.int32), 0)
    found = partialled(np.stack([target, mean + noise]), scores, folds, 0)
    left = mean - (mean @ found.basis) @ found.basis.T
    ratio = remainder(found, scores, folds, 0)[0, 1] / np.mean(left**2)
    assert 0.5 < ratio < 2
    bare = partialled(np.random.default_rng(6).standard_normal((2, 600)), scores, folds, 0)
    assert bare.trees or np.all(remainder(bare, scores, folds, 0) == 0)


@pytest.mark.parametrize(
    ("targets", "controls", "words"),
    [(np.ones(3), np.ones((4, 1)), r"targets has shape \(3,\)"), (np.ones(4), np.ones(4), r"controls \(4,\)"),
     (np.array([1.0, np.nan]), np.ones((2, 1)), "targets must be finite"),
     (np.ones(2), np.full((2, 1), np.inf), "controls must be finite")],
)  # fmt: skip
def test_wrong_arguments_are_named(targets: np.ndarray, controls: np.ndarray, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        residuals(targets, controls)
