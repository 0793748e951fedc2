"""What controls leave: nothing of what they say in any shape, all of the rest; and rows are never told by their own fold."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs scikit-learn")

from numerics.association.partialling import cross_fitted, folds_of, residuals
from numerics.validation import InvalidInput

ROWS = 1500


def test_folds_keep_clusters_whole_and_are_alike() -> None:
    clusters = np.random.default_rng(0).integers(0, 60, 900).astype(np.int32)
    folds = folds_of(clusters, 3)
    assert all(len(set(folds[clusters == c])) == 1 for c in np.unique(clusters))
    sizes = np.bincount(folds)
    assert len(sizes) == 5
    assert np.ptp(sizes) <= 2 * np.bincount(clusters).max()  # each end of a fold is off by half a cluster at most
    assert not np.array_equal(folds, folds_of(clusters, 4))


def test_a_row_is_not_told_by_rows_of_its_fold() -> None:
    rng = np.random.default_rng(1)
    scores = rng.random((400, 1)) - 0.5
    target, folds = np.sign(scores[:, 0]) + 0.1 * rng.standard_normal(400), np.arange(400) % 5
    found = cross_fitted(target, scores, folds, 0)
    moved = np.where(np.arange(400) == 5, -target, target)  # one row of fold 0: trees for fold 0 do not see it
    again = cross_fitted(moved, scores, folds, 0)
    np.testing.assert_array_equal(found[folds == 0], again[folds == 0])
    assert not np.array_equal(found, again)
    assert np.corrcoef(found, target)[0, 1] > 0.9


def test_only_the_order_of_controls_matters_and_a_seed_reproduces() -> None:
    rng = np.random.default_rng(2)
    controls = rng.standard_normal((300, 2))
    target = np.abs(controls[:, 0]) + rng.standard_normal(300)
    found = residuals(target, controls, seed=1)
    np.testing.assert_array_equal(found, residuals(target, np.exp(controls), seed=1))
    assert not np.array_equal(found, residuals(target, controls, seed=2))


@pytest.mark.parametrize(
    ("targets", "controls", "words"),
    [(np.ones(3), np.ones((4, 1)), r"targets has shape \(3,\)"), (np.ones(4), np.ones(4), r"controls \(4,\)"),
     (np.array([1.0, np.nan]), np.ones((2, 1)), "targets must be finite"), (np.ones(2), np.full((2, 1), np.inf), "controls must be finite")],
)  # fmt: skip
def test_wrong_arguments_are_named(targets: np.ndarray, controls: np.ndarray, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        residuals(targets, controls)
