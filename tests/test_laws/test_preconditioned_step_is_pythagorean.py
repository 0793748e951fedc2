"""B12a: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.catalogue import catalogue
from theory.laws.dynamics.preconditioned_step_is_pythagorean import DELTA, SLOPE
from theory.notation import eta, lam

CLAIM = catalogue()["preconditioned-step-is-pythagorean"]
HYPOTHESES = ("scale-invariant", "fixed-preconditioner")
BROKEN = {
    "the metric is that of D": {"weight": DELTA},
    "the metric is the root's": {"weight": DELTA ** (-1 / 2)},
    "growth is of first order": {"heat": eta * DELTA * SLOPE**2},
    "growth forgets the preconditioner": {"heat": eta**2 * SLOPE**2},
    "growth has the preconditioner twice": {"heat": eta**2 * DELTA**2 * SLOPE**2},
    "the decay acts once": {"decay_factor": 1 - eta * lam},
    "nothing decays": {"decay_factor": DELTA / DELTA},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(batches())
def test_the_law_never_fails_in_any_setting(batch: Batch) -> None:
    law_checks.assert_never_fails(CLAIM, [batch])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
