"""C7: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings

from derivations.evidence.imprint.norm_estimates_dispersion import Table
from tests import law_checks
from tests.strategies_imprint import tables
from theory.catalogue import catalogue
from theory.laws.imprint.drift_heat_decay_equilibrium import P
from theory.laws.imprint.norm_estimates_dispersion import VARIATION
from theory.notation import eta, n, r, r0, tau

CLAIM = catalogue()["norm-estimates-dispersion"]
HYPOTHESES = ("no-weight-decay", "visits-counted", "linear-loss")
BROKEN = {
    "the start is forgotten": {"estimate": (r**4 + r0**4) * tau**2 / (2 * eta**2 * n)},
    "the temperature counts once": {"estimate": (r**4 - r0**4) * tau / (2 * eta**2 * n)},
    "the estimate is doubled": {"estimate": (r**4 - r0**4) * tau**2 / (eta**2 * n)},
    "the estimate is of the square": {"estimate": (r**2 - r0**2) * tau**2 / (2 * eta**2 * n)},
    "the estimate has no excess": {"excess_bound": sp.S.Zero},
    "the excess falls short": {"excess_bound": -1 / n},
    "the noise floor is halved": {"noise_floor": sp.sqrt(2 * P) * VARIATION / 8},
    "the noise floor is of first order": {"noise_floor": P * VARIATION / 4},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=max(5, settings().max_examples // 5))  # each of them is a simulation of many replicates
@given(tables())
def test_the_law_never_fails_in_any_setting(drawn: Table) -> None:
    law_checks.assert_never_fails(CLAIM, [drawn])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
