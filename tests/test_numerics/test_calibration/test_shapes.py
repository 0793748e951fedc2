"""Norms that are functions of the controls in shapes that trees do not learn: nothing is claimed, as neighbours do not show it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binom

from numerics.calibration import control_fits, neighbours
from numerics.calibration.beyond_controls import Usefulness, usefulness
from numerics.calibration.neighbours import MOST_PAIRS, Alike, Checks, checks_of, weights

Shape = Callable[..., np.ndarray]
TRIALS = [2, pytest.param(100, marks=pytest.mark.thorough)]
SHAPES: dict[str, Shape] = {  # of lengths from 3 to 59, 26 queries each
    "parity": lambda length, _other, _cosine: length % 2 == 0,
    "bands": lambda length, _other, _cosine: length // 3 % 2 == 0,
    "xor": lambda length, other, _cosine: (length > 30) ^ (other > 30),
    "bands and cosine": lambda length, _other, cosine: (length // 3 % 2 == 0) ^ (cosine > 0),
}


PLANES = {"board of 4": 4, "board of 6": 6}  # of two lengths that are no whole numbers: 4000 queries, 111 and more a field


def _null(name: str, seed: int, effect: float = 0.0, n: int = 1500, longest: int = 60) -> Usefulness:
    """Being right and the norm share the shape, and nothing else unless ``effect``."""
    rng = np.random.default_rng(seed)
    rows = 4000 if name in PLANES else n
    cosine, margin, own = rng.standard_normal((3, rows))
    if name in PLANES:
        length, other = rng.random((2, rows))
        odd = (np.floor(PLANES[name] * length) + np.floor(PLANES[name] * other)) % 2 == 1
    else:
        length, other = rng.integers(3, longest, (2, rows))
        odd = SHAPES[name](length, other, cosine)
    shape = np.where(odd, 1.0, -1.0)
    hit = rng.random(rows) < expit(0.5 * cosine + 1.2 * shape + effect * own)
    controls = np.column_stack([cosine, np.abs(margin), length, *([other] if name in ("xor", *PLANES) else [])])
    return usefulness(hit.astype(float), controls, shape + 0.3 * own, resamples=300)


@pytest.mark.parametrize("trials", TRIALS)
@pytest.mark.parametrize("name", [*SHAPES, *PLANES])
def test_shapes_that_trees_do_not_learn_are_no_claim(name: str, trials: int, rate: Callable[[int, int], None]) -> None:
    claimed = sum(_null(name, 100 + seed).useful for seed in range(trials))
    rate(claimed, trials)
    assert claimed <= binom.isf(1e-3, trials, 0.05)


@pytest.mark.parametrize("trials", TRIALS)
def test_parity_is_no_claim_where_a_length_has_eight_queries(trials: int, rate: Callable[[int, int], None]) -> None:
    """An outside reader's worlds: neighbours in order straddle the lengths, equal lengths do not."""
    claimed = sum(_null("parity", 100 + seed, n=600, longest=80).useful for seed in range(trials))
    rate(claimed, trials)
    assert claimed <= binom.isf(1e-3, trials, 0.05)


def test_an_effect_beside_such_a_shape_is_found() -> None:
    found = _null("parity", 1, effect=1.5)
    assert found.useful, found.verdict
    assert found.checks == 3 + 9 + 1
    assert "among queries alike in control" in found.verdict
    assert "three or more controls, as the sign of their product" in found.verdict
    assert found.verdict.endswith(found.limits)


def test_without_neighbours_such_a_shape_would_be_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_fits, "checks_of", lambda *_: Checks((), 0))
    assert any(_null("bands and cosine", 100 + seed).useful for seed in range(3))


def test_neighbours_in_order_alone_would_claim_parity_and_boards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variants: a line drawn on from lengths beside each other, and no neighbours in a plane."""
    monkeypatch.setattr(neighbours, "_equal", lambda *_: None)
    monkeypatch.setattr(neighbours, "_ways", lambda a, b, _: (Alike((a, b)), Alike((b, a))))
    assert sum(_null("parity", 100 + seed, n=600, longest=80).useful for seed in range(4)) > binom.isf(1e-3, 4, 0.05)
    assert sum(_null("board of 4", 100 + seed).useful for seed in range(2)) > binom.isf(1e-2, 2, 0.05)


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


def test_among_equals_no_shape_is_left_at_all_and_groups_are_not_compared() -> None:
    """Against the definition: all pairs with equal controls and of two groups."""
    rng = np.random.default_rng(3)
    controls, groups = rng.integers(0, 6, (60, 2)).astype(float), rng.integers(0, 40, 60).astype(np.int32)
    own, y = rng.standard_normal((2, 60))
    for columns in ((0,), (1,)):
        cell = controls[:, columns[0]]
        total = count = 0.0
        for i in range(60):
            for j in range(60):
                if cell[i] == cell[j] and groups[i] != groups[j]:
                    size = np.count_nonzero(cell == cell[i])
                    total, count = total + (own[i] - own[j]) * (y[i] - y[j]) / size / 2, count + 1 / size
        weight = weights(own[:, None], controls[:, columns], groups, 0)[:, 0]
        np.testing.assert_allclose(np.mean(weight * y), total / count, rtol=60**2 * 2.0**-52)
        assert abs(np.sum(weight * rng.standard_normal(6)[cell.astype(int)])) < 60**2 * 2.0**-52 * np.abs(weight).max()


def test_in_a_plane_the_line_is_drawn_on_to_distance_0() -> None:
    """A step is left by the mean of neighbours' differences, and not by the line."""
    rng = np.random.default_rng(4)
    n = 20000
    controls = rng.random((n, 2))
    step = np.where(controls[:, 0] + controls[:, 1] > 1, 3.0, -3.0)
    own = np.stack([step + rng.standard_normal(n), rng.standard_normal(n)], axis=1)
    groups = np.arange(n, dtype=np.int32)
    found = np.mean(step[:, None] * weights(own, controls, groups, 0, near=True), axis=0)
    places, _ = neighbours._nearest(controls, groups, 0, (False, False), 8)
    plain = np.mean(step[:, None] * neighbours._among_nearest(own, places, np.full(8, 1 / 8)), axis=0)
    assert np.abs(found).max() < 3 * 5 * np.sqrt(2 / n) * 1.5  # of the noise alone
    assert plain[0] > 0.05 > abs(found[0]) / 2


def test_too_many_pairs_are_counted() -> None:
    few, many = (checks_of(np.random.default_rng(0).standard_normal((50, c))) for c in (3, 10))
    assert (len(few.sets), few.left_out) == (3 + 3 * 3 + 1, 0)
    assert many.left_out == 45 - MOST_PAIRS
    assert len(many.sets) == 10 + 3 * MOST_PAIRS + 1
    assert checks_of(np.zeros((50, 2))) == Checks((), 0)
