"""B12d: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.dynamics.lion_equilibrium_by_arcsines import Signs
from tests import law_checks
from tests.strategies_noise import signs
from theory.catalogue import catalogue
from theory.laws.dynamics.lion_equilibrium_by_arcsines import DIM, FAR, NEAR, RHO, Q, T, V
from theory.notation import eta

CLAIM = catalogue()["lion-equilibrium-by-arcsines"]
HYPOTHESES = ("white", "gaussian", "symmetric", "at-equilibrium")
BROKEN = {
    "momentum does not settle": {"momentum_variance": FAR / FAR},
    "the variance without the new gradient": {"variance": NEAR**2 * V},
    "the covariance of momentum alone": {"lag_one": NEAR**2 * FAR * V},
    "correlations that last": {"lag_ratio": FAR / FAR},
    "the linearised law": {"sign_correlation": RHO},
    "an arcsine without its factor": {"sign_correlation": sp.asin(RHO)},
    "an overlap of the wrong sign": {"overlap": eta * DIM * T},
    "an equilibrium without memory": {"equilibrium": eta**2 * DIM / (1 - Q**2)},
    "memory counted once": {"equilibrium": eta**2 * DIM * (1 + Q * T) / (1 - Q**2)},
    "relaxation as fast as SGD's": {"relaxation": Q**4},
    "relaxation of the norm itself": {"relaxation": Q},
    "a rotation without memory": {"cos_rotation": Q},
    "a rotation of the wrong sign": {"cos_rotation": Q - T * (1 - Q**2) / (1 + 2 * Q * T)},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(signs())
def test_the_law_never_fails_in_any_setting(setting: Signs) -> None:
    law_checks.assert_never_fails(CLAIM, [setting])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken, most=2)
