"""Norms that are functions of the controls in shapes that trees do not learn: nothing is claimed, as neighbours do not show it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binom

from numerics.calibration import beyond_controls
from numerics.calibration.beyond_controls import Usefulness, usefulness
from numerics.calibration.neighbours import MOST_PAIRS, Checks, checks_of, weights

Shape = Callable[..., np.ndarray]
TRIALS = [3, pytest.param(250, marks=pytest.mark.thorough)]
SHAPES: dict[str, Shape] = {
    "parity": lambda length, _other, _cosine: length % 2 == 0,
    "bands": lambda length, _other, _cosine: length // 3 % 2 == 0,
    "xor": lambda length, other, _cosine: (length > 30) ^ (other > 30),
    "bands and cosine": lambda length, _other, cosine: (length // 3 % 2 == 0) ^ (cosine > 0),
}


def _null(name: str, seed: int, effect: float = 0.0, n: int = 1500) -> Usefulness:
    """Being right and the norm share the shape, and nothing else unless ``effect``."""
    rng = np.random.default_rng(seed)
    cosine, margin, own = rng.standard_normal((3, n))
    length, other = rng.integers(3, 60, (2, n))
    shape = np.where(SHAPES[name](length, other, cosine), 1.0, -1.0)
    hit = rng.random(n) < expit(0.5 * cosine + 1.2 * shape + effect * own)
    controls = np.column_stack([cosine, np.abs(margin), length, *([other] if name == "xor" else [])])
    return usefulness(hit.astype(float), controls, shape + 0.3 * own, resamples=300)


@pytest.mark.parametrize("trials", TRIALS)
@pytest.mark.parametrize("name", SHAPES)
def test_shapes_that_trees_do_not_learn_are_no_claim(name: str, trials: int, rate: Callable[[int, int], None]) -> None:
    claimed = sum(_null(name, 100 + seed).useful for seed in range(trials))
    rate(claimed, trials)
    assert claimed <= binom.isf(1e-3, trials, 0.05)


def test_an_effect_beside_such_a_shape_is_found() -> None:
    found = _null("parity", 1, effect=1.5)
    assert found.useful, found.verdict
    assert found.checks == 3 + 6 + 1
    assert "against queries alike in control" in found.verdict
    assert "three or more controls" in found.verdict


def test_without_neighbours_such_a_shape_would_be_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beyond_controls, "checks_of", lambda *_: Checks((), 0))
    assert any(_null("bands and cosine", 100 + seed).useful for seed in range(3))


def test_no_claim_without_a_gain_that_leaves_out_0() -> None:
    found = _null("parity", 1, effect=1.5)
    assert found.useful
    assert not Usefulness(**{**vars(found), "gain_low": -1e-9}).useful
    assert not Usefulness(**{**vars(found), "agree": False}).useful


@pytest.mark.parametrize("columns", [(0,), (0, 1), (1, 0), (0, 1, 2)])
def test_weights_give_the_covariance_of_noise_and_leave_steps_out(columns: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    n = 20000
    controls = np.column_stack([rng.integers(0, 40, n), rng.standard_normal(n), rng.integers(0, 2, n)])
    shape = np.where(controls[:, 0] > 20, 3.0, 0.0)
    if 1 in columns:
        shape = shape * np.where(controls[:, 1] > 0, 1.0, -1.0)
    noise, other = rng.standard_normal((2, n))
    groups = np.arange(n, dtype=np.int32)
    own = np.stack([shape + noise, shape + other], axis=1)
    weight = weights(own, controls[:, columns], groups, 0)
    y = shape + 0.5 * noise
    # of 20000 products; three controls have no line drawn on to 0 places, and keep a little of a step
    room = 5 / np.sqrt(n) * np.sqrt(1.3) * np.sqrt(1.5) + (0.1 if len(columns) > 2 else 0.0)
    assert np.abs(np.mean(y[:, None] * weight, axis=0) - (0.5, 0.0)).max() < room
    assert np.abs(np.mean(y[:, None] * own, axis=0) - (0.5, 0.0)).min() > 1  # which a plain covariance does not


@pytest.mark.parametrize("columns", [(0,), (0, 1), (0, 1, 2)])
def test_queries_of_a_group_are_not_compared(columns: tuple[int, ...]) -> None:
    """Noise that a group shares, which its controls name: the variance of groups is seen in full, as in no two of the same."""
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(2000, dtype=np.int32), 5)
    controls, noise = rng.standard_normal((2000, 3))[groups], rng.standard_normal(2000)[groups]
    weight = weights(noise[:, None], controls[:, columns], groups, 0)[:, 0]
    assert np.mean(weight * noise) > 0.8


def test_too_many_pairs_are_counted() -> None:
    few, many = (checks_of(np.random.default_rng(0).standard_normal((50, c))) for c in (3, 10))
    assert few == Checks(((0,), (1,), (2,), (0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1), (0, 1, 2)), 0)
    assert many.left_out == 45 - MOST_PAIRS
    assert len(many.sets) == 10 + 2 * MOST_PAIRS + 1
    assert checks_of(np.zeros((50, 2))) == Checks((), 0)
