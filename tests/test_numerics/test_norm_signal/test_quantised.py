"""Entries that are multiples of a step are known as such, seldom by chance, and norms that were equal stay within the floor."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
from scipy import stats

from numerics.norm_signal import NormSignal, detect
from numerics.norm_signal import quantised as module
from numerics.norm_signal.floors import PRECISIONS, coarsest_precision
from numerics.norm_signal.quantised import codes, quantised
from numerics.norm_signal.records import ERROR_RATE, Quantised
from numerics.norm_signal.words import steps
from tests.conftest import PROFILE

SETS = 1000 if PROFILE == "thorough" else 200
CHANCE = 1e-3
TYPES = {"float32": np.float32, "float16": np.float16, "bfloat16": ml_dtypes.bfloat16}
Table = np.ndarray


def rows(seed: int, count: int, dimension: int, spread: float = 0.0) -> Table:
    rng = np.random.default_rng([seed, 21])
    drawn = rng.standard_normal((count, dimension)) * np.exp(0.5 * rng.standard_normal(dimension))
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True) * np.exp(spread * rng.standard_normal((count, 1)))


def steps_of(table: Table, scale: str, most: int = 127) -> tuple[Table, Table]:
    """Step and offset: symmetric for all or for each row; from least to greatest for each dimension."""
    if scale == "dimension":
        return np.ptp(table, axis=0) / (2 * most + 1), np.min(table, axis=0)
    sizes = np.max(np.abs(table), axis=1, keepdims=True)
    return (np.max(sizes) if scale == "all" else sizes) / most, np.zeros(1)


def rounded_to_steps(table: Table, scale: str, most: int = 127, kept: str = "float32") -> Table:
    """As a library undoes it: the multiple times the scale, in float32, then stored."""
    step, offset = (x.astype(np.float32) for x in steps_of(table, scale, most))
    return np.asarray((np.rint((table - offset) / step).astype(np.float32) * step + offset).astype(TYPES[kept]), np.float64)


def look(table: Table, kept: str = "float32") -> NormSignal:
    return detect(np.linalg.norm(table, axis=1), kept, table.shape[1], entries=table[:512], resamples=199)


def seen(table: Table) -> Quantised | None:
    return quantised(table[:512], PRECISIONS[coarsest_precision(table)].roundoff, len(table))


@pytest.mark.parametrize("scale", ["all", "row", "dimension"])
@pytest.mark.parametrize(("dimension", "kept"), [(32, "float32"), (384, "float32"), (96, "float16"), (768, "bfloat16")])
def test_multiples_of_a_step_are_known_and_their_number(scale: str, dimension: int, kept: str) -> None:
    if scale == "dimension" and kept != "float32":
        pytest.skip("steps that do not begin at 0 are lost in the rounding of short formats")
    found = seen(rounded_to_steps(rows(1, 800, dimension), scale, kept=kept))
    assert found is not None
    assert found.scale == scale
    most = 255 if scale == "dimension" else 127
    assert most * (0.5 if scale == "all" else 1 - 2 * 4 * PRECISIONS[kept].roundoff) <= found.steps <= most


@pytest.mark.parametrize("most", [1, 7])
def test_fewer_steps_are_known_as_well(most: int) -> None:
    table = np.sign(rows(1, 300, 64)) * 0.125 if most == 1 else rounded_to_steps(rows(1, 300, 64), "row", most)
    found = seen(table)
    assert found is not None
    assert found.steps == most


DRAWS = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "uniform": lambda rng, shape: rng.uniform(-1, 1, shape),
    "sharp": lambda rng, shape: rng.standard_normal(shape) ** 3,
    "positive": lambda rng, shape: np.maximum(rng.standard_normal(shape), 0) + np.eye(*shape),
}


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize(("kept", "dimension"), [("float32", 2), ("float16", 4), ("bfloat16", 4), ("bfloat16", 48)])
def test_entries_of_no_step_are_seldom_taken_for_multiples(draw: str, kept: str, dimension: int) -> None:
    found = 0
    for seed in range(SETS // 4):
        table = DRAWS[draw](np.random.default_rng([seed, 22]), (24, dimension)).astype(TYPES[kept]).astype(np.float64)
        found += seen(table) is not None
    assert found <= int(stats.binom.isf(CHANCE, SETS // 4, ERROR_RATE))


def test_without_counting_chance_short_rows_are_taken_for_multiples(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = np.abs(rows(3, 24, 2).astype(ml_dtypes.bfloat16).astype(np.float64))
    tops = np.max(sizes, axis=1)
    assert not np.any(module._multiples(sizes, tops, 4 * 2.0**-8, 2 * 2.0**-8))
    monkeypatch.setattr(module, "ERROR_RATE", 1e300)
    assert np.any(module._multiples(sizes, tops, 4 * 2.0**-8, 2 * 2.0**-8))


@pytest.mark.parametrize("scale", ["all", "row", "dimension"])
def test_norms_that_were_equal_vary_by_less_than_the_floor_and_by_more_than_an_eighth_of_it(scale: str) -> None:
    """Errors uniform within a step have a standard deviation of 0.58 of the proxy, which is that of the row with the greatest step."""
    for seed in range(20):
        table = rounded_to_steps(rows(seed, 600, 96), scale)
        norms, found = np.linalg.norm(table, axis=1), seen(table)
        assert found is not None
        assert found.floor / 8 < np.std(norms) / np.mean(norms) <= found.floor


def test_the_verdict_says_what_quantisation_left() -> None:
    words = look(rounded_to_steps(rows(1, 800, 96), "row")).verdict
    assert words.startswith("none: at the floor of quantisation (normalised); entries are multiples, up to 127, of a step of each row")
    kept = look(rounded_to_steps(rows(1, 800, 96, 0.3), "row"))
    assert kept.verdict.startswith("signal; entries are multiples, up to 127, of a step of each row (quantised): lengths are kept to 0.")
    assert kept.floors["quantised"] < 0.01
    assert look(np.sign(rows(1, 300, 64)) / 8).verdict.startswith("none: normalised; entries are binary or ternary")
    assert look(rows(1, 300, 64, 0.3).astype(np.float32).astype(float)).quantised is None


def test_equal_norms_of_whole_multiples_meet_by_chance() -> None:
    table = rounded_to_steps(rows(1, 4000, 16, 0.3), "all")
    found = look(table)
    assert found.equal == ()
    assert found.distinct < len(table)  # some do meet


def of_codes(table: Table) -> NormSignal:
    return detect(np.linalg.norm(table, axis=1), "int8", table.shape[1], entries=table[:512], resamples=199)


def test_codes_are_lengths_only_under_one_scale() -> None:
    table = rows(1, 800, 96, 0.3)
    for scale in ("all", "row"):
        step, _ = steps_of(table, scale)
        found = of_codes(np.rint(table / step))
        assert found.quantised is not None
        assert found.quantised.codes
        assert found.quantised.scaled == (scale == "row")
        assert found.verdict.startswith("signal; entries are int8 codes" if scale == "all" else "none: each row was scaled by its own")
    equal = rows(1, 800, 96)
    assert of_codes(np.rint(equal / steps_of(equal, "all")[0])).verdict.startswith("none: at the floor of quantisation (constant at ")


def test_rows_cut_off_at_the_end_of_a_common_scale_are_not_taken_for_scaled_ones() -> None:
    cut = np.rint(rows(1, 800, 400, 0.3) * 127 * 12).clip(-127, 127)
    assert np.all(np.max(np.abs(cut), axis=1) == 127)
    assert not codes(cut, 800).scaled


def test_zeros_and_constant_dimensions_say_nothing() -> None:
    assert quantised(np.zeros((5, 4)), 2.0**-24, 5) is None
    table = rows(1, 300, 32).astype(np.float32).astype(float)
    table[:, 5:] = 0
    table[:, 7] = 0.25
    assert seen(table) is None


@pytest.mark.parametrize(("floor", "said"), [(1.0, "a step is no small part of a norm"), (0.2, "kept to 20 %"), (0.0123, "kept to 1.23 %")])
def test_how_far_lengths_are_kept_is_said_in_plain_numbers(floor, said):
    assert said in steps(Quantised("all", 3, floor, 0.5, codes=False, scaled=False))
