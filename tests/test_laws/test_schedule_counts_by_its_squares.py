"""B9a: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.schedule_counts_by_its_squares import Scheduled
from tests import law_checks
from tests.strategies_momentum import scheduled
from theory.catalogue import catalogue
from theory.laws.dynamics.schedule_counts_by_its_squares import F, Q, S
from theory.notation import G, eta, z0

CLAIM = catalogue()["schedule-counts-by-its-squares"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "no-weight-decay", "constant-energy", "factors-up-to-one")
STILL_TRUE = {"RANGE": (2, "a range of a single factor, for which the law holds, too")}  # mutants that do no harm
BROKEN = {
    "the factor counts once": {"drive": eta**2 * F * G},
    "the learning rate counts once": {"drive": eta * F**2 * G},
    "the growth is halved": {"lower": z0 + eta**2 * G * S},
    "the growth is tripled": {"lower": z0 + 3 * eta**2 * G * S},
    "the start is missing": {"lower": 2 * eta**2 * G * S},
    "the excess is halved": {"excess": eta**4 * G**2 * Q / z0 / 2},
    "the excess is that of squares": {"excess": eta**4 * G**2 * S / z0},
    "the excess has the wrong sign": {"excess": -(eta**4) * G**2 * Q / z0},
    "the share is halved": {"relative": eta**2 * G / (4 * z0)},
    "the share is doubled": {"relative": eta**2 * G / z0},
}


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
