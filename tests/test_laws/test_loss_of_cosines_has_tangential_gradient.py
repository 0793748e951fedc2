"""A5: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.broken.geometry.loss_of_cosines_has_tangential_gradient import BROKEN
from theory.catalogue import catalogue
from theory.notation import u
from theory.vectors import Norm

CLAIM = catalogue()["loss-of-cosines-has-tangential-gradient"]
HYPOTHESES = ("scale-invariant", "differentiable")
STILL_TRUE = {"kinked_gradient": (1, "the projection subtracts nothing at a right angle")}  # mutants that do no harm


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
    law_checks.assert_control_sees(CLAIM, "differentiable", {"prefactor": Norm(u) ** -2})
