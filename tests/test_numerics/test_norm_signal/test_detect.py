"""The verdict on tables of which it is known what their norms are."""

from __future__ import annotations

from collections.abc import Callable

import ml_dtypes
import numpy as np
import pytest

from numerics.norm_signal import NormSignal, detect
from numerics.validation import InvalidInput

D = 64
ROWS = 5000
TYPES = {"float64": np.float64, "float32": np.float32, "float16": np.float16, "bfloat16": ml_dtypes.bfloat16}
RNG = np.random.default_rng(0)
GAUSSIAN = RNG.standard_normal((ROWS, D))
UNIT = GAUSSIAN / np.linalg.norm(GAUSSIAN, axis=1, keepdims=True)
TRAINED = UNIT * np.exp(0.3 * RNG.standard_normal((ROWS, 1)))


def look(table: np.ndarray, stored: str, known: bool = True) -> NormSignal:
    held = np.asarray(table).astype(TYPES[stored]).astype(np.float64)
    return detect(np.linalg.norm(held, axis=1), stored, D, entries=held[:40] if known else None, resamples=199)


def with_rows(rows: slice, values: np.ndarray) -> np.ndarray:
    table = TRAINED.copy()
    table[rows] = values
    return table


def layer_norm(table: np.ndarray, epsilon: float) -> np.ndarray:
    centred = table - np.mean(table, axis=1, keepdims=True)
    return centred / np.sqrt(np.var(table, axis=1, keepdims=True) + epsilon)


@pytest.mark.parametrize("stored", TYPES)
@pytest.mark.parametrize(
    ("table", "verdict"),
    [
        (TRAINED, "signal"),
        (UNIT, "none: normalised"),
        (8 * UNIT, "none: normalised to sqrt(64), as a last LayerNorm or RMSNorm without gain does"),
        (3 * UNIT, "none: constant at 3"),
        (GAUSSIAN * 0.02, "none: never trained: all norms are as normal random entries of 64 dimensions give them"),
        (UNIT * np.where(np.arange(ROWS) % 2, 1.0, 2.0)[:, None], "mixed: discrete: 100 % of rows have one of 2 norms"),
    ],
    ids=["trained", "normalised", "layer norm", "constant", "untrained", "two norms"],
)
def test_the_verdict_names_what_was_done(table: np.ndarray, verdict: str, stored: str) -> None:
    found = look(table, stored)
    assert found.verdict.replace("constant at 2.99999", "constant at 3") == verdict
    assert found.kind == verdict.split(":")[0]


def test_a_layer_norm_is_known_by_its_epsilon() -> None:
    for scale in (1.0, 0.1):  # of the variance 1e-5 and 1e-3
        found = look(layer_norm(scale * GAUSSIAN, 1e-5), "float32")
        assert found.verdict == "none: normalised to sqrt(64) but for the epsilon of a LayerNorm"
    assert look(layer_norm(0.003 * TRAINED * 8, 1e-5), "float32").kind == "signal"  # epsilon is part of the model


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("once", ["float16", "bfloat16"])
def test_rounding_to_a_coarser_precision_is_seen_in_a_finer_file(once: str, known: bool) -> None:
    found = look(UNIT.astype(TYPES[once]).astype(np.float64), "float32", known)
    assert found.kind == "none"
    assert found.floor_of == once or not known
    assert found.verdict.startswith("none: at the floor of ")
    assert found.variation <= found.floors[found.floor_of or ""]
    assert ("could tell" in found.verdict) != known


def test_a_small_signal_above_the_floor_of_its_numbers_is_one() -> None:
    slight = UNIT * (1 + 1e-4 * RNG.standard_normal((ROWS, 1)))
    assert look(slight, "float32").verdict == "signal"
    assert look(slight, "float16").verdict == "none: normalised"
    assert look(slight, "float32", known=False).floor_of == "float16"  # nothing but the entries could tell


def test_what_is_constant_but_for_some_rows_is_mixed() -> None:
    table = UNIT.copy()
    table[[3, 70]] *= [[5.0], [1e-3]]
    found = look(table, "float16")
    assert found.verdict == "mixed: normalised, but for 2 rows"
    assert {one.row for one in found.outliers.named} == {3, 70}
    part = look(with_rows(slice(0, 2000), UNIT[:2000]), "float32")
    assert part.verdict == "mixed: 40 % of rows have one norm, to rounding"
    assert abs(part.at_floor - 0.4) < 1e-3


def test_rows_that_were_never_trained_are_found_among_others() -> None:
    for decay in (0.9, 0.2, 1e-6):
        found = look(with_rows(slice(0, 500), GAUSSIAN[:500] / 8 * decay * 0.2), "float32")
        assert found.verdict.startswith("mixed: 5"), decay
        (group,) = found.untrained
        assert abs(group.rows - 500) <= 5
        assert group.small
        assert group.entries == "normal"
        assert abs(group.scale / (0.2 * decay) - 1) <= 5 * 1.2533 / np.sqrt(2 * D * 500)  # a median, at 5 standard errors


