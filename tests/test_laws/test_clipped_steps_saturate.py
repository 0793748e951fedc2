"""B10b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.dynamics.clipped_steps_saturate import STEPS
from derivations.evidence.rules import Rows
from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from tests.strategies_rules import driven
from theory.catalogue import catalogue
from theory.laws.dynamics.clipped_steps_saturate import C, K
from theory.notation import G, eta, lam, r, r0

CLAIM = catalogue()["clipped-steps-saturate"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "clipped", "constant-energy", "decay-in-range")
STILL_TRUE: dict[str, tuple[int, str]] = {}
BROKEN = {
    "the decay acts once": {"decay_factor": 1 - eta * lam},
    "hot growth is that of the norm": {"hot_growth": eta * C},
    "hot growth knows the norm": {"hot_growth": eta**2 * C**2 / r**2},
    "cold growth is normalised": {"cold_growth": eta**2 * G},
    "the crossover is that of the square": {"crossover": G / C**2},
    "the crossover is where energy meets threshold": {"crossover": sp.sqrt(G)},
    "a hot run grows by the threshold": {"hot_run": r0**2 + eta**2 * C * K},
    "the crossover forgets the start": {"crossover_step": G / (eta**2 * C**4)},
    "the crossover is twice as late": {"crossover_step": 2 * (G / C**2 - r0**2) / (eta**2 * C**2)},
    "the hot equilibrium is that for small decay": {"hot_equilibrium": C**2 * eta / (2 * lam)},
    "the cold equilibrium is that for small decay": {"cold_equilibrium": eta * G / (2 * lam)},
    "hot rows relax as under SGD": {"hot_relaxation": 2 * (1 - eta * lam) ** 2 - 1},
    "cold rows relax as hot ones": {"cold_relaxation": (1 - eta * lam) ** 2},
    "cold rows relax by the fourth power of the decay": {"cold_relaxation": (1 - eta * lam) ** 4},
    "the rotation is twice as wide": {"cos_rotation": 1 - 2 * eta * lam},
    "the critical energy is doubled": {"critical_energy": 2 * C**4 * eta / (lam * (2 - eta * lam))},
    "saturation lacks a factor": {"saturation": C * sp.sqrt(eta / lam)},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(batches(), driven(STEPS))
def test_the_law_never_fails_in_any_setting(batch: Batch, rows: Rows) -> None:
    law_checks.assert_never_fails(CLAIM, [batch, rows])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
