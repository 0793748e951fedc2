"""Which sets of controls a claim of usefulness is checked against, and that none is left out in silence."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from numerics.calibration.neighbours import Alike, checks_of


@pytest.mark.parametrize("controls", [1, 2, 3, 8, 9, 12])
def test_each_control_each_pair_three_ways_of_28_at_most_and_all_together(controls: int) -> None:
    found = checks_of(np.random.default_rng(0).standard_normal((50, controls)))
    pairs = list(combinations(range(controls), 2))
    looked_at = pairs[:28]
    expected = {Alike((j,)) for j in range(controls)}
    expected |= {way for a, b in looked_at for way in (Alike((a, b)), Alike((b, a)), Alike((a, b), near=True))}
    expected |= {Alike(tuple(range(controls)), near=True)} if controls > 2 else set()
    assert len(found.sets) == len(expected)
    assert set(found.sets) == expected
    assert found.left_out == len(pairs) - len(looked_at)


def test_a_control_that_does_not_vary_is_none() -> None:
    table = np.random.default_rng(1).standard_normal((50, 4))
    table[:, 1] = 3.0
    found = checks_of(table)
    assert {way.columns for way in found.sets} == {(0,), (2,), (3,), (0, 2), (2, 0), (0, 3), (3, 0), (2, 3), (3, 2), (0, 2, 3)}
    assert checks_of(table[:, 1:2]).sets == ()
