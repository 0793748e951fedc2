"""C12: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.encoding import Encoding, ordinary
from derivations.evidence.imprint.shared_encoder_moves_norm_at_first_order import encoder_changes, lookup_changes
from tests import law_checks
from tests.strategies_encoders import encodings
from theory.broken.imprint.shared_encoder_moves_norm_at_first_order import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["shared-encoder-moves-norm-at-first-order"]
HYPOTHESES = ("scale-invariant", "shared-encoder", "plain-step")
STILL_TRUE = {  # mutants that do no harm
    "shared_sum": (1, "zero over the kernel instead of times it"),
    "leading": (4, "the limit for orders that are no whole numbers, which the law has not"),
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(st.one_of(encodings(layers=1), encodings(layers=2)))
def test_the_law_never_fails_in_any_setting(encoding: Encoding) -> None:
    law_checks.assert_never_fails(CLAIM, [encoding])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken, most=6)


def test_a_shared_step_shortens_some_and_a_row_never() -> None:
    e = ordinary(law_checks.SEED, 1)
    assert encoder_changes(e).values.min() < 0 < encoder_changes(e).values.max()
    assert lookup_changes(e).values.min() > 0
