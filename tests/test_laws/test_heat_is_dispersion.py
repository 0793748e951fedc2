"""C2: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.imprint.heat_is_dispersion import Positives
from tests import law_checks
from tests.strategies_imprint import positives
from theory.catalogue import catalogue
from theory.laws.imprint.heat_is_dispersion import MEAN, SIZE, SPREAD

CLAIM = catalogue()["heat-is-dispersion"]
HYPOTHESES = ("independent-draws", "mean-over-batch", "stationary-direction")
BROKEN = {
    "the mean does not count": {"heat": SPREAD},
    "the covariance does not count": {"heat": MEAN},
    "the covariance counts twice": {"heat": MEAN + 2 * SPREAD},
    "the batch averages the mean, too": {"batch_heat": (MEAN + SPREAD) / SIZE},
    "the batch averages nothing": {"batch_heat": MEAN + SPREAD},
    "the batch averages twice": {"batch_heat": MEAN + SPREAD / SIZE**2},
    "the batch averages by the root": {"stationary_heat": SPREAD / sp.sqrt(SIZE)},
    "nothing is left": {"stationary_heat": SPREAD / SIZE - SPREAD},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(positives())
def test_the_law_never_fails_in_any_setting(drawn: Positives) -> None:
    law_checks.assert_never_fails(CLAIM, [drawn])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
