"""B12h: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.sign_steps_need_symmetric_noise import PRODUCTS
from derivations.evidence.noise import Noise
from tests import law_checks
from tests.strategies_noise import noises
from theory.catalogue import catalogue
from theory.laws.dynamics.sign_steps_need_symmetric_noise import BIAS, DIM, SHARE, START, STEPS, A
from theory.notation import eta, lam

CLAIM = catalogue()["sign-steps-need-symmetric-noise"]
HYPOTHESES = ("no-radial-part", "symmetric", "decay-in-range")
BROKEN = {
    "the decay acts once": {"next_squared_norm": (1 - eta * lam) * A + eta**2 * DIM},
    "growth of first order": {"next_squared_norm": (1 - eta * lam) ** 2 * A + eta * DIM},
    "growth of a unit step": {"next_squared_norm": (1 - eta * lam) ** 2 * A + eta**2},
    "the equilibrium is doubled": {"equilibrium": 2 * eta * DIM / (lam * (2 - eta * lam))},
    "the equilibrium of small decay": {"equilibrium": eta * DIM / (2 * lam)},
    "relaxation as fast as SGD's": {"relaxation": (1 - eta * lam) ** 4},
    "relaxation of the norm itself": {"relaxation": 1 - eta * lam},
    "a rotation twice as wide": {"cos_rotation": 1 - 2 * eta * lam},
    "a bias for even noise": {"bias": SHARE},
    "the bias is turned round": {"bias": 1 - 2 * SHARE},
    "no march": {"marched": START + eta**2 * DIM * STEPS},
    "a march by the bias itself": {"marched": START + eta**2 * DIM * (STEPS + STEPS * (STEPS - 1) * BIAS)},
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
