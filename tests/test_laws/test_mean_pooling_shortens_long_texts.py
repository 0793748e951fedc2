"""C9: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.imprint.mean_pooling_shortens_long_texts import DIMENSIONS, LENGTHS, LONG, WORDS, Vocabulary
from tests import law_checks
from tests.strategies import norms, seeds
from theory.broken.imprint.mean_pooling_shortens_long_texts import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["mean-pooling-shortens-long-texts"]
HYPOTHESES = ("independent-tokens", "one-distribution", "mean-pooling")
STILL_TRUE = {"steps": (1, "a mean of the opposite sign is as long")}  # mutants that do no harm
vocabularies = st.builds(
    Vocabulary, st.integers(*WORDS), st.integers(*DIMENSIONS), norms, norms, st.integers(*LENGTHS), st.integers(*LONG), seeds
)


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(vocabularies)
def test_the_law_never_fails_in_any_setting(vocabulary: Vocabulary) -> None:
    law_checks.assert_never_fails(CLAIM, [vocabulary])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken, most=6)
