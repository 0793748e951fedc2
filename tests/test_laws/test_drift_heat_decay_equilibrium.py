"""C0: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.imprint.drift_heat_decay_equilibrium import Drifting
from tests import law_checks
from tests.strategies_imprint import drifting
from theory.broken.imprint.drift_heat_decay_equilibrium import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["drift-heat-decay-equilibrium"]
HYPOTHESES = ("white-steps", "steady-heat", "decay-in-range")
MEAN = CLAIM.formulas["mean_next_squared_norm"]


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(drifting())
def test_the_law_never_fails_in_any_setting(group: Drifting) -> None:
    law_checks.assert_never_fails(CLAIM, [group])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
