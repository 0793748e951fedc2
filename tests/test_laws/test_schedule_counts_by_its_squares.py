"""B9a: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.schedule_counts_by_its_squares import Scheduled
from tests import law_checks
from tests.strategies_momentum import scheduled
from theory.broken.dynamics.schedule_counts_by_its_squares import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["schedule-counts-by-its-squares"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "no-weight-decay", "constant-energy", "factors-up-to-one")
STILL_TRUE = {"RANGE": (2, "a range of a single factor, for which the law holds, too")}  # mutants that do no harm


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(scheduled())
def test_the_law_never_fails_in_any_setting(group: Scheduled) -> None:
    law_checks.assert_never_fails(CLAIM, [group])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
