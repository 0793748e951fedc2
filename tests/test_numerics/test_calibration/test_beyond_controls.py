"""Usefulness beyond the controls: a planted effect is found, nulls are not, and what could have been seen is what could be seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binom

from numerics.calibration import control_fits
from numerics.calibration.beyond_controls import SOUGHT, Usefulness, usefulness, usefulness_of_each
from numerics.calibration.flexible_controls import FOLDS, expected_share, expected_value, folds_of
from numerics.resampling.proportions import binomial_interval
from numerics.validation import InvalidInput

TRIALS = [6, pytest.param(400, marks=pytest.mark.thorough)]


def _drawn(seed: int, effect: float, n: int = 500) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Right or not depends on cosine and length; the norm does on the length, and has ``effect`` of its own."""
    rng = np.random.default_rng(seed)
    cosine, length, own = rng.standard_normal((3, n))
    norm = own - 0.8 * length
    hit = rng.random(n) < expit(0.3 + cosine + length + effect * own)
    return hit.astype(float), np.stack([cosine, length], axis=1), norm


def _found(seed: int, effect: float, **options: object) -> Usefulness:
    return usefulness(*_drawn(seed, effect), resamples=300, **options)  # type: ignore[arg-type]


def test_an_effect_of_the_norm_itself_is_found() -> None:
    found = _found(0, 1.0)
    assert found.useful
    # per standard deviation of the norm, of which the norm itself has 1/1.28
    assert 0.6 < found.effect < 1.5
    assert found.gain_low > 0
    assert 0 < found.told < 0.64 / 1.64 + 0.1  # less by the noise of fits of 500 queries
    assert found.verdict.startswith("norms help beyond the controls: a standard deviation of the norm adds +")
    assert (found.queries, found.groups, found.column) == (500, 500, 0)


def test_an_effect_the_other_way_helps_as_well() -> None:
    found = _found(0, -1.0)
    assert found.useful
    assert found.high < 0


def test_an_effect_of_length_alone_is_none_of_the_norm_unless_length_is_left_out() -> None:
    hit, controls, norm = _drawn(1, 0.0, 2000)
    assert not usefulness(hit, controls, norm, resamples=300).useful
    assert usefulness(hit, controls[:, :1], norm, resamples=300).useful


def test_of_several_norms_the_clearest_is_told_and_all_intervals_hold_together() -> None:
    hit, controls, norm = _drawn(0, 1.0)
    other = np.random.default_rng(9).standard_normal(len(hit))
    both = usefulness(hit, controls, np.stack([other, norm], axis=1), resamples=300)
    alone = usefulness(hit, controls, norm, resamples=300)
    assert both.column == 1
    assert both.low < alone.low < alone.high < both.high


def test_of_several_questions_each_has_its_own_answer_to_the_bit_and_what_they_share_is_fitted_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hit, controls, norm = _drawn(0, 1.0)
    other = np.random.default_rng(9).standard_normal(len(hit))
    asked = {"norm": norm, "both": np.stack([norm, other], axis=1), "other": other}
    alone = {name: usefulness(hit, controls, norms, resamples=300, level=0.99) for name, norms in asked.items()}
    shares, values, heard = [], [], []
    monkeypatch.setattr(control_fits, "expected_share", lambda *a, **k: shares.append(a) or expected_share(*a, **k))
    monkeypatch.setattr(control_fits, "expected_value", lambda *a, **k: values.append(a) or expected_value(*a, **k))
    together = usefulness_of_each(hit, controls, asked, resamples=300, level=0.99, progress=lambda *said: heard.append(said))
    assert together == alone
    assert together["norm"] != together["other"]
    assert len(shares) == 1 + 2  # of being right, and twice to know its noise
    assert len(values) == 2 + 2 * 2  # two norms, and the noise of each
    assert [name for _, name in heard] == sorted([name for _, name in heard], key=list(asked).index)
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert heard[-1] == (1.0, "other")


