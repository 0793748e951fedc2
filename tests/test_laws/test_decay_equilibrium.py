"""B6: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.dynamics.decay_equilibrium import Decaying
from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches, decaying
from theory.catalogue import catalogue
from theory.kernel import Solves, Tends, decide
from theory.laws.dynamics.decay_equilibrium import RHO, Q, contraction_from_anywhere
from theory.notation import G, eta, lam, r, z

CLAIM = catalogue()["decay-equilibrium"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "constant-energy", "decay-in-range")
STILL_TRUE = {"_RANGES": (1, "a wider range of decay in which the fixed point exists too")}  # mutants that do no harm
BROKEN = {
    "the decay acts once": {"decay_factor": 1 - eta * lam},
    "the decay has the wrong sign": {"decay_factor": (1 + eta * lam) ** 2},
    "growth is of first order": {"next_squared_norm": RHO * r**2 + eta * G / r**2},
    "the norm has the wrong exponent": {"next_squared_norm": RHO * r**2 + eta**2 * G / r**4},
    "growth decays too": {"next_squared_norm": RHO * (r**2 + eta**2 * G / r**2)},
    "the equilibrium is that of the flow": {"equilibrium": eta * G / (2 * lam)},
    "the equilibrium is doubled": {"equilibrium": 2 * eta * G / (lam * (2 - eta * lam))},
    "the multiplier is off by one": {"multiplier": 2 * RHO},
    "the multiplier has the wrong sign": {"multiplier": 1 - 2 * RHO},
    "the contraction is halved": {"contraction": 2 * RHO * (1 - RHO)},
    "the threshold is elsewhere": {"threshold": sp.Rational(1, 4)},
    "the equilibrium of the flow lacks a factor": {"flow_equilibrium": eta * G / lam},
    "the rate of the flow is halved": {"flow_rate": 2 * lam},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(batches(), decaying())
def test_the_law_never_fails_in_any_setting(batch: Batch, group: Decaying) -> None:
    law_checks.assert_never_fails(CLAIM, [batch, group])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


def test_the_velocity_that_is_printed_is_the_one_that_is_decided_and_the_one_that_is_solved() -> None:
    goals = [step.goal for step in CLAIM.steps(CLAIM.formulas)]
    limit = next(g for g in goals if isinstance(g, Tends) and g.expr.has(Q))
    solved = next(g for g in goals if isinstance(g, Solves))
    assert limit.value == 2 * Q - 4 * lam * z
    assert r"\eta G = q" in limit.name
    assert solved.rate == limit.value.subs({Q: eta * G, z: solved.state})


def test_from_any_norm_a_step_comes_nearer_to_the_fixed_point() -> None:
    goal = contraction_from_anywhere(CLAIM.formulas)
    assert decide(goal, CLAIM.domain()).proved
    assert not decide(goal, CLAIM.domain(without="decay-in-range")).proved
