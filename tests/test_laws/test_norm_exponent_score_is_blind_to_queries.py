"""D2: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.calibration.norm_exponent_score_is_blind_to_queries import DIMENSIONS, EXPONENTS, FACTORS, Index
from tests import law_checks
from tests.strategies import seeds
from theory.broken.calibration.norm_exponent_score_is_blind_to_queries import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["norm-exponent-score-is-blind-to-queries"]
HYPOTHESES = ("positive-scale", "query-normalised", "positive-cosines")
indices = st.builds(Index, st.integers(*DIMENSIONS), st.floats(*EXPONENTS), st.floats(*FACTORS), seeds)


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(indices)
def test_the_law_never_fails_in_any_setting(index: Index) -> None:
    law_checks.assert_never_fails(CLAIM, [index])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
