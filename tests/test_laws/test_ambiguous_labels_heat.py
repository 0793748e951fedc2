"""C4: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.imprint.ambiguous_labels_heat import Labels
from tests import law_checks
from tests.strategies_imprint import labels
from theory.broken.imprint.ambiguous_labels_heat import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["ambiguous-labels-heat"]
HYPOTHESES = ("labels-drawn-anew", "softmax-matches", "orthonormal")
STILL_TRUE = {"_unmatched": (1, "an even softmax does not match the labels either")}  # mutants that do no harm


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(labels())
def test_the_law_never_fails_in_any_setting(drawn: Labels) -> None:
    law_checks.assert_never_fails(CLAIM, [drawn])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
