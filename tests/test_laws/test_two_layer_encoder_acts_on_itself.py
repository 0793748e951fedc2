"""C8b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from derivations.evidence.encoding import Encoding, ordinary
from numerics.encoders.shared import tangent_kernel
from tests import law_checks
from tests.strategies_encoders import encodings
from theory.broken.imprint.two_layer_encoder_acts_on_itself import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["two-layer-encoder-acts-on-itself"]
HYPOTHESES = ("scale-invariant", "homogeneous-activation", "plain-gradient-flow")
STILL_TRUE = {"_two_units": (1, "three hidden units instead of two")}  # mutants that do no harm


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(encodings(layers=2))
def test_the_law_never_fails_in_any_setting(encoding: Encoding) -> None:
    law_checks.assert_never_fails(CLAIM, [encoding])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken, most=6)


def test_the_item_lengthens_itself_or_shortens_itself() -> None:
    own = []
    for seed in range(4):
        e = ordinary(seed, 2)
        own.append(-np.einsum("ia,iaib,ib->i", e.slopes.outputs, tangent_kernel(e.weights, e.inputs), e.slopes.output_gradients))
    assert np.min(own) < -1e-3 < 1e-3 < np.max(own)
