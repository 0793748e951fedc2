"""B8e: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from derivations.evidence.equilibria import Long
from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from tests.strategies_momentum import long_runs
from theory.broken.dynamics.nesterov_turns_more import BROKEN
from theory.catalogue import catalogue
from theory.laws.dynamics.nesterov_turns_more import FORMULAS
from theory.momentum import BETA
from theory.notation import G, eta, lam

CLAIM = catalogue()["nesterov-turns-more"]
HYPOTHESES = ("scale-invariant", "update-rule", "white", "constant-energy", "decay-in-range")


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=6)
@given(batches(), long_runs("nesterov"))
def test_the_law_never_fails_in_any_setting(batch: Batch, long: Long) -> None:
    law_checks.assert_never_fails(CLAIM, [batch, long])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


def test_at_half_momentum_the_squared_rotation_is_larger_by_three_quarters() -> None:
    assert FORMULAS["excess"].subs(BETA, 0.5) == 1.75
    assert FORMULAS["decoupled_limit"] == eta * G / (2 * lam * (1 - BETA) ** 2)
