"""Nothing is claimed of a covariate that few rows or groups tell of: rates over drawn nulls, and tails by their definition.

A thousand data sets of each kind with the profile thorough, else a few; counts are within the binomial interval at error rate `CHANCE`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from numerics.association import associate, deviations, power_law
from numerics.association.correlation import partial
from numerics.association.leverage import Leverage
from numerics.association.records import Estimate
from numerics.resampling.tails import Tails, Working
from tests.conftest import PROFILE

CHANCE = 1e-3
SETS = 1000 if PROFILE == "thorough" else 24
Rate = Callable[[int, int], None]
Floats = np.ndarray
World = tuple[Floats, Floats, Floats | None]
Draw = Callable[[np.random.Generator], World]


def flagged(groups: int, flags: int, most: int = 10, *, heavy: bool = False) -> Draw:
    """Effects of groups, and a flag on ``flags`` of them, on all but as many if negative; one group has ``most`` rows, the others 10."""

    def draw(rng: np.random.Generator) -> World:
        group = np.repeat(np.arange(groups), [most, *[10] * (groups - 1)])
        effect = rng.standard_cauchy(groups) if heavy else rng.standard_normal(groups)
        norms = np.exp(np.clip(0.3 * effect[group] + 0.1 * rng.standard_normal(len(group)), -300, 300))
        on = np.isin(group, rng.permutation(groups)[: abs(flags)])
        return norms, (on if flags > 0 else ~on).astype(float), group

    return draw


def rows(count: int, flags: int) -> Draw:
    return lambda rng: (np.exp(rng.standard_normal(count)), (rng.permutation(count) < flags).astype(float), None)


def spread(groups: int, most: int) -> Draw:
    """A covariate that is one number a group, of which one has ``most`` rows."""

    def draw(rng: np.random.Generator) -> World:
        group = np.repeat(np.arange(groups), [most, *[10] * (groups - 1)])
        x, y = rng.standard_normal((2, groups))[:, group]
        return np.exp(y + 0.3 * rng.standard_normal(len(group))), x, group

    return draw


NULLS: dict[str, Draw] = {
    **{f"{flags} of {groups} groups": flagged(groups, flags) for groups in (6, 10, 20, 50, 200) for flags in (1, 2, 3)},
    "all but 1 of 20 groups": flagged(20, -1), "all but 2 of 20 groups": flagged(20, -2),
    **{f"{flags} of 20 groups, one of half of the rows": flagged(20, flags, 190) for flags in (1, 2, 3)},
    **{f"{flags} of 20 groups, heavy tails": flagged(20, flags, heavy=True) for flags in (1, 2, 3)},
    **{f"{flags} of 600 rows": rows(600, flags) for flags in (1, 2, 3)},
    "20 groups, one of half of the rows": spread(20, 190), "20 groups": spread(20, 10),
}  # fmt: skip
QUICK = ["1 of 20 groups", "2 of 20 groups", "3 of 200 groups", "all but 1 of 20 groups", "2 of 20 groups, one of half of the rows",
         "1 of 600 rows", "2 of 600 rows", "20 groups, one of half of the rows"]  # fmt: skip
CHOSEN = list(NULLS) if PROFILE == "thorough" else QUICK


def slope(world: World, seed: int) -> Estimate:
    norms, x, group = world
    return power_law(norms, np.exp(x), group=group, resamples=199, seed=seed, threads=1)


def correlation(world: World, seed: int) -> Estimate:
    norms, x, group = world
    return associate(norms, {"x": x}, group=group, resamples=199, seed=seed, threads=1)[0].raw


def given_noise(world: World, seed: int, control: str = "ranks") -> Estimate:
    norms, x, group = world
    noise = np.random.default_rng([seed, 4]).standard_normal(len(norms))
    found = associate(norms, {"x": x, "noise": noise}, group=group, resamples=199, seed=seed, threads=1, control=control, given="all")
    return found[0].controlled


def claims(name: str, estimate: Callable[[World, int], Estimate], sets: int = SETS) -> int:
    return sum(estimate(NULLS[name](np.random.default_rng([seed, 77])), seed).p_value <= 0.05 for seed in range(sets))


def most(sets: int = SETS) -> int:
    return int(stats.binom.isf(CHANCE, sets, 0.05))


@pytest.mark.parametrize("name", CHOSEN)
def test_exponents_of_nulls_are_claimed_no_more_often_than_they_may_be(name: str, rate: Rate) -> None:
    found = claims(name, slope)
    rate(found, SETS)
    assert found <= most()


@pytest.mark.parametrize("name", CHOSEN)
def test_correlations_of_nulls_are_claimed_no_more_often_than_they_may_be(name: str, rate: Rate) -> None:
    found = claims(name, correlation)
    rate(found, SETS)
    assert found <= most()


@pytest.mark.parametrize("name", CHOSEN if PROFILE == "thorough" else ["1 of 20 groups", "2 of 20 groups"])
def test_so_are_those_given_a_control(name: str, rate: Rate) -> None:
    found = claims(name, given_noise)
    rate(found, SETS)
    assert found <= most()


@pytest.mark.parametrize("name", CHOSEN if PROFILE == "thorough" else ["2 of 20 groups", "1 of 600 rows"])
def test_so_are_influences(name: str, rate: Rate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deviations, "MOST_WORK", 0)
    found = claims(name, correlation)
    rate(found, SETS)
    assert found <= most()


def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was: all clusters count alike, and one without which nothing is left changes nothing."""
    monkeypatch.setattr(Leverage, "tails", lambda self, _: Tails(float(np.count_nonzero(self.sizes)) - 1, 1.0))
    monkeypatch.setattr(Leverage, "alone", (False, False))
    whole: list[Any] = [0.0]

    def forgiving(covariance: Floats) -> Any:
        found = partial(covariance)
        if covariance.ndim == 2:
            whole[0] = found
        return np.where(np.isnan(found), whole[0], found)

    monkeypatch.setattr(deviations, "partial", forgiving)
    monkeypatch.setattr(deviations, "left", lambda covariance: (covariance, np.ones((*covariance.shape[:-2], 2), np.bool_)))


