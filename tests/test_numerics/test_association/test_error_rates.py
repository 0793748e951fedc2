"""False findings and coverage, measured over drawn worlds: each within the binomial interval of its nominal rate.

Of the control by ranks; of that for shapes in `test_shapes`. 1000 data sets with the profile thorough, 200 else; the interval of
a count is at error rate `CHANCE`, for fixed seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy import stats

from numerics.association import Estimate, associate
from numerics.association import deviations as deviations_module
from numerics.resampling import clusters as clusters_module
from numerics.resampling.bootstrap import Resampled
from tests.conftest import PROFILE
from tests.test_numerics.test_association import worlds
from tests.test_numerics.test_association.worlds import World

CHANCE = 1e-3
LEVEL = 0.95
SETS = 1000 if PROFILE == "thorough" else 200
Draw = Callable[[np.random.Generator], World]

NULLS: dict[str, tuple[Draw, str]] = {
    "independent": (worlds.gaussian(60), "raw"),
    "heavy tails": (worlds.heavy(60), "raw"),
    "ties": (worlds.tied(150), "raw"),
    "heteroscedastic": (worlds.heteroscedastic(150), "raw"),
    "missing": (worlds.missing(100), "raw"),
    "clusters": (worlds.clustered(24, 20), "raw"),
    "covariate constant in each cluster": (worlds.clustered(24, 20, constant=True), "raw"),
    "confounded": (worlds.confounded(200), "controlled"),
    "confounded clusters": (worlds.confounded_clusters(50, 8), "controlled"),
    "two models": (worlds.two_models(80), "difference"),
}
_CONDITIONAL, _VALUE = worlds.conditional(200)
EFFECTS: dict[str, tuple[Draw, str, float]] = {
    "moderate": (worlds.gaussian(60, 0.6), "raw", worlds.spearman_of(0.6)),
    "strong": (worlds.gaussian(60, 0.95), "raw", worlds.spearman_of(0.95)),
    "joined in clusters": (worlds.clustered(30, 20, 0.6), "raw", worlds.spearman_of(0.6)),
    "conditional": (_CONDITIONAL, "controlled", _VALUE),
}


def binomial_range(rate: float, sets: int = SETS) -> tuple[int, int]:
    return int(stats.binom.ppf(CHANCE / 2, sets, rate)), int(stats.binom.isf(CHANCE / 2, sets, rate))


def estimates(draw: Draw, kind: str, spoil: Callable[[World], World] = lambda world: world) -> list[Estimate]:
    found = []
    for seed in range(SETS):
        world = spoil(draw(np.random.default_rng([seed, 7])))
        results = associate(
            world.norms, world.covariates, group=world.group, reference=world.reference, control="ranks", resamples=399, seed=seed,
            threads=1,
        )
        found.append(getattr(next(a for a in results if a.covariate == "x"), kind))
    return found


@cache
def known(name: str) -> tuple[list[Estimate], float]:
    """The estimates of a world, once for all tests, and the truth."""
    draw, kind, truth = EFFECTS[name] if name in EFFECTS else (*NULLS[name], 0.0)
    return estimates(draw, kind), truth


def findings(found: list[Estimate]) -> int:
    return sum(estimate.p_value <= 1 - LEVEL for estimate in found)


@pytest.mark.parametrize("name", NULLS)
def test_planted_nulls_are_found_at_the_nominal_rate(name: str, rate: Callable[[int, int], None]) -> None:
    least, most = binomial_range(1 - LEVEL)
    found = findings(known(name)[0])
    rate(found, SETS)
    assert least <= found <= most


@pytest.mark.parametrize("name", [*EFFECTS, *NULLS])
def test_intervals_cover_the_truth_at_their_level(name: str) -> None:
    found, truth = known(name)
    least, most = binomial_range(LEVEL)
    assert least <= sum(e.low <= truth <= e.high for e in found) <= most


@pytest.mark.parametrize("name", EFFECTS)
def test_planted_effects_are_found(name: str) -> None:
    """An interval no wider than the effect that misses it does not cover it: so often at most."""
    found, truth = known(name)
    assert np.median([e.high - e.low for e in found]) <= truth
    assert sum(e.sign == 1 for e in found) >= binomial_range(LEVEL)[0]
    assert all(e.sign >= 0 for e in found)


@pytest.mark.parametrize("r", [0.0, 0.6])
def test_percentiles_of_the_same_resamples_cover_too_rarely(r: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why they are studentised, with Student's tails where clusters are few."""

    def percentiles(drawn: Resampled, k: int, level: float) -> tuple[float, float]:
        low, high = drawn.values[k] + np.quantile(drawn.changes[:, k], [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high)

    draw, truth = worlds.clustered(7, 20, r), worlds.spearman_of(r)
    least = binomial_range(LEVEL)[0]
    # with seven clusters Student's tails by leverage cover 98 % of 1000 worlds: never too few, and more than need be
    assert least <= sum(e.low <= truth <= e.high for e in estimates(draw, "raw"))
    monkeypatch.setattr(Resampled, "interval", percentiles)
    assert sum(e.low <= truth <= e.high for e in estimates(draw, "raw")) < least


@pytest.mark.parametrize("name", ["clusters", "confounded", "heteroscedastic"])
def test_rates_hold_with_influences_and_clusters_thrown_together(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done with millions of rows, on thousands: influences for leaving out, 100 clusters for many."""
    monkeypatch.setattr(deviations_module, "MOST_WORK", 0)
    monkeypatch.setattr(clusters_module, "MOST_CLUSTERS", 100)
    draw, kind = {
        "clusters": (worlds.clustered(150, 10), "raw"),
        "confounded": (worlds.confounded(800), "controlled"),
        "heteroscedastic": (worlds.heteroscedastic(800), "raw"),
    }[name]
    least, most = binomial_range(1 - LEVEL)
    assert least <= findings(estimates(draw, kind)) <= most


def ordinal(world: World) -> World:
    """Ties broken by the order of the rows."""
    return replace_columns(world, lambda column: np.argsort(np.argsort(column, kind="stable")).astype(float))


def replace_columns(world: World, change: Callable[[np.ndarray], np.ndarray]) -> World:
    return world._replace(norms=change(world.norms), covariates={name: change(column) for name, column in world.covariates.items()})


BROKEN: dict[str, tuple[str, str, Callable[[World], World]]] = {
    "no clusters": ("clusters", "raw", lambda world: world._replace(group=None)),
    "no clusters, constant covariate": ("covariate constant in each cluster", "raw", lambda world: world._replace(group=None)),
    "no control": ("confounded", "controlled", lambda world: world._replace(covariates={"x": world.covariates["x"]})),
    "ordinal ranks": ("ties", "raw", ordinal),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_variant_leaves_the_nominal_rate(name: str) -> None:
    world, kind, spoil = BROKEN[name]
    assert findings(estimates(NULLS[world][0], kind, spoil)) > binomial_range(1 - LEVEL)[1]


def test_p_values_of_independence_leave_the_nominal_rate_where_spreads_differ() -> None:
    draw = NULLS["heteroscedastic"][0]
    drawn = [draw(np.random.default_rng([seed, 7])) for seed in range(SETS)]
    found = sum(stats.spearmanr(world.norms, world.covariates["x"]).pvalue <= 1 - LEVEL for world in drawn)
    assert found > binomial_range(1 - LEVEL)[1]


def test_one_of_ten_nulls_is_found_as_rarely_as_holm_promises_and_without_it_often() -> None:
    any_found = {"holm": 0, "none": 0}
    for seed in range(SETS):
        rng = np.random.default_rng([seed, 8])
        norms, columns = np.exp(rng.standard_normal(40)), rng.standard_normal((10, 40))
        drawn = {f"c{k}": column for k, column in enumerate(columns)}
        found = associate(norms, drawn, given="confounders", correction="holm", resamples=399, seed=seed, threads=1)
        any_found["holm"] += any(a.raw.adjusted_p <= 1 - LEVEL for a in found)
        any_found["none"] += any(a.raw.p_value <= 1 - LEVEL for a in found)
        if seed == 0:  # without a correction the adjusted p-value is the p-value, of the same resamples
            plain = associate(norms, drawn, given="confounders", correction="none", resamples=399, seed=seed, threads=1)
            assert [a.raw.adjusted_p for a in plain] == [a.raw.p_value for a in found]
    most = binomial_range(1 - LEVEL)[1]
    assert any_found["holm"] <= most < any_found["none"]


def test_estimates_do_not_depend_on_what_is_thrown_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """The value is exact; squared errors from 64 sums of 4000 rows differ by sqrt(2 / 64) of it, at most 4 times that."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal(4000)
    norms = np.exp(0.3 * x + rng.standard_normal(4000))
    whole = associate(norms, {"x": x})[0].raw
    monkeypatch.setattr(clusters_module, "MOST_CLUSTERS", 64)
    few = associate(norms, {"x": x})[0].raw
    intervals = {"low": 0.0, "high": 0.0, "p_value": 0.0, "adjusted_p": 0.0, "joint_low": 0.0, "joint_high": 0.0}
    assert replace(whole, **intervals) == replace(few, **intervals)
    widths = (few.high - few.low) / (whole.high - whole.low)
    assert abs(widths**2 - 1) <= 4 * np.sqrt(2 / 64) + stats.t.ppf(0.975, 63) ** 2 / stats.norm.ppf(0.975) ** 2 - 1
