"""B1: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.broken.dynamics.gradient_flow_conserves_norm import BROKEN
from theory.catalogue import catalogue
from theory.notation import eta

CLAIM = catalogue()["gradient-flow-conserves-norm"]
HYPOTHESES = ("scale-invariant", "continuous-time", "no-weight-decay")


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
    law_checks.assert_caught(CLAIM, broken, most=3)


def test_what_is_concluded_is_about_the_flow_and_no_learning_rate_is_in_it() -> None:
    assert [goal.left.has(eta) or goal.right.has(eta) for goal in CLAIM.conclusions()] == [False]


def test_without_decay_the_limit_of_steps_is_resolved_and_sees_a_rate_that_is_not_zero() -> None:
    law_checks.assert_control_sees(CLAIM, "no-weight-decay", {"rate": sp.Rational(1, 100)})
