"""B10c: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.dynamics.accumulated_steps_grow_logarithmically import STEPS
from derivations.evidence.rules import Rows
from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from tests.strategies_rules import driven
from theory.catalogue import catalogue
from theory.laws.dynamics.accumulated_steps_grow_logarithmically import KEPT, A, B, N
from theory.notation import G, eta, k, lam

CLAIM = catalogue()["accumulated-steps-grow-logarithmically"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "accumulated", "constant-energy", "decay-in-range")
STILL_TRUE = {"_energy_grows": (1, "energies that fall as 1/k break it as well")}  # mutants that do no harm
BROKEN = {
    "the decay acts once": {"decay_factor": 1 - eta * lam},
    "AdaGrad grows by the accumulator": {"adagrad_growth": eta**2 * (1 - B / N)},
    "AdaGrad divides by the old accumulator": {"adagrad_growth": eta**2 * (N**2 / B**2 - 1)},
    "WNGrad grows as AdaGrad": {"wngrad_growth": eta**2 * (1 - B**2 / N**2)},
    "AdaGrad's bound is halved": {"adagrad_bound": eta**2 * sp.log(N / B)},
    "AdaGrad's bound is doubled": {"adagrad_bound": 4 * eta**2 * sp.log(N / B)},
    "WNGrad's bound is halved": {"wngrad_bound": eta**2 * sp.log(N / B) / 2},
    "AdaGrad falls as WNGrad": {"adagrad_fall": eta / (lam * (2 - eta * lam))},
    "AdaGrad falls as for small decay": {"adagrad_fall": eta / lam},
    "WNGrad falls as AdaGrad": {"wngrad_fall": 2 * eta / (lam * (2 - eta * lam))},
    "AdaGrad relaxes as SGD": {"adagrad_relaxation": 2 * KEPT - 1},
    "AdaGrad relaxes as WNGrad": {"adagrad_relaxation": KEPT - (1 - KEPT) * (2 * B / N - 1)},
    "WNGrad relaxes as AdaGrad": {"wngrad_relaxation": KEPT - (1 - KEPT) * B**2 / N**2},
    "the rotation is twice as wide": {"cos_rotation": 1 - 2 * eta * lam},
    "AdaGrad's accumulator is WNGrad's": {"adagrad_accumulator": G * k**2 / A},
    "WNGrad's accumulator is AdaGrad's": {"wngrad_accumulator": G * k**2 / (2 * A)},
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
