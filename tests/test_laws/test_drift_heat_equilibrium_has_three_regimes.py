"""C0b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.imprint.drift_heat_equilibrium_has_three_regimes import Regime
from tests import law_checks
from tests.strategies_imprint import regimes
from theory.catalogue import catalogue
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, LEADING, ROOT, V_STAR
from theory.laws.imprint.drift_heat_equilibrium_has_three_regimes import SIZE

CLAIM = catalogue()["drift-heat-equilibrium-has-three-regimes"]
HYPOTHESES = ("small-decay", "drift-shortens")
STILL_TRUE = {"ALONG": (1, "drifts from 1 on: what is claimed from 0 on holds there")}  # mutants that do no harm
BROKEN = {
    "the stable form cancels": {"stable_form": V_STAR**2 / (ROOT + D_STAR)},
    "the stable form is halved": {"stable_form": V_STAR**2 / (2 * (ROOT - D_STAR))},
    "heat alone counts twice": {"without_drift": V_STAR**2},
    "heat alone has the wrong exponent": {"without_drift": V_STAR / 2 + V_STAR**4},
    "drift lengthens by twice the heat": {"drift_lengthens": D_STAR + V_STAR**2 / D_STAR},
    "drift lengthens without heat": {"drift_lengthens": D_STAR},
    "drift shortens by half": {"drift_shortens": V_STAR**2 / SIZE},
    "the remainder is a hundredth": {"remainder": V_STAR**4 / (400 * SIZE**3)},
    "the slope lacks a factor": {"drift_slope": 2 * LEADING / ROOT},
    "heat shortens": {"heat_slope": -1 / (2 * ROOT)},
    "nothing cancels": {"cancellation": sp.S.One},
    "cancellation is of first order": {"cancellation": (ROOT - D_STAR) / (2 * V_STAR)},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(regimes())
def test_the_law_never_fails_in_any_setting(drawn: Regime) -> None:
    law_checks.assert_never_fails(CLAIM, [drawn])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
