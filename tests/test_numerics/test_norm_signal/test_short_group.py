"""Few short rows apart from all others: found whenever the evidence is there, and never claimed of what is not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from numerics.norm_signal import NormSignal, detect
from numerics.norm_signal.records import ERROR_RATE
from numerics.norm_signal.short_group import apart, short_group

D = 64
Draw = Callable[[np.random.Generator], NDArray[np.float64]]


def _planted(rows: int, few: int, seed: int, decay: float = 1.0, law: str = "normal") -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    norms = 3 * np.exp(rng.normal(0, 0.3, rows))
    entries = rng.normal(0, 0.02, (few, D)) if law == "normal" else rng.uniform(-0.03, 0.03, (few, D))
    norms[rng.choice(rows, few, replace=False)] = decay * np.linalg.norm(entries, axis=1)
    return norms


def _seen(norms: NDArray[np.float64]) -> NormSignal:
    return detect(norms, "float32", D, resamples=99)


@pytest.mark.parametrize("few", [20, 30, 50, 100, 150, 170])
@pytest.mark.parametrize("rows", [500, 4000, 50_000])
def test_short_rows_as_they_were_drawn_are_found(rows: int, few: int) -> None:
    norms = _planted(rows, few, seed=few)
    found = _seen(norms)
    (group,) = found.untrained
    assert group.rows == few
    assert group.small
    assert np.array_equal(group.numbers(norms), np.flatnonzero(norms < 0.5))


def test_decayed_and_uniform_ones_too() -> None:
    assert [g.rows for g in _seen(_planted(4000, 40, 1, decay=0.01)).untrained] == [40]
    (group,) = _seen(_planted(4000, 60, 2, law="uniform")).untrained
    assert (group.rows, "uniform" in group.entries) == (60, True)


def test_a_short_group_of_another_spread_is_told_but_not_claimed() -> None:
    rng = np.random.default_rng(3)
    norms = 3 * np.exp(rng.normal(0, 0.3, 4000))
    norms[:60] = 0.1 * np.exp(rng.normal(0, 0.3, 60))
    found = _seen(norms)
    assert not found.untrained
    assert found.short_group is not None
    assert (found.short_group.looks, found.short_group.rows) == ("other", 60)


def _two(few: int, spread: float) -> Draw:
    return lambda rng: np.exp(np.concatenate([rng.normal(-3, spread, few), rng.normal(0, spread, 1000 - few)]))


NULLS: dict[str, Draw] = {
    "log-normal": lambda rng: np.exp(rng.normal(0, 0.3, 500)),
    "Pareto": lambda rng: 1 + rng.pareto(1, 500),
    "one over Pareto": lambda rng: 1 / (1 + rng.pareto(1, 500)),
    "Student": lambda rng: np.exp(0.3 * rng.standard_t(3, 500)),
    "tiny vocabulary": lambda rng: np.exp(rng.normal(0, 0.3, 12)),
    "two trained clusters": _two(30, 0.3),
    "two trained clusters, tight": _two(30, 0.15),
    "two trained clusters, few": _two(12, 0.3),
}


@pytest.mark.parametrize("name", NULLS)
def test_nothing_is_claimed_of_trained_rows_beyond_the_rate(name: str) -> None:
    """Gap and spread each at `ERROR_RATE`; the test itself is wrong with probability 2^-20 at most."""
    rng, worlds = np.random.default_rng(4), 200
    claims = sum(bool(_seen(NULLS[name](rng)).untrained) for _ in range(worlds))
    assert binom.sf(claims - 1, worlds, 2 * ERROR_RATE) > 2.0**-20


def test_the_rate_of_two_trained_clusters_is_that_of_gap_and_spread() -> None:
    """In a thousand worlds; the broken variant, which does not ask whether the others spread alike, claims too much."""
    rng, worlds, claims, broken = np.random.default_rng(6), 1000, 0, 0
    for _ in range(worlds):
        ordered = np.sort(NULLS["two trained clusters, tight"](rng))
        found = short_group(ordered, D, 0.0)
        assert found is not None
        claims += found.looks == "random"
        broken += bool(found.entries)
    assert binom.sf(claims - 1, worlds, 2 * ERROR_RATE) > 2.0**-20
    assert binom.sf(broken - 1, worlds, 2 * ERROR_RATE) < 2.0**-20


def test_a_group_where_the_mode_is_has_no_gap_that_is_a_surprise() -> None:
    """Half of the rows at the lower end, half spread evenly: one mode, and gaps that are wide beside the group that lies below them."""
    rng, worlds = np.random.default_rng(7), 1000
    claims = sum(apart(np.sort(np.r_[1e-6 * rng.random(10), rng.random(10)]), 0.0) > 0 for _ in range(worlds))
    assert binom.sf(claims - 1, worlds, ERROR_RATE) > 2.0**-20


def test_one_row_that_decides_the_variation_leaves_no_interval() -> None:
    norms = _planted(4000, 0, 5)
    assert not _seen(norms).decided_by_one
    norms[7] *= 300
    found = _seen(norms)
    assert found.decided_by_one
    assert np.isnan([found.variation_low, found.variation_high]).all()
