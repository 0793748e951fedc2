"""A8c: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.broken.geometry.lengths_in_the_loss_show_in_the_gradient import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["lengths-in-the-loss-show-in-the-gradient"]
HYPOTHESES = ("vectors-not-normalised", "radius-is-free", "penalty-in-the-loss", "margin-sees-the-norm")
STILL_TRUE = {  # mutants that do no harm
    "_chord": (4, "directions, each times a constant"),
    "_sphere": (4, "points on a sphere of any radius"),
    "_POSITIVE": (1, "a narrower range of the penalty"),
}
F = CLAIM.formulas


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(batches())
def test_the_law_never_fails_in_any_setting(batch: Batch) -> None:
    law_checks.assert_never_fails(CLAIM, [batch])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
