"""B6: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.decay_equilibrium import Decaying
from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches, decaying
from theory.broken.dynamics.decay_equilibrium import BROKEN
from theory.catalogue import catalogue
from theory.kernel import Solves, Tends, decide
from theory.laws.dynamics.decay_equilibrium import Q, contraction_from_anywhere
from theory.notation import G, eta, lam, z

CLAIM = catalogue()["decay-equilibrium"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "constant-energy", "decay-in-range")
STILL_TRUE = {"_RANGES": (1, "a wider range of decay in which the fixed point exists too")}  # mutants that do no harm


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
