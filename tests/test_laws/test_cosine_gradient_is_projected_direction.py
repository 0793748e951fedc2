"""A4: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import Placed, batches
from theory.broken.geometry.cosine_gradient_is_projected_direction import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["cosine-gradient-is-projected-direction"]
HYPOTHESES = ("nonzero-embedding", "nonzero-target")


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


_ONE, _ALONG = np.ones(1), np.array([[2.0, 3.0]])
# its computed cosine with itself is 1 + 2^-52: the evidence once took sqrt(1 - cos^2) of that, a NaN
EXACTLY_ALONG = Placed(2, 1, _ONE, _ONE, np.linalg.norm(_ALONG, axis=1), 0, _ALONG, _ALONG[None])


@example(EXACTLY_ALONG)
@given(batches())
def test_the_law_never_fails_in_any_setting(batch: Batch) -> None:
    law_checks.assert_never_fails(CLAIM, [batch])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


@pytest.mark.parametrize("hypothesis", ["nonzero-embedding", "nonzero-target"])
@pytest.mark.parametrize("broken", ["the norm is missing", "the gradient points the other way"])
def test_away_from_zero_the_controls_of_the_witnesses_see_a_broken_formula(hypothesis: str, broken: str) -> None:
    law_checks.assert_control_sees(CLAIM, hypothesis, BROKEN[broken])
