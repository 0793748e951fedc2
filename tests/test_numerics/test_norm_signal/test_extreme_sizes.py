"""What the detector says of a table does not depend on its unit, however large or small, and no warning leaks."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from numerics.norm_signal import detect
from numerics.validation import InvalidInput
from tests.test_numerics.test_norm_signal.test_detect import TRAINED, UNIT, D

LEVELLED = UNIT * np.repeat([1.0, 2.0], [2500, 2500])[:, None]


def look(table, power, known=True):
    norms = np.ldexp(np.linalg.norm(table, axis=1), power)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return detect(norms, "float64", D, entries=np.ldexp(table[:40], power) if known else None, resamples=199)


@pytest.mark.parametrize("power", [-900, -664, -532, -400, -200, 200, 400, 532, 664, 900])
@pytest.mark.parametrize("known", [True, False])
def test_a_power_of_two_changes_nothing_but_the_unit(power, known):
    usual, extreme = look(TRAINED, 0, known), look(TRAINED, power, known)
    assert (extreme.kind, extreme.verdict) == (usual.kind, usual.verdict)
    assert extreme.variation == pytest.approx(usual.variation, rel=1e-12)
    for name in ("mean", "median", "smallest", "largest"):
        assert np.ldexp(getattr(extreme, name), -power) == pytest.approx(getattr(usual, name), rel=1e-12)


@pytest.mark.parametrize("power", [-664, 664])
def test_constant_norms_are_constant_and_levels_in_their_unit(power):
    assert look(UNIT, power).kind == "none"
    found = look(LEVELLED, power)
    assert [np.ldexp(one.norm, -power) for one in sorted(found.levels, key=lambda one: one.norm)] == pytest.approx([1, 2], rel=1e-12)


def test_norms_that_no_arithmetic_holds_together_are_refused_in_one_line():
    norms = np.where(np.arange(40) % 2, 1e-200, 1e200)
    with pytest.raises(InvalidInput, match=r"norms range from 1e-200 to 1e\+200, must be within a factor"):
        detect(norms, "float64", D)
