"""Rounding never moves a norm beyond its floor, and can come near it; the emulated rounding is the hardware's."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from numerics.norm_signal import coarsest_precision, floor, rounding_variation
from numerics.norm_signal.floors import PRECISIONS, candidates, rounded
from numerics.validation import InvalidInput

TYPES = {"float64": np.float64, "float32": np.float32, "float16": np.float16, "bfloat16": ml_dtypes.bfloat16}
precisions = st.sampled_from(list(TYPES))


def rows(seed: int, dimension: int, sparse: bool) -> np.ndarray:
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal((40, dimension)) * (10.0 ** rng.uniform(-6, 0, (40, dimension)) if sparse else 1.0)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@given(st.integers(0, 2**32 - 1), st.integers(1, 300), st.booleans(), precisions, st.sampled_from([1e-5, 1e-3, 1.0, 20.0]))
@example(0, 300, False, "float16", 1e-5)
@example(0, 1, False, "float16", 1e-3)
def test_storing_rows_of_one_length_keeps_norms_within_the_floor(seed: int, dimension: int, sparse: bool, name: str, length: float) -> None:
    stored = (length * rows(seed, dimension, sparse)).astype(TYPES[name]).astype(np.float64)
    norms = np.linalg.norm(stored, axis=1)
    assert np.all(np.abs(norms / length - 1) <= floor(name, dimension, length))


@given(st.integers(0, 2**32 - 1), st.integers(1, 300), st.sampled_from(["float32", "float16", "bfloat16"]))
def test_normalising_in_the_precision_keeps_norms_within_the_floor(seed: int, dimension: int, name: str) -> None:
    """As frameworks do: the sum of squares in float32, the norm and the quotients rounded to the precision."""
    kind = TYPES[name]
    drawn = np.random.default_rng(seed).standard_normal((40, dimension)).astype(kind)
    squares = np.zeros(40, np.float32)
    for column in drawn.T.astype(np.float32):
        squares += column * column
    length = np.sqrt(squares).astype(kind)
    norms = np.linalg.norm((drawn / length[:, None]).astype(kind).astype(np.float64), axis=1)
    assert np.all(np.abs(norms - 1) <= floor(name, dimension, 1.0))


def test_a_floor_of_one_rounding_or_of_half_of_it_is_broken_by_some_row() -> None:
    """In one dimension the norm is the entry: storing errs by a roundoff, normalising in the precision by nearly two."""
    for name in ("float16", "bfloat16"):
        unit = PRECISIONS[name].roundoff
        lengths = np.linspace(1.0, 2.0, 4001)
        stored = lengths.astype(TYPES[name]).astype(np.float64)
        assert np.max(np.abs(stored / lengths - 1)) > unit / 2
        drawn = np.random.default_rng(0).standard_normal((4000, 2)).astype(TYPES[name])
        length = np.linalg.norm(drawn.astype(np.float32), axis=1).astype(TYPES[name])
        quotients = (drawn / length[:, None]).astype(TYPES[name]).astype(np.float64)
        assert unit < np.max(np.abs(np.linalg.norm(quotients, axis=1) - 1)) <= floor(name, 2, 1.0)


@given(st.floats(allow_nan=False, allow_infinity=False, width=64), st.sampled_from(["float32", "float16", "bfloat16"]))
@example(2.0**-25, "float16")
@example(65520.0, "float16")
@example(3 * 2.0**-26, "float16")
@example(2.0**-134 * 3, "bfloat16")
def test_rounding_is_that_of_the_types(value: float, name: str) -> None:
    through = np.array([value], np.float64)
    if name == "bfloat16":  # ml_dtypes goes through float32: rounds twice where that is not exact
        with np.errstate(over="ignore"):
            through = through.astype(np.float32).astype(np.float64)
        if not np.all(np.isfinite(through)):
            return
    with np.errstate(over="ignore", under="ignore"):
        expected = through.astype(TYPES[name]).astype(np.float64)
    np.testing.assert_array_equal(rounded(through, name), expected)


@given(st.integers(0, 2**32 - 1), precisions)
def test_the_coarsest_precision_of_stored_numbers_is_found(seed: int, name: str) -> None:
    stored = np.random.default_rng(seed).standard_normal((8, 16)).astype(TYPES[name]).astype(np.float64)
    assert coarsest_precision(stored) == name


@pytest.mark.parametrize("name", ["float32", "float16", "bfloat16"])  # of float64 the rows themselves are not of one length
def test_the_expected_variation_is_that_of_stored_rows(name: str) -> None:
    """A standard deviation of 6000 rows of nearly normal errors: within 5 / sqrt(2 n), and uniform errors to 1 % above 40 dimensions."""
    exact = np.concatenate([rows(seed, 64, False) for seed in range(150)])
    norms = np.linalg.norm(exact.astype(TYPES[name]).astype(np.float64), axis=1)
    found = float(np.std(norms) / np.mean(norms))
    assert abs(found / rounding_variation(exact, name) - 1) <= 5 / np.sqrt(2 * len(exact)) + 0.01
    assert found <= floor(name, 64, 1.0)


def test_no_precision_finer_than_the_file_and_none_coarser_than_its_numbers_comes_into_question() -> None:
    assert candidates("float32") == ("float32", "float16", "bfloat16")
    assert candidates("float16") == ("float16",)
    assert candidates("bfloat16") == ("bfloat16",)
    assert candidates("float64", "float32") == ("float64", "float32")
    assert candidates("float32", "bfloat16") == ("float32", "bfloat16")
    assert candidates("float32", "float16") == ("float32", "float16")


@pytest.mark.parametrize(("name", "message"), [("int4", "precision = 'int4'"), (16, "precision = 16")])
def test_other_precisions_are_refused(name: object, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        floor(name, 8, 1.0)  # type: ignore[arg-type]


def test_entries_that_are_not_finite_are_refused() -> None:
    with pytest.raises(InvalidInput, match="finite"):
        coarsest_precision([[np.nan]])
