"""D3: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.calibration.stored_unit_rows_keep_their_norm_within_a_rounding import DIMENSIONS, STORED, Rows, levels, one_way
from numerics.arithmetic.formats import held
from tests import law_checks
from tests.strategies import seeds
from theory.broken.calibration.stored_unit_rows_keep_their_norm_within_a_rounding import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["stored-unit-rows-keep-their-norm-within-a-rounding"]
HYPOTHESES = ("unit-before", "relative-roundings")
STILL_TRUE = {  # mutants that do no harm
    "_longer": (1, "a row of squared norm 5 has not norm 1 either"),
    "_RANGES": (3, "a part of the roundings: the law holds of it, too"),
}
stored_rows = st.builds(Rows, st.sampled_from(STORED), st.integers(*DIMENSIONS), seeds)


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(stored_rows)
def test_the_law_never_fails_in_any_setting(rows: Rows) -> None:
    law_checks.assert_never_fails(CLAIM, [rows])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


def test_rows_that_round_one_way_do() -> None:
    for stored in STORED:
        unit = Rows(stored, 1, 0).unit
        for way in (1, -1):
            row = one_way(stored, way)
            assert abs(np.sum(row**2) - 1) <= 2 * 4.0 ** -levels(stored)
            assert np.all((held(row, stored) / row - 1) * way > unit / (1 + unit) - unit * 2.0**-11)
