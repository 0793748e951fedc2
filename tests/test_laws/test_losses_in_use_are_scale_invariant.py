"""A7: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.broken.geometry.losses_in_use_are_scale_invariant import BROKEN
from theory.catalogue import catalogue
from theory.losses.in_use import IN_USE

CLAIM = catalogue()["losses-in-use-are-scale-invariant"]
HYPOTHESES = ("cosine-logits", "scalars-ignore-norms", "differentiable")


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


def test_where_there_is_no_kink_the_control_sees_a_broken_formula() -> None:
    law_checks.assert_control_sees(CLAIM, "differentiable", {"radial_gradient": sp.Rational(1, 1000)})


def test_the_losses_are_those_of_the_notes_and_each_answers_every_question() -> None:
    assert [loss.name for loss in IN_USE] == [
        "infonce", "infonce_learned_temperature", "nt_xent", "clip", "supcon", "cosface", "arcface", "cosine_triplet", "circle",
        "siglip", "angle", "cosine_regression", "alignment", "uniformity",
    ]  # fmt: skip
    for loss in IN_USE:
        assert len(loss.arguments) >= 2
        assert loss.slopes
        assert loss.total is not None
        assert loss.scale_invariant