@pytest.mark.parametrize(("name", "estimate"), [
    ("1 of 200 groups", slope), ("2 of 200 groups", slope), ("all but 1 of 20 groups", slope), ("1 of 20 groups", correlation),
    ("1 of 600 rows", correlation),
])  # fmt: skip
def test_clusters_that_count_alike_would_claim_nulls(
    name: str, estimate: Callable[[World, int], Estimate], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken variant."""
    plain(monkeypatch)
    assert claims(name, estimate, 24) > most(24)


def test_what_one_group_or_row_holds_is_said() -> None:
    pytest.importorskip("sklearn", reason="needs scikit-learn")
    world = NULLS["1 of 20 groups"](np.random.default_rng(0))
    assert correlation(world, 0).reason == "the covariate differs in one group only"
    assert given_noise(world, 0).reason == "given the other columns, the covariate differs in one group only"
    assert given_noise(world, 0, "shapes").reason == "given the other columns, the covariate differs in one group only"
    assert slope(world, 0).reason == "not measured: the covariate differs in one group only"
    assert correlation((world[1] + 1, np.arange(200.0), world[2]), 0).reason == "the norm differs in one group only"
    alone = NULLS["1 of 600 rows"](np.random.default_rng(0))
    assert correlation(alone, 0).reason == "the covariate differs in one row only"
    assert all(np.isfinite(e.value) and np.isnan(e.low) for e in (correlation(world, 0), correlation(alone, 0)))
    noise = np.random.default_rng(1).standard_normal(200)
    shaped = power_law(world[0], np.exp(world[1]), {"noise": noise}, group=world[2])
    assert shaped.reason == "not measured: given the other columns, the covariate differs in one group only"


def test_where_clusters_weigh_alike_the_tails_are_nearly_students() -> None:
    """No power is lost where there is nothing to see: intervals as wide, but for the two numbers that are fitted and chance."""
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(50), 20)
    x, y = rng.standard_normal((2, 50))[:, group] + rng.standard_normal((2, 1000))
    for codes in (group, np.arange(1000)):
        residuals = np.stack([stats.rankdata(v) - 500.5 for v in (y, x)])
        count = int(codes[-1]) + 1
        found = Leverage.of_rows(residuals, codes, np.bincount(codes).astype(float)).tails("left out")
        wider = stats.t.isf(0.025, found.freedom) / np.sqrt(found.share) / stats.t.isf(0.025, count - 1)
        assert 1 <= wider < 1 + 3 / count  # each of two numbers takes 1 / (2 G) of the error, squares spread by 4 / 5 of that


def test_tails_are_those_of_the_variance_of_a_slope_with_normal_noise() -> None:
    """By the definition: least squares on an intercept and a flag on 3 of 12 rows, 20000 draws of normal noise."""
    rng, draws = np.random.default_rng(2), 20000
    x = (np.arange(12) < 3) - 0.25
    noise = rng.standard_normal((draws, 12))
    centred = noise - noise.mean(axis=1, keepdims=True)
    slopes = centred @ x / (x @ x)
    squares = np.sum((x * (centred - slopes[:, None] * x)) ** 2, axis=1) * 12 / 11 / (x @ x)
    leverage = Leverage(np.stack([x**2, x**2]), np.stack([x, x]), np.ones(12), (0.0, 0.0))
    found = leverage.tails("slope")
    assert abs(found.share - np.mean(squares)) < 4 * np.std(squares) / np.sqrt(draws)
    ratio = 2 * np.mean(squares) ** 2 / np.var(squares)
    assert abs(found.freedom / ratio - 1) < 4 * np.sqrt(2 * stats.kurtosis(squares) + 8) / np.sqrt(draws)
    assert found.freedom < 4  # not 10


def test_sums_over_clusters_are_those_of_the_whole_matrix() -> None:
    rng = np.random.default_rng(4)
    own, shared, pulls, gains = rng.random(9), rng.random((9, 2)), rng.random((9, 2)) / 9, 1 + rng.random(9)
    sums = np.diag([float(np.sum(own)), 1.0])
    w = np.diag(own) - pulls @ shared.T - shared @ pulls.T + pulls @ sums @ pulls.T
    w *= np.outer(gains, gains)
    found = Working(own, shared, pulls, sums, gains, 9).tails(np.zeros(9), np.zeros((9, 2)))
    assert found.freedom == pytest.approx(min(np.trace(w) ** 2 / np.trace(w @ w), 7), rel=1e-12)
    assert found.share == pytest.approx(min(np.trace(w) * 9 / 8 / np.sum(own), 1), rel=1e-12)
