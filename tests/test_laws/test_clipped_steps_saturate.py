"""B10b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.clipped_steps_saturate import STEPS
from derivations.evidence.rules import Rows
from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from tests.strategies_rules import driven
from theory.broken.dynamics.clipped_steps_saturate import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["clipped-steps-saturate"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "clipped", "constant-energy", "decay-in-range")
STILL_TRUE: dict[str, tuple[int, str]] = {}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(batches(), driven(STEPS))
def test_the_law_never_fails_in_any_setting(batch: Batch, rows: Rows) -> None:
    law_checks.assert_never_fails(CLAIM, [batch, rows])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
