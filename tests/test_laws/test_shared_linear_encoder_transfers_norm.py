"""C8a: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.encoding import Encoding, ordinary, slopes_along_step
from tests import law_checks
from tests.strategies_encoders import encodings
from theory.broken.imprint.shared_linear_encoder_transfers_norm import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["shared-linear-encoder-transfers-norm"]
HYPOTHESES = ("scale-invariant", "linear-encoder", "continuous-time", "no-weight-decay")
STILL_TRUE = {"_finite": (1, "a finite step with no other item fails as well")}  # mutants that do no harm


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(encodings(layers=1))
def test_the_law_never_fails_in_any_setting(encoding: Encoding) -> None:
    law_checks.assert_never_fails(CLAIM, [encoding])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken, most=6)


def test_norms_move_both_ways_at_once() -> None:
    found, bound, _ = slopes_along_step(ordinary(law_checks.SEED, 1))
    assert min(found) < -max(bound) < max(bound) < max(found)
