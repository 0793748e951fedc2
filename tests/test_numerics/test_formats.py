"""Emulated formats are those of NumPy and ml_dtypes, bit for bit, subnormal numbers and overflow included."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from numerics.arithmetic.formats import held
from numerics.validation import InvalidInput


@given(st.floats(allow_nan=False))
@example(65520.0)  # rounds to infinity in float16
@example(2.0**-25)  # a tie of float16 between 0 and its smallest number
@example(1 + 2.0**-9)  # a tie of bfloat16
def test_a_number_is_held_as_the_format_holds_it(x: float) -> None:
    kinds = {"float16": np.float16, "float32": np.float32, "bfloat16": pytest.importorskip("ml_dtypes", reason="needs ml_dtypes").bfloat16}
    with np.errstate(over="ignore"):
        for name, kind in kinds.items():
            if name == "bfloat16" and np.float64(np.float32(x)) != x:
                continue  # ml_dtypes goes by way of float32, and rounds twice
            assert held([x], name)[0] == np.float64(np.array([x]).astype(kind)[0]), name
    assert held([x], "float64")[0] == x


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(InvalidInput, match="name = 'float8'"):
        held([1.0], "float8")
