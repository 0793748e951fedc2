"""C3: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from derivations.evidence.imprint.specific_rows_are_short import Specific
from tests import law_checks
from tests.strategies_imprint import specific
from theory.broken.imprint.specific_rows_are_short import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["specific-rows-are-short"]
HYPOTHESES = ("von-mises-fisher", "linear-loss", "no-drift")
STILL_TRUE = {  # mutants that do no harm
    "steps": (1, "the loss with the opposite sign heats as much"),
    "_INSIDE": (2, "half of the range of a cosine"),
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=max(5, settings().max_examples // 5))  # each of them is a simulation of many replicates
@given(specific())
def test_the_law_never_fails_in_any_setting(drawn: Specific) -> None:
    law_checks.assert_never_fails(CLAIM, [drawn])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
