"""Worlds of known truth: where every hypothesis holds a reading of norms reaches the Bayes posterior, and without one it does not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs scikit-learn")

from derivations.norm_reading.dropped_hypotheses import CASES, KEPT, Degradation, degradation
from numerics.calibration.heat_curves import linear_curve
from numerics.calibration.training import TEMPERATURE, Training, trained_norms
from numerics.calibration.worlds import draw_world
from numerics.simulation.optimizers import Optimizer
from numerics.validation import InvalidInput

WORLD = draw_world(96, 12, levels=2, seed=4)
LEVEL = 1 - 1e-4
# faster than in the report: the noise is larger, and known
SHORT = {name: replace(x, steps=4000, step_size=0.02, pool=128) for name, x in CASES.items() if name != "shared encoder"}
SHARED = {"shared encoder": replace(CASES["shared encoder"], steps=200)}


@cache
def _report() -> Degradation:
    return degradation(WORLD, SHORT | SHARED, queries=3000, level=LEVEL, seed=3)


def test_where_all_holds_a_reading_of_norms_reaches_the_bayes_posterior() -> None:
    case = _report().case("every hypothesis holds")
    assert case.reaches, case
    # and both sampling errors are small: far below what one temperature loses
    assert max(case.excess["read from norms"].high, case.noise) < case.excess["one temperature"].low / 10
    assert case.excess["true concentrations"].value == pytest.approx(0, abs=1e-9)
    assert case.rank_correlation > 0.99


@pytest.mark.parametrize("name", ["lazy decay", "AdamW instead of SGD", "bfloat16 rows", "shared encoder"])
def test_without_a_hypothesis_it_does_not(name: str) -> None:
    case = _report().case(name)
    assert not case.reaches
    assert case.excess["read from norms"].low > case.noise
    assert case.excess["read from norms"].low > case.excess["true concentrations"].high


def test_adamw_norms_say_nothing_of_concentration() -> None:
    """Spearman's correlation of heat with concentration under SGD is nearly 1; under AdamW it is far lower."""
    report = _report()
    assert report.case("positives from a pool").rank_correlation > 0.99
    assert report.case("AdamW instead of SGD").rank_correlation < report.case("positives from a pool").rank_correlation - 0.3


def test_a_wrong_curve_is_seen_where_all_holds() -> None:
    wrong = linear_curve(12, TEMPERATURE * 1.1)
    kept = {"kept": SHORT["every hypothesis holds"]}
    case = degradation(WORLD, kept, queries=3000, curve=wrong, level=LEVEL, seed=3).cases[0]
    assert not case.reaches
    assert case.excess["read from norms"].low > case.noise


def test_a_pool_and_a_meaning_that_stands_still_are_the_same_training() -> None:
    """Two simulators of one thing: norms differ by noise of a pool of draws and of the steps."""
    norms = [trained_norms(WORLD, Training(kind, steps=6000, step_size=0.02), seed=5).norms for kind in ("lookup", "pool")]
    floor = np.sqrt(2 * 0.02 * 0.01 / (WORLD.priors / WORLD.priors.max())) / 4 + np.sqrt(2 / 256) / 4
    assert np.all(np.abs(np.log(norms[0] / norms[1])) < 6 * floor * np.sqrt(2))


def test_queries_of_a_world_follow_its_priors_and_posterior() -> None:
    """The posterior is calibrated: what it says of each item, less what is so, has mean 0 with any function of the query."""
    q, items = WORLD.queries(20000, seed=9)
    p = np.exp(WORLD.log_posterior(q))
    residual = (np.arange(96) == items[:, None]) - p
    for weight in (1.0, q[:, :1], p):
        terms = residual * weight
        assert np.all(np.abs(terms.mean(axis=0)) < 6 * terms.std(axis=0) / np.sqrt(20000))
    flat = replace(WORLD, concentrations=np.full(96, np.exp(np.log(WORLD.concentrations).mean())))
    wrong = (np.arange(96) == items[:, None]) - np.exp(flat.log_posterior(q))
    terms = wrong * np.exp(flat.log_posterior(q))
    assert np.any(np.abs(terms.mean(axis=0)) > 6 * terms.std(axis=0) / np.sqrt(20000))


def test_seeds_reproduce_and_threads_do_not_matter() -> None:
    x = replace(KEPT, steps=50)
    a, b, c = (trained_norms(WORLD, x, seed=s, threads=t).norms for s, t in ((1, 1), (1, 2), (2, 1)))
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_bad_trainings_and_worlds_are_named() -> None:
    with pytest.raises(InvalidInput, match="encoder = 'deep'"):
        Training("deep")
    with pytest.raises(InvalidInput, match="optimizer"):
        Training(optimizer=Optimizer("adam"))
    with pytest.raises(InvalidInput, match="dense decay"):
        Training("shared", about_row=True)
    with pytest.raises(InvalidInput, match="concentrations"):
        draw_world(4, 3, concentrations=(5.0, 2.0))
