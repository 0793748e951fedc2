"""B13d: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.nearest_rounding_stops_at_a_plateau import Even
from tests import law_checks
from tests.strategies_noise import evens
from theory.broken.dynamics.nearest_rounding_stops_at_a_plateau import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["nearest-rounding-stops-at-a-plateau"]
HYPOTHESES = ("nearest", "even", "decay-in-range")
STILL_TRUE = {  # mutants that do no harm
    "_plateau": (3, "weaker inequalities, beside the tie at the plateau"),
    "steps": (1, "more than half a gap, beside the tie at half a gap"),
    "RANGES": (2, "narrower ranges of what a step is rounded to"),
    "stands": (1, "a norm still further above the plateau"),
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(evens())
def test_the_law_never_fails_in_any_setting(setting: Even) -> None:
    law_checks.assert_never_fails(CLAIM, [setting])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
