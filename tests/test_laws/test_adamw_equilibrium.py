"""B12c: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.dynamics.adamw_equilibrium import PRODUCTS
from derivations.evidence.noise import Noise
from tests import law_checks
from tests.strategies_noise import noises
from theory.catalogue import catalogue
from theory.laws.dynamics.adam_norm_grows_by_dimension import BETA, DIM
from theory.laws.dynamics.adamw_equilibrium import P
from theory.notation import eta, lam

CLAIM = catalogue()["adamw-equilibrium"]
HYPOTHESES = ("white", "settled-scale", "at-equilibrium", "decay-in-range")
BROKEN = {
    "the form for small decay, everywhere": {"equilibrium": eta**2 * DIM / (2 * P)},
    "the equilibrium without momentum": {"equilibrium": eta**2 * DIM / (P * (2 - P))},
    "the equilibrium of the heat alone": {"equilibrium": eta**2 * DIM * (1 - BETA) / ((1 + BETA) * P * (2 - P))},
    "small decay, without the half": {"small_equilibrium": eta * DIM / lam},
    "small decay, heavy ball's factor": {"small_equilibrium": eta * DIM / (2 * lam * (1 - BETA) ** 2)},
    "SGD's rotation": {"cos_rotation": 1 - P},
    "the rotation's momentum upside down": {"cos_rotation": 1 - P * (1 + (1 - P) * BETA) / (1 - BETA)},
    "small rotation of SGD": {"small_rotation": sp.sqrt(2 * P)},
    "small rotation without the root of 2": {"small_rotation": sp.sqrt(P * (1 - BETA) / (1 + BETA))},
    "it relaxes as SGD does": {"relaxation": (1 - P) ** 4},
    "it relaxes half as fast": {"relaxation": 1 - P},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(noises(PRODUCTS))
def test_the_law_never_fails_in_any_setting(noise: Noise) -> None:
    law_checks.assert_never_fails(CLAIM, [noise])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
