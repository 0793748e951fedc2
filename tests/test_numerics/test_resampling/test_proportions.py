"""The interval of a probability is SciPy's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from numerics.resampling.proportions import binomial_interval


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.9, 0.95, 0.999]))
def test_the_interval_is_scipys(successes: int, failures: int, level: float) -> None:
    found = binomial_interval(successes, successes + failures, level)
    if successes + failures == 0:
        assert found == (0.0, 1.0)
        return
    expected = stats.binomtest(successes, successes + failures).proportion_ci(level, "exact")
    np.testing.assert_allclose(found, (expected.low, expected.high), rtol=2.0**-40, atol=4e-12)  # SciPy stops its search at 2e-12