def test_uniform_entries_are_known_from_normal_ones() -> None:
    found = look(RNG.uniform(-0.1, 0.1, (ROWS, D)), "float32")
    assert found.untrained[0].entries == "uniform"
    assert found.kind == "none"


@pytest.mark.parametrize("spread", [0.022, 0.2])
def test_a_small_group_of_another_spread_was_trained(spread: float) -> None:
    """Random rows spread by 0.088 here."""
    group = UNIT[:1000] * np.exp(spread * RNG.standard_normal((1000, 1))) * 0.05
    assert look(with_rows(slice(0, 1000), group), "float32").untrained == ()


def test_exactly_equal_norms_are_named() -> None:
    found = look(with_rows(slice(100, 140), TRAINED[100]), "float16")
    assert found.verdict == "signal, with 40 rows of exactly equal norms"
    (group,) = found.equal
    assert (group.rows, group.first) == (40, 100)
    assert group.norm == pytest.approx(float(np.linalg.norm(TRAINED[100])), rel=2.0**-10)


def test_more_copies_than_other_rows_leave_no_whole_signal() -> None:
    copies = with_rows(slice(0, 1 + ROWS // 2), TRAINED[np.arange(1 + ROWS // 2) // 8])
    found = look(copies, "float64")
    assert found.kind == "mixed"
    assert "have exactly equal norms" in found.verdict


def test_rows_far_from_the_others_are_named_without_ending_the_signal() -> None:
    table = TRAINED.copy()
    table[[5, 8]] *= [[1000.0], [1e-4]]
    found = look(table, "float64")
    assert found.verdict == "signal, with 2 rows far from the rest"
    assert [one.row for one in found.outliers.named] in ([5, 8], [8, 5])
    assert (found.outliers.low, found.outliers.high) == (1, 1)
    assert abs(found.robust_variation / 0.3 - 1) <= 5 * 1.1664 / np.sqrt(ROWS)


def test_numbers_are_those_of_the_norms() -> None:
    norms = np.linalg.norm(TRAINED, axis=1)
    holes = norms.copy()
    holes[:9] = np.nan
    found = detect(holes, "float64", D, resamples=199)
    assert (found.rows, found.excluded) == (ROWS - 9, 9)
    assert (found.smallest, found.largest, found.median) == (norms[9:].min(), norms[9:].max(), np.median(norms[9:]))
    assert found.distinct == len(np.unique(norms[9:]))
    assert found.variation == pytest.approx(np.std(norms[9:]) / np.mean(norms[9:]), rel=ROWS * 2.0**-52)
    assert found.variation_low < found.variation < found.variation_high


def test_the_same_norms_and_seed_give_the_same_finding() -> None:
    norms = np.linalg.norm(TRAINED, axis=1)
    assert detect(norms, "float32", D, resamples=199) == detect(norms, "float32", D, resamples=199)
    assert detect(norms, "float32", D, resamples=199, seed=1) != detect(norms, "float32", D, resamples=199)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"norms": [1.0, 0.0]}, r"norms\[1\] = 0 must be positive"),
        ({"norms": [np.inf, 1.0]}, r"norms\[0\] = inf"),
        ({"norms": [np.nan, 1.0]}, "norms has 1 rows that are not NaN"),
        ({"norms": [[1.0]]}, r"norms has shape \(1, 1\)"),
        ({"precision": "int4"}, "precision = 'int4' must be one of float64"),
        ({"dimension": 0}, "dimension = 0"),
        ({"entries": np.ones((2, 3))}, r"entries has shape \(2, 3\), must have shape \(rows, 64\)"),
        ({"entries": np.full((2, 64), np.nan)}, "entries must be finite"),
        ({"level": 0.1}, "level = 0.1"),
        ({"resamples": 5}, "resamples = 5"),
        ({"seed": -1}, "seed = -1"),
    ],
)
def test_wrong_arguments_are_named(change: dict[str, object], message: str) -> None:
    call: Callable[..., NormSignal] = detect
    with pytest.raises(InvalidInput, match=message):
        call(**{"norms": [1.0, 2.0, 3.0], "precision": "float32", "dimension": D, **change})


def test_norms_as_small_as_the_spacing_of_their_numbers_are_at_the_floor() -> None:
    found = look(UNIT * 3e-7 * (1 + 0.1 * RNG.standard_normal((ROWS, 1))), "float16")
    assert found.kind == "none"
    assert found.floors["float16"] > 0.5


def test_two_rows_are_looked_at_and_decide_nothing_but_that_they_are_constant() -> None:
    found = detect([1.0, 2.0], "float32", D)
    assert found.kind == "undecided"
    assert np.isnan(found.variation_low)
    assert detect([1.0, 2.0, 4.0, 8.0, 16.0, 32.0], "float32", D).kind == "signal"
    assert detect([1.0, 2.0, 4.0, 8.0, 16.0, 32.0], "float32", D, level=0.99).kind == "undecided"
    assert detect([1.0, 1.0], "float32", D).verdict == "none: normalised"
