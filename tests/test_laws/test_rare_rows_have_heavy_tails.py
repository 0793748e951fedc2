"""C6: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from derivations.evidence.imprint.rare_rows_have_heavy_tails import Rare
from tests import law_checks
from tests.strategies_imprint import rare
from theory.broken.imprint.rare_rows_have_heavy_tails import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["rare-rows-have-heavy-tails"]
HYPOTHESES = ("dense-decay", "scale-invariant", "independent-visits")
STILL_TRUE = {  # mutants that do no harm
    "_lazy": (1, "a norm that is gone at once does not shrink by the factor claimed either"),
    "_regular": (1, "nor is every gap longer than any"),
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=max(5, settings().max_examples // 5))  # each of them is a simulation of many replicates
@given(rare())
def test_the_law_never_fails_in_any_setting(drawn: Rare) -> None:
    law_checks.assert_never_fails(CLAIM, [drawn])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
