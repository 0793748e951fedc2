"""Usefulness beyond the controls: a planted effect is found, nulls are not, and what could have been seen is what could be seen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binom

from numerics.calibration.beyond_controls import power_interval, usefulness
from numerics.validation import InvalidInput


def _drawn(seed: int, effect: float, n: int = 600) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Right or not depends on cosine and length; the norm does on the length, and has ``effect`` of its own."""
    rng = np.random.default_rng(seed)
    cosine, length, own = rng.standard_normal((3, n))
    norm = own - 0.8 * length
    hit = rng.random(n) < expit(0.3 + cosine + length + effect * own)
    return hit.astype(float), np.stack([cosine, length], axis=1), norm


def test_an_effect_of_the_norm_itself_is_found() -> None:
    hit, controls, norm = _drawn(0, 1.0)
    found = usefulness(hit, controls, norm)
    assert found.useful
    assert found.effect > 0
    assert "norms help" in found.verdict
    assert np.isnan(found.smallest)


def test_an_effect_of_length_alone_is_none_of_the_norm_unless_length_is_left_out() -> None:
    hit, controls, norm = _drawn(1, 0.0, 4000)
    assert not usefulness(hit, controls, norm, replicates=0).useful
    assert usefulness(hit, controls[:, :1], norm, replicates=0).useful


@pytest.mark.parametrize("trials", [200, pytest.param(1000, marks=pytest.mark.thorough)])
def test_nulls_are_claimed_no_more_often_than_the_level_allows(trials: int) -> None:
    """At 95 %, from above 0, at most 2.5 %; so many or fewer but for once in 1e4."""
    claimed = sum(usefulness(*_drawn(10 + seed, 0.0), replicates=0).useful for seed in range(trials))
    assert claimed <= binom.isf(1e-4, trials, 0.025)


def test_what_could_have_been_seen_is_seen_that_often() -> None:
    null = usefulness(*_drawn(3, 0.0), replicates=100, seed=1)
    assert not null.useful
    assert "no effect found" in null.verdict
    assert 0 < null.smallest_gain < 0.2
    # per standard deviation of the norm, of which the norm itself has 1/1.28
    planted = null.smallest / np.sqrt(1 + 0.8**2)
    share = sum(usefulness(*_drawn(1000 + s, planted), replicates=0).useful for s in range(100))
    low, high = power_interval(share, 100, 0.9999)
    assert low <= 0.97
    assert high >= 0.8  # the first rung of the ladder that reaches the power, and not far above it
    assert sum(usefulness(*_drawn(2000 + s, planted / 4), replicates=0).useful for s in range(100)) < share


def test_groups_keep_copies_from_passing_for_evidence() -> None:
    """Every query 30 times: without groups a null would soon be an effect."""
    claimed = {True: 0, False: 0}
    for seed in range(40):
        hit, controls, norm = (np.repeat(x, 30, axis=0) for x in _drawn(50 + seed, 0.0, 60))
        groups = np.repeat(np.arange(60), 30)
        claimed[True] += usefulness(hit, controls, norm, groups=groups, replicates=0).useful
        claimed[False] += usefulness(hit, controls, norm, replicates=0).useful
    assert claimed[True] <= binom.isf(1e-4, 40, 0.025)
    assert claimed[False] > claimed[True]


def test_bad_arguments_are_named() -> None:
    hit, controls, norm = _drawn(0, 0.0, 50)
    with pytest.raises(InvalidInput, match="correct must be 0"):
        usefulness(hit + 0.5, controls, norm)
    with pytest.raises(InvalidInput, match="norms has shape"):
        usefulness(hit, controls, norm[:5])
    with pytest.raises(InvalidInput, match="only right or only wrong"):
        usefulness(np.ones(50), controls, norm)
    with pytest.raises(InvalidInput, match="8 groups or more"):
        usefulness(hit, controls, norm, groups=np.zeros(50))
