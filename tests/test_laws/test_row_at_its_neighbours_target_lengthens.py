"""C8c: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from derivations.evidence.encoding import Encoding
from tests import law_checks
from tests.strategies_encoders import encodings
from theory.broken.imprint.row_at_its_neighbours_target_lengthens import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["row-at-its-neighbours-target-lengthens"]
HYPOTHESES = ("at-the-target", "attraction", "acute-inputs", "shared-linear-encoder")


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


def test_what_drives_away_is_below_0_where_the_sign_fails() -> None:
    """The values had been above 0, as the hypotheses ask."""
    found = {w.hypothesis: w.verdict.values for w in law_checks.proof(CLAIM.id).witnesses}
    assert float(found["attraction"]["a(1)"]) < 0 < float(found["attraction"]["K(1)"])
    assert float(found["acute-inputs"]["K(1)"]) < 0 < float(found["acute-inputs"]["a(1)"])


@given(encodings(layers=1))
def test_the_law_never_fails_in_any_setting(encoding: Encoding) -> None:
    law_checks.assert_never_fails(CLAIM, [replace(encoding, loss="cosine_regression")])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken, most=6)
