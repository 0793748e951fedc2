"""Each test of the detector speaks up on tables with a signal and nothing else at its stated rate, and finds what it is for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from numerics.norm_signal import untrained as untrained_module
from numerics.norm_signal.entry_laws import LAWS, EntryLaw, UniformEntries
from numerics.norm_signal.floors import PRECISIONS, floor, rounded
from numerics.norm_signal.levels import densest, equal_norms, is_spike, levels
from numerics.norm_signal.outliers import outliers
from numerics.norm_signal.records import ERROR_RATE
from numerics.norm_signal.untrained import looks_random, untrained
from numerics.norm_signal.variation import variation
from tests.conftest import PROFILE

SETS = 1000 if PROFILE == "thorough" else 200
CHANCE = 1e-3  # of a test here to fail by the draw of its seeds
Draw = Callable[[np.random.Generator, int], np.ndarray]

ONE_MODE: dict[str, Draw] = {
    "lognormal": lambda rng, rows: np.exp(0.3 * rng.standard_normal(rows)),
    "wide": lambda rng, rows: np.exp(2 * rng.standard_normal(rows)),
    "gamma": lambda rng, rows: rng.gamma(3, 1, rows),
    "power tail": lambda rng, rows: 1 + rng.pareto(1.5, rows),
    "uniform": lambda rng, rows: rng.uniform(0.1, 3, rows),
    "sharp": lambda rng, rows: np.exp(0.1 * rng.laplace(size=rows)),
}


def most(rate: float) -> int:
    return int(stats.binom.isf(CHANCE, SETS, rate))


def drawn(name: str, rows: int) -> list[np.ndarray]:
    return [np.sort(ONE_MODE[name](np.random.default_rng([seed, 11]), rows)) for seed in range(SETS)]


@pytest.mark.parametrize("name", ONE_MODE)
def test_norms_with_one_mode_have_no_untrained_part_no_levels_no_spike(name: str) -> None:
    size = floor("float16", 64, 1.0)
    tables = drawn(name, 1500)
    assert sum(bool([g for g in untrained(t, 64, size) if not g.everything]) for t in tables) <= most(ERROR_RATE)
    assert sum(bool(levels(t, size)) for t in tables) <= most(ERROR_RATE)
    assert sum(is_spike(t, *densest(t, size)) for t in tables) <= most(ERROR_RATE)


@pytest.mark.parametrize(("name", "dimension"), [("float16", 4), ("bfloat16", 4), ("bfloat16", 64), ("float32", 64)])
def test_norms_of_rounded_rows_meet_by_chance_only(name: str, dimension: int) -> None:
    """With the lattice forgotten, chance meetings in low precision are called more than chance."""
    alarms = {"right": 0, "forgotten": 0}
    lattice = 2 * PRECISIONS[name].roundoff ** 2 / dimension + 2.0**-52
    for seed in range(SETS):
        rng = np.random.default_rng([seed, 12])
        rows = rng.standard_normal((600, dimension)) * np.exp(0.3 * rng.standard_normal((600, 1)))
        stored = rounded(rows, name)
        norms = np.sqrt(np.sum(stored**2, axis=1))
        order = np.argsort(norms)
        alarms["right"] += bool(equal_norms(order, norms[order], lattice)[0])
        alarms["forgotten"] += bool(equal_norms(order, norms[order], 2.0**-52)[0])
    assert alarms["right"] <= most(ERROR_RATE)
    assert name != "bfloat16" or dimension > 4 or alarms["forgotten"] > most(ERROR_RATE)


@pytest.mark.parametrize("rows", [30, 1000])
def test_lognormal_norms_have_outliers_at_the_stated_rate_at_most(rows: int) -> None:
    tables = [np.sort(np.exp(np.random.default_rng([seed, 13]).standard_normal(rows))) for seed in range(SETS)]
    order = np.arange(rows)
    assert sum(bool(outliers(order, t, 1e-6).count) for t in tables) <= most(ERROR_RATE)
    three_sigma = sum(np.any(np.abs(np.log(t)) > 3) for t in tables)
    assert rows < 1000 or three_sigma > most(ERROR_RATE)


@pytest.mark.parametrize("law", LAWS, ids=[law.name for law in LAWS])
@pytest.mark.parametrize("dimension", [16, 64, 384])
def test_random_rows_look_random(law: EntryLaw, dimension: int) -> None:
    tables = []
    for seed in range(SETS // 4):
        rng = np.random.default_rng([seed, 14])
        shape = (400, dimension)
        entries = rng.standard_normal(shape) if law.name == "normal" else rng.uniform(-1, 1, shape)
        tables.append(np.sort(np.log(np.linalg.norm(entries, axis=1))))
    missed = sum(not looks_random(t, dimension, law) for t in tables)
    assert missed <= int(stats.binom.isf(CHANCE, len(tables), ERROR_RATE))


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_norms_of_another_spread_do_not_look_random(factor: float) -> None:
    law = LAWS[0]
    tables = [np.sort(factor * law.spread(64) * np.random.default_rng([seed, 15]).standard_normal(300)) for seed in range(SETS)]
    assert sum(looks_random(t, 64, law) for t in tables) <= most(ERROR_RATE)
    assert not looks_random(np.zeros(5), 64, law)  # too few to tell


def test_the_quantiles_of_uniform_rows_are_within_their_error() -> None:
    """Against 40,000 drawn rows: a share's binomial interval, and the error stated."""
    law, share = UniformEntries(), np.array([0.005, 0.25, 0.5, 0.75, 0.995])
    for dimension in (16, 128):
        rng = np.random.default_rng(16)
        logs = np.log(np.sqrt(3 * np.mean(rng.uniform(-1, 1, (40000, dimension)) ** 2, axis=1)))
        below = np.array([np.mean(logs <= q) for q in law.log_quantiles(share, dimension)])
        assert np.all(np.abs(below - share) <= stats.norm.isf(CHANCE / 10) * np.sqrt(share * (1 - share) / 40000) + law.error(dimension))


def test_valleys_without_a_correction_for_where_one_looked_are_found_in_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    valleys = untrained_module._valleys
    shapeless = [np.sort(np.random.default_rng([seed, 17]).uniform(0.1, 10, 1500)) for seed in range(SETS)]
    width = 2 * LAWS[0].spread(64)

    def parted(uncorrected: bool) -> int:
        if uncorrected:
            monkeypatch.setattr(untrained_module, "_valleys", lambda counts, _: valleys(counts, 0.05))
        return sum(len(untrained_module._apart(np.log(t), width)) > 1 for t in shapeless)

    assert parted(False) <= most(ERROR_RATE)
    assert parted(True) > most(ERROR_RATE)


@pytest.mark.parametrize("name", ["lognormal", "gamma", "uniform"])
def test_the_interval_of_the_variation_covers_it(name: str) -> None:
    truth = {"lognormal": np.sqrt(np.expm1(0.09)), "gamma": 1 / np.sqrt(3), "uniform": 2.9 / np.sqrt(12) / 1.55}[name]
    found = [variation(t, 399, seed, 0.95) for seed, t in enumerate(drawn(name, 500))]
    covered = sum(low <= truth <= high for _, low, high in found)
    assert stats.binom.ppf(CHANCE / 2, SETS, 0.95) <= covered <= stats.binom.isf(CHANCE / 2, SETS, 0.95)
