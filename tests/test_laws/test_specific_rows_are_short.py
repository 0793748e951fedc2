"""C3: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings

from derivations.evidence.imprint.specific_rows_are_short import Specific
from tests import law_checks
from tests.strategies_imprint import specific
from theory.catalogue import catalogue
from theory.laws.imprint.specific_rows_are_short import DECAY, KAPPA, A, D, S, T
from theory.notation import eta, tau

CLAIM = catalogue()["specific-rows-are-short"]
HYPOTHESES = ("von-mises-fisher", "linear-loss", "no-drift")
STILL_TRUE = {  # mutants that do no harm
    "steps": (1, "the loss with the opposite sign heats as much"),
    "_INSIDE": (2, "half of the range of a cosine"),
}
BROKEN = {
    "all directions count": {"dispersion": D * A / KAPPA},
    "dispersion has no dimension": {"dispersion": A / KAPPA},
    "dispersion is that of the cosine": {"dispersion": 1 - A**2},
    "the slope is not halved": {"slope_pair": -((T - S) ** 2) * (T + S)},
    "dispersion rises": {"slope_pair": (T - S) ** 2 * (T + S) / 2},
    "the image is as likely": {"with_image": sp.S.Zero},
    "the image does not count": {"with_image": -((T - S) ** 2) * (T + S) / 2},
    "the image has the density of one": {"with_image": -((T - S) ** 2) * (T + S) * (1 - sp.exp(-KAPPA * (T + S))) / 2},
    "heat is that of the cosine": {"sample_heat": (1 - T) / tau**2},
    "the temperature counts once": {"sample_heat": (1 - T**2) / tau},
    "the equilibrium is doubled": {"equilibrium": eta * (D - 1) * A / (DECAY * KAPPA * tau**2)},
    "the equilibrium forgets concentration": {"equilibrium": eta * (D - 1) * A / (2 * DECAY * tau**2)},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=max(5, settings().max_examples // 5))  # each of them is a simulation of many replicates
@given(specific())
def test_the_law_never_fails_in_any_setting(drawn: Specific) -> None:
    law_checks.assert_never_fails(CLAIM, [drawn])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
