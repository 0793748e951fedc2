"""Intervals of the calibration error cover what the error is in worlds where it is known, and hold the value that is told."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binom

from numerics.calibration import calibration_error, error_difference, error_interval
from numerics.validation import InvalidInput

Shape = Callable[[np.ndarray], np.ndarray]
LEVEL, ONE_IN = 0.95, 1e-6  # how often a right interval may fail a test
SHAPES: dict[str, Shape] = {
    "calibrated": lambda c: c,
    "overconfident": lambda c: c**2,
    "slightly": lambda c: c - 0.03,
    "crossing": lambda c: 0.5 + 0.6 * (c - 0.5),
    "waves": lambda c: c + 0.05 * np.sin(40 * c),
}
KINDS = {"even": lambda rng, n: rng.uniform(0.1, 0.95, n), "sure": lambda rng, n: 0.1 + 0.9 * rng.beta(8, 1, n)}


def _truth(kind: str, shape: Shape, bins: int = 15) -> float:
    """Of a large draw: off by less than 15 bins' errors of means of 1e5 numbers."""
    c = np.sort(KINDS[kind](np.random.default_rng(99), 15 * 10**5))
    return float(np.mean([abs(np.mean(part)) for part in np.array_split(c - shape(c), bins)]))


def _world(kind: str, shape: Shape, size: int, seed: int, each: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Confidences and whether right; ``each`` queries of a group are the same one."""
    rng = np.random.default_rng([size, seed])
    c = KINDS[kind](rng, size // each)
    hit = (rng.random(len(c)) < shape(c)).astype(float)
    return np.repeat(c, each), np.repeat(hit, each)


def _missed(kind: str, name: str, size: int, worlds: int, each: int = 1) -> int:
    true, missed = _truth(kind, SHAPES[name]), 0
    groups = np.arange(size) // each
    for seed in range(worlds):
        c, hit = _world(kind, SHAPES[name], size, seed, each)
        x = error_interval(c, hit, groups=groups[: len(c)], level=LEVEL, seed=seed)
        assert x.low <= x.value <= min(x.high, calibration_error(c, hit) + 1e-12)
        missed += not x.low <= true <= x.high
    return missed


@pytest.mark.parametrize(
    ("kind", "name", "size"), [("even", "calibrated", 300), ("even", "overconfident", 300), ("sure", "calibrated", 2000)]
)
def test_intervals_hold_the_error(kind: str, name: str, size: int) -> None:
    assert _missed(kind, name, size, 60) <= binom.isf(ONE_IN, 60, 1 - LEVEL)


@pytest.mark.thorough
@pytest.mark.parametrize("size", [300, 2000])
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_intervals_cover_at_their_level(kind: str, name: str, size: int, rate: Callable[[int, int], None]) -> None:
    missed = _missed(kind, name, size, 1000)
    rate(1000 - missed, 1000)
    assert missed <= binom.isf(ONE_IN, 1000, 1 - LEVEL)


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["calibrated", "overconfident"])
def test_groups_are_seen_as_one(name: str, rate: Callable[[int, int], None]) -> None:
    missed = _missed("even", name, 1500, 1000, each=5)
    rate(1000 - missed, 1000)
    assert missed <= binom.isf(ONE_IN, 1000, 1 - LEVEL)


def test_a_bootstrap_does_not_cover_and_copies_are_no_new_queries() -> None:
    """What this module is there for: the check is able to fail."""
    from numerics.calibration.scores import bootstrap

    c, hit = _world("even", SHAPES["calibrated"], 300, 0)
    assert bootstrap(lambda w: calibration_error(c, hit, w), 300, resamples=200).low > 0 == error_interval(c, hit).low
    alone = error_interval(*_world("even", SHAPES["calibrated"], 1500, 1, 5))
    together = error_interval(*_world("even", SHAPES["calibrated"], 1500, 1, 5), groups=np.arange(1500) // 5)
    assert together.high - together.low > 1.2 * (alone.high - alone.low)


def _differences(first: Shape, second: Shape, size: int, worlds: int) -> int:
    """One set of answers, right with probability p: two confidences that say more than p and less than p, and how often it is missed."""
    c = np.sort(np.random.default_rng(99).uniform(0.1, 0.95, 15 * 10**5))
    sizes = [np.mean([abs(np.mean(part)) for part in np.array_split(shape(c) - c, 15)]) for shape in (first, second)]
    missed = 0
    for seed in range(worlds):
        rng = np.random.default_rng([size, seed])
        p = rng.uniform(0.1, 0.95, size)
        hit = (rng.random(size) < p).astype(float)
        x = error_difference(first(p), second(p), (hit, hit), level=LEVEL, seed=seed)
        assert x.low <= x.value <= x.high
        missed += not x.low <= sizes[0] - sizes[1] <= x.high
    return missed


PAIRS: dict[str, tuple[Shape, Shape]] = {
    "exact and over": (lambda p: p, np.sqrt),
    "over and a hair more": (lambda p: p**0.7, lambda p: p**0.69),
    "over and under": (lambda p: p + 0.04, lambda p: p - 0.04),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_differences_hold_the_difference(pair: str) -> None:
    assert _differences(*PAIRS[pair], 300, 30) <= binom.isf(ONE_IN, 30, 1 - LEVEL)


@pytest.mark.thorough
@pytest.mark.parametrize("size", [300, 2000])
@pytest.mark.parametrize("pair", PAIRS)
def test_differences_cover_at_their_level(pair: str, size: int, rate: Callable[[int, int], None]) -> None:
    missed = _differences(*PAIRS[pair], size, 1000)
    rate(1000 - missed, 1000)
    assert missed <= binom.isf(ONE_IN, 1000, 1 - LEVEL)


def test_what_two_methods_share_cancels() -> None:
    rng = np.random.default_rng(4)
    p = rng.uniform(0.1, 0.9, 400)
    hit = (rng.random(400) < p).astype(float)
    same = error_difference(p, p, (hit, hit))
    assert (same.value, same.low, same.high) == (0, 0, 0)
    # the error of a mean of 400 numbers of size 0.001 is a twentieth of it, and 2.42 of these leave out a third of a tail
    near, own = error_difference(p, p + 0.001, (hit, hit)), error_interval(p, hit)
    assert max(abs(near.low), near.high) <= 0.001 * (1 + 2.5 / 20) < 0.02 < own.high - own.low


def test_rare_levels_are_bounded_without_draws_beyond_them() -> None:
    c, hit = _world("even", SHAPES["overconfident"], 300, 0)
    ends = [error_interval(c, hit, level=level) for level in (0.9, 0.98, 0.99, 0.999, 1 - 1e-9)]
    assert all(a.low >= b.low and a.high < b.high for a, b in pairwise(ends))
    assert ends[-1].low >= 0


def test_extremes_are_told_and_bad_arguments_named() -> None:
    sure = error_interval(np.ones(20), np.ones(20))
    assert (sure.value, sure.low, sure.high) == pytest.approx((0, 0, 0))
    wrong = error_interval(np.full(50, 0.99), np.zeros(50), bins=5)
    assert wrong.low > 0.5
    assert wrong.value <= wrong.high
    few = error_interval([0.3, 0.9], [0, 1])  # far fewer queries than bins
    assert few.low <= few.value <= few.high
    with pytest.raises(InvalidInput, match="groups has shape"):
        error_interval([0.3, 0.9], [0, 1], groups=[1])
    with pytest.raises(InvalidInput, match="second has 1"):
        error_difference([0.3, 0.9], [0.3], ([0, 1], [0]))
    with pytest.raises(InvalidInput, match="level"):
        error_interval([0.3, 0.9], [0, 1], level=1)
