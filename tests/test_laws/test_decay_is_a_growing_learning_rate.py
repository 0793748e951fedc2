"""B11b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.broken.dynamics.decay_is_a_growing_learning_rate import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["decay-is-a-growing-learning-rate"]
HYPOTHESES = ("scale-invariant", "no-momentum", "decay-in-range")
STILL_TRUE = {  # mutants that do no harm
    "_overshoot": (1, "with q = -1 it matters only whether k is odd"),
    "_rotation": (1, "a pull of the other sign, of which only the square counts"),
}


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
    law_checks.assert_caught(CLAIM, broken, most=8)
