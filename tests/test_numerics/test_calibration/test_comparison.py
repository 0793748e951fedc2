"""Methods side by side: scores are those of the held-out half, intervals are paired, better is better than a baseline."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs scikit-learn")

from numerics.calibration import (
    FixedTemperature,
    ItemTemperature,
    LogisticConfidence,
    OneTemperature,
    VonMisesFisherPosterior,
    compare,
    draw_world,
    negative_log_likelihood,
)
from numerics.calibration.comparison import HIGHER, SCORES, Comparison, _half
from numerics.validation import InvalidInput

WORLD = draw_world(30, 8, concentrations=(2.0, 200.0), seed=8)
QUERIES, ITEMS = WORLD.queries(3000, seed=1)
COSINES = WORLD.cosines(QUERIES)
LOGS = np.log(WORLD.concentrations)
METHODS = {
    "one temperature": OneTemperature(),
    "none": FixedTemperature(0.05),
    "by item": ItemTemperature(LOGS, 8),
    "true": VonMisesFisherPosterior(WORLD.concentrations, 8),
    "cosine": LogisticConfidence((0,)),
    "cosine and margin": LogisticConfidence((0, 1)),
    "with the norm": LogisticConfidence(),
}


@cache
def _compared() -> Comparison:
    return compare(METHODS, COSINES, ITEMS, of_items=(LOGS,), resamples=200, seed=5)


def test_the_known_posterior_beats_one_temperature_and_none_is_worse() -> None:
    found = _compared()
    assert found.baselines == {"posterior": "one temperature", "confidence": "cosine"}
    for name in ("by item", "true"):
        assert all(found.better(name, score) for score in ("nll", "brier", "auroc", "aurc", "ndcg")), found.method(name)
    assert found.method("none").over_baseline["nll"].low > 0
    assert not any(found.better("one temperature", score) for score in SCORES)
    assert all(gap == pytest.approx((0, 0, 0)) for gap in ((x.value, x.low, x.high) for x in _gaps(found, "one temperature")))
    assert found.better("cosine and margin", "nll")
    assert found.better("with the norm", "nll")


def _gaps(found: Comparison, name: str) -> list:  # type: ignore[type-arg]
    return list(found.method(name).over_baseline.values())


def test_an_exact_posterior_is_as_calibrated_as_chance_allows() -> None:
    found = _compared()
    assert found.method("true").binned_error < found.calibrated_error["true"].high
    assert found.method("none").binned_error > found.calibrated_error["none"].high
    assert found.method("true").scores["ece"].low == 0 < found.method("none").scores["ece"].low


def test_scores_are_of_the_half_that_was_not_fitted() -> None:
    found = _compared()
    first = _half(np.arange(3000), 5)
    assert (found.fitting, found.testing) == (1500, 1500)
    fitted = OneTemperature().fit(COSINES[first], ITEMS[first])
    held = negative_log_likelihood(fitted.predict_proba(COSINES[~first]), ITEMS[~first])
    assert found.method("one temperature").scores["nll"].value == pytest.approx(held, rel=1e-9)
    assert not hasattr(METHODS["one temperature"], "scales_")


def test_every_interval_holds_its_value_and_a_confidence_has_no_ranking() -> None:
    found = _compared()
    for method in found.methods:
        for score in SCORES:
            x = method.scores[score]
            if score == "ndcg" and method.kind == "confidence":
                assert np.isnan(x.value)
            else:
                assert x.low <= x.value <= x.high
                gap = method.over_baseline[score]
                assert gap.low <= gap.value <= gap.high
    assert found.method("true").scores["ece"].value < found.method("true").binned_error
    assert set(HIGHER) <= set(SCORES)


def test_groups_stay_in_one_half_and_widen_intervals() -> None:
    groups = np.arange(3000) // 3
    copied = (np.repeat(COSINES[::3], 3, axis=0), np.repeat(ITEMS[::3], 3))
    alone = compare({"one": OneTemperature()}, *copied, resamples=200)
    together = compare({"one": OneTemperature()}, *copied, groups=groups, resamples=200)
    width = [x.method("one").scores["nll"].high - x.method("one").scores["nll"].low for x in (alone, together)]
    assert width[1] > 1.4 * width[0]  # copies of one query three times: by the root of 3
    first = _half(groups, 0)
    assert len(np.intersect1d(groups[first], groups[~first])) == 0


def test_bad_arguments_are_named() -> None:
    with pytest.raises(InvalidInput, match="baseline = 'x'"):
        compare(METHODS, COSINES, ITEMS, baseline="x")
    with pytest.raises(InvalidInput, match="answers has shape"):
        compare(METHODS, COSINES, ITEMS[:5])
    with pytest.raises(InvalidInput, match="groups has shape"):
        compare(METHODS, COSINES, ITEMS, groups=np.zeros(3000))
