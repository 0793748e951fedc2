"""B12i: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.dynamics.rmsprop_starts_fast_and_is_blind import BETAS, PRODUCTS, settings_of
from derivations.evidence.noise import Noise
from tests import law_checks
from tests.strategies_noise import noises
from theory.catalogue import catalogue
from theory.laws.dynamics.rmsprop_starts_fast_and_is_blind import BETA, DIM, LEFT, SQUARE, A, H, V, W
from theory.notation import eta, lam

CLAIM = catalogue()["rmsprop-starts-fast-and-is-blind"]
HYPOTHESES = ("symmetric", "steady-squares", "settled", "no-epsilon", "in-range")
STILL_TRUE = {"_scales": (1, "the limit beta -> 1 from the other side")}  # mutants that do no harm
BROKEN = {
    "what is old counts, not what is new": {"share": BETA * V / W / (1 - BETA)},
    "the new square over the old mean": {"share": (W / V - BETA) / (1 - BETA)},
    "the root is taken of the cap": {"cap": 1 / sp.sqrt(1 - BETA)},
    "the first step is as under Adam": {"cap": sp.S.One},
    "the mean is corrected": {"second_moment": SQUARE},
    "the mean forgets twice as fast": {"second_moment": SQUARE * (1 - LEFT**2)},
    "no start": {"heat": DIM},
    "the start in steps, not squares": {"heat": DIM / sp.sqrt(1 - LEFT)},
    "the long run without a memory": {"long_run": -DIM * sp.log(BETA)},
    "the long run below steady gradients": {"long_run": -DIM * BETA * sp.log(BETA) / (1 - BETA)},
    "decay acts on the length once": {"next_squared_norm": (1 - eta * lam) * A + eta**2 * H},
    "heat of first order": {"next_squared_norm": (1 - eta * lam) ** 2 * A + eta * H},
    "growth of energy 1": {"growth": eta**2},
    "growth of first order": {"growth": eta * DIM},
    "twice the equilibrium": {"equilibrium": 2 * eta * DIM / (lam * (2 - eta * lam))},
    "AdamW's rotation with momentum": {"cos_rotation": 1 - eta * lam / 2},
    "it relaxes half as fast": {"relaxation": 1 - eta * lam},
    "it relaxes as SGD's squared norm does": {"relaxation": (1 - eta * lam) ** 4},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(noises(PRODUCTS), st.floats(*BETAS))
def test_the_law_never_fails_in_any_setting(noise: Noise, beta: float) -> None:
    law_checks.assert_never_fails(CLAIM, settings_of([noise], [beta]))


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken, most=2)