def test_a_norm_that_is_a_function_of_cosine_margin_and_length_together_tells_nothing_beyond_them() -> None:
    rng = np.random.default_rng(6)
    controls = np.stack([rng.standard_normal(1500), rng.exponential(size=1500), np.ceil(np.exp(4 + rng.standard_normal(1500)))], axis=1)
    product = controls[:, 0] * controls[:, 1] * (np.log(controls[:, 2]) - 4)
    step = np.where(controls[:, 2] > 90, 1.0, 0.0)
    hit = (rng.random(1500) < expit(controls[:, 0] + product + step)).astype(float)
    for norm in (product, step, np.log(np.minimum(controls[:, 2], 90))):
        found = usefulness(hit, controls, norm + 0.1 * rng.standard_normal(1500), resamples=300)
        assert not found.useful, found.verdict


@pytest.mark.parametrize("trials", TRIALS)
def test_nulls_are_claimed_no_more_often_than_the_level_allows(trials: int, rate: Callable[[int, int], None]) -> None:
    """At 95 %, at most 5 %; so many or fewer but for once in 1e4."""
    claimed = sum(_found(10 + seed, 0.0).useful for seed in range(trials))
    rate(claimed, trials)
    assert claimed <= binom.isf(1e-4, trials, 0.05)


@pytest.mark.parametrize("trials", TRIALS)
def test_what_could_have_been_seen_is_seen_that_often(trials: int) -> None:
    null = _found(3, 0.0)
    assert not null.useful
    assert "no effect found" in null.verdict
    assert null.verdict.endswith(SOUGHT)
    assert Usefulness(**{**vars(null), "smallest": np.inf}).verdict.endswith(SOUGHT)
    assert 0 < null.smallest_gain < 0.2
    planted = null.smallest / np.sqrt(1 + 0.8**2)
    share = sum(_found(1000 + s, planted).useful for s in range(trials))
    assert binomial_interval(share, trials, 0.9999)[1] >= 0.8
    third = sum(_found(1000 + s, planted / 3).useful for s in range(trials))
    assert binomial_interval(third, trials, 0.9999)[0] <= 0.8  # one much smaller is not


def test_an_effect_of_both_extremes_is_not_sought_and_the_verdict_says_so() -> None:
    """An outside reader's world: log odds + norm^2 - 1, of which a quadratic logit is sure."""
    rng = np.random.default_rng(1000)
    controls, norm = rng.standard_normal((1500, 3)), rng.standard_normal(1500)
    hit = (rng.random(1500) < expit(controls[:, 0] + norm**2 - 1)).astype(float)
    found = usefulness(hit, controls, norm, resamples=300)
    assert not found.useful
    assert "only an effect that rises or falls with the norm was sought" in found.verdict


def test_groups_keep_copies_from_passing_for_evidence() -> None:
    """Every query 10 times, the copies of one in one group; that copies in other folds would be known by heart is tested below."""
    claimed = 0
    for seed in range(8):
        hit, controls, norm = (np.repeat(x, 10, axis=0) for x in _drawn(50 + seed, 0.0, 60))
        claimed += usefulness(hit, controls, norm, groups=np.repeat(np.arange(60), 10), resamples=300).useful
    assert claimed <= binom.isf(1e-3, 8, 0.05)


def test_no_query_is_expected_by_a_fit_on_itself_or_on_its_group() -> None:
    """A target that is noise for each group, which a control names: whoever fits on the group knows it."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(60, dtype=np.int32), 10)
    folds = folds_of(groups, rng)
    assert sorted(np.unique(folds)) == list(range(FOLDS))
    assert all(len(np.unique(folds[groups == g])) == 1 for g in range(60))
    names = rng.permutation(60)[groups].astype(float)[:, None]
    noise = rng.standard_normal(60)[groups]
    left = noise - expected_value(noise, names, folds, 0)
    assert np.mean(left**2) > 0.9 * np.var(noise)
    leaked = noise - expected_value(noise, names, np.arange(600) % FOLDS, 0)
    assert np.mean(leaked**2) < 0.5 * np.var(noise)


def test_a_share_is_a_probability() -> None:
    rng = np.random.default_rng(1)
    x = rng.standard_normal((300, 1))
    found = expected_share((x[:, 0] > 0).astype(float), x, np.arange(300) % FOLDS, 0)
    assert found.min() >= 0.5 / 300
    assert found.max() <= 1 - 0.5 / 300
    assert np.mean((found > 0.5) == (x[:, 0] > 0)) > 0.95


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
