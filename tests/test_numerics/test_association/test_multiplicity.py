"""Adjusted p-values are those of SciPy and statsmodels, and keep the rate they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from numerics.association import benjamini_hochberg, holm
from numerics.association.multiplicity import unadjusted
from numerics.validation import InvalidInput

families = st.lists(st.floats(0, 1), min_size=1, max_size=20).map(np.array)
ROUNDING = 4 * 2.0**-52  # a product and a quotient on either side


@given(families)
def test_benjamini_and_hochberg_are_scipys(p: np.ndarray) -> None:
    np.testing.assert_allclose(benjamini_hochberg(p), stats.false_discovery_control(p), rtol=ROUNDING, atol=0)


@given(families)
def test_holm_rejects_what_the_step_down_rejects(p: np.ndarray) -> None:
    adjusted = holm(p)
    for level in (0.01, 0.05, 0.3):
        rejected = np.zeros(len(p), bool)
        for step, k in enumerate(np.argsort(p, kind="stable")):
            if p[k] * (len(p) - step) > level:
                break
            rejected[k] = True
        np.testing.assert_array_equal(adjusted <= level, rejected)


@pytest.mark.parametrize("tests", [1, 2, 7, 20])
def test_both_are_those_of_statsmodels(tests: int) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest", reason="statsmodels is only installed for peers")
    p = np.round(np.random.default_rng(tests).random(tests) ** 3, 2)
    np.testing.assert_allclose(holm(p), multitest.multipletests(p, method="holm")[1], rtol=ROUNDING)
    np.testing.assert_allclose(benjamini_hochberg(p), multitest.multipletests(p, method="fdr_bh")[1], rtol=ROUNDING, atol=2.0**-1000)


def test_tests_that_were_not_made_do_not_count() -> None:
    np.testing.assert_array_equal(holm([0.01, np.nan, 0.02]), [0.02, np.nan, 0.02])
    assert holm([]).shape == (0,)


def test_holm_keeps_the_rate_of_any_false_finding_and_no_correction_does_not() -> None:
    """10 nulls, dependent: 4000 families; an interval at error rate 1e-4."""
    rng = np.random.default_rng(0)
    z = 0.6 * rng.standard_normal((4000, 1)) + 0.8 * rng.standard_normal((4000, 10))
    families = 2 * stats.norm.sf(np.abs(z))
    highest = stats.binom.isf(1e-4, 4000, 0.05)
    assert sum(np.any(holm(p) <= 0.05) for p in families) <= highest
    assert sum(np.any(unadjusted(p) <= 0.05) for p in families) > highest
    assert sum(np.any(benjamini_hochberg(p) <= 0.05) for p in families) <= highest  # all nulls: the same rate


@pytest.mark.parametrize("wrong", [[0.5, 1.5], [-0.1], [[0.5]], ["a"]])
def test_what_is_no_p_value_is_refused(wrong: list[object]) -> None:
    with pytest.raises(InvalidInput, match="p_values"):
        holm(wrong)  # type: ignore[arg-type]
