"""A6: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.broken.geometry.infonce_gradient_is_projected_residual import BROKEN
from theory.catalogue import catalogue
from theory.kernel import AtLeast, Equal

CLAIM = catalogue()["infonce-gradient-is-projected-residual"]
HYPOTHESES = ("cosine-logits", "fixed-temperature")


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


def test_where_the_bound_is_attained_is_said_in_every_line_of_it() -> None:
    goals = [step.goal for step in CLAIM.steps(CLAIM.formulas)[-3:]]  # as likely as the positive; attained; and not 0
    assert [type(goal) for goal in goals] == [Equal, Equal, AtLeast]
    assert all(r"n=1" in goal.name and r"\hat v_1 = -\hat v_+" in goal.name for goal in goals)
    assert "p_+ = 1/2" in goals[1].name
