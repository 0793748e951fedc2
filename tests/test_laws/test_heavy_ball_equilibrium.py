"""B8d: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from derivations.evidence.equilibria import Long
from tests import law_checks
from tests.strategies_momentum import long_runs
from theory.catalogue import catalogue
from theory.laws.dynamics.heavy_ball_equilibrium import FORMULAS
from theory.momentum import BETA
from theory.notation import G, eta, lam

CLAIM = catalogue()["heavy-ball-equilibrium"]
HYPOTHESES = ("scale-invariant", "update-rule", "white", "constant-energy", "decay-in-range")
BROKEN = {
    "decoupled decay leaves the norm of SGD": {"decoupled_fourth": eta * G / (lam * (2 - eta * lam))},
    "decoupled decay leaves the norm of coupled decay": {"decoupled_fourth": FORMULAS["coupled_fourth"]},
    "coupled decay leaves the norm of decoupled decay": {"coupled_fourth": FORMULAS["decoupled_fourth"]},
    "the momentum is ahead, decoupled": {"decoupled_cross": -FORMULAS["decoupled_cross"]},
    "the momentum is ahead, coupled": {"coupled_cross": lam / (1 + BETA)},
    "the momentum is twice as large, decoupled": {"decoupled_momentum": 2 * FORMULAS["decoupled_momentum"]},
    "the momentum lacks a factor, coupled": {"coupled_momentum": 2 * lam / eta},
    "the rotation is SGD's, decoupled": {"decoupled_cosine": 1 - eta * lam},
    "the rotation is SGD's, coupled": {"coupled_cosine": 1 - eta * lam},
    "the limit lacks a power, decoupled": {"decoupled_limit": FORMULAS["coupled_limit"]},
    "the limit has a power too many, coupled": {"coupled_limit": FORMULAS["decoupled_limit"]},
    "the limit of the rotation is that of coupled decay": {"decoupled_turn": FORMULAS["coupled_turn"]},
    "the limit of the rotation is SGD's": {"coupled_turn": 2},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=8)
@given(long_runs("heavy_ball"))
def test_the_law_never_fails_in_any_setting(long: Long) -> None:
    law_checks.assert_never_fails(CLAIM, [long])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
