"""B12f: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from derivations.evidence.dynamics.l2_in_adam_is_not_decoupled_decay import SHARES
from derivations.evidence.noise import Noise
from tests import law_checks
from tests.strategies_noise import noises
from theory.catalogue import catalogue
from theory.laws.dynamics.adam_norm_grows_by_dimension import DIM
from theory.laws.dynamics.l2_in_adam_is_not_decoupled_decay import ROOT, SHARE, A
from theory.notation import G, eta, lam

CLAIM = catalogue()["l2-in-adam-is-not-decoupled-decay"]
HYPOTHESES = ("scale-invariant", "coupled", "even")
STILL_TRUE = {"_RANGE": (1, "a narrower range of decay")}  # mutants that do no harm
BROKEN = {
    "v does not know the norm": {"second_moment": G / DIM},
    "v is that of the whole": {"second_moment": G / A + lam**2 * A},
    "decay as in AdamW": {"next_squared_norm": (1 - eta * lam) ** 2 * A + eta**2 * G / (A * ROOT**2)},
    "heat as of SGD": {"next_squared_norm": (1 - eta * lam / ROOT) ** 2 * A + eta**2 * G / A},
    "twice the scale": {"root_at_equilibrium": 4 * lam * A / (eta * DIM)},
    "the energy of half the decay": {"energy_at_equilibrium": lam**2 * A**2 * (2 * A / (eta**2 * DIM) - 1)},
    "the energy of SGD": {"energy_at_equilibrium": lam * A**2 / eta},
    "decay takes twice the share": {"share": eta**2 * DIM / A},
    "relaxation as fast as SGD's": {"relaxation": 1 - 4 * SHARE + SHARE**2},
    "relaxation as slow as AdamW's": {"relaxation": (1 - SHARE) ** 2},
    "a rotation twice as wide": {"cos_rotation": 1 - 2 * SHARE},
    "the fourth power of SGD": {"sixth_power": (eta * G / (2 * lam)) ** 1.5},
    "blind as AdamW": {"sixth_power": (eta * DIM / (2 * lam)) ** 3},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(noises(SHARES))
def test_the_law_never_fails_in_any_setting(noise: Noise) -> None:
    law_checks.assert_never_fails(CLAIM, [replace(noise, momentum=0.0)])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken, most=3)
