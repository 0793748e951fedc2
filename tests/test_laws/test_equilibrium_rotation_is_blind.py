"""B7: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.decay_equilibrium import Decaying
from tests import law_checks
from tests.strategies import decaying
from theory.broken.dynamics.equilibrium_rotation_is_blind import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["equilibrium-rotation-is-blind"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "at-equilibrium", "decay-in-range")
STILL_TRUE = {"IN_PRODUCT": (1, "another name for the variable that tends to 0")}  # mutants that do no harm


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(decaying())
def test_the_law_never_fails_in_any_setting(group: Decaying) -> None:
    law_checks.assert_never_fails(CLAIM, [group])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
