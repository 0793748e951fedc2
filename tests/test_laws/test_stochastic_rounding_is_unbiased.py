"""B13b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.stochastic_rounding_is_unbiased import Between
from tests import law_checks
from tests.strategies_noise import betweens
from theory.broken.dynamics.stochastic_rounding_is_unbiased import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["stochastic-rounding-is-unbiased"]
HYPOTHESES = ("stochastic", "within-spacing")


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(betweens())
def test_the_law_never_fails_in_any_setting(setting: Between) -> None:
    law_checks.assert_never_fails(CLAIM, [setting])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
