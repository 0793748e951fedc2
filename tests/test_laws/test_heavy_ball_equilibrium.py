"""B8d: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from derivations.evidence.equilibria import Long
from tests import law_checks
from tests.strategies_momentum import long_runs
from theory.broken.dynamics.heavy_ball_equilibrium import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["heavy-ball-equilibrium"]
HYPOTHESES = ("scale-invariant", "update-rule", "white", "constant-energy", "decay-in-range")


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=8)
@given(long_runs("heavy_ball"))
def test_the_law_never_fails_in_any_setting(long: Long) -> None:
    law_checks.assert_never_fails(CLAIM, [long])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
