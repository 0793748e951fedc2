"""B13c: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.stochastic_rounding_lengthens_equilibria import Rounded
from tests import law_checks
from tests.strategies_noise import rounded
from theory.broken.dynamics.stochastic_rounding_lengthens_equilibria import BROKEN
from theory.catalogue import catalogue
from theory.notation import eta, lam

CLAIM = catalogue()["stochastic-rounding-lengthens-equilibria"]
HYPOTHESES = ("scale-invariant", "stochastic", "normal", "constant-energy", "decay-outweighs-rounding", "within-gap")
STILL_TRUE = {  # mutants that do no harm
    "statement": (1, "an error of the other sign"),
    "share": (3, "an even power of -2"),
    "steps": (1, "an error of the other sign"),
    "_subnormal": (2, "even powers of -4 and of -2"),
    "RANGES": (2, "wider ranges of m and of decay, in which the bounds hold too"),
    "_AT_MOST": (3, "other ranges of the heats, in which the bounds hold too"),
    "_coarse": (2, "another range of steps that are beyond one gap"),
}
KEPT = (1 - eta * lam) ** 2


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(rounded())
def test_the_law_never_fails_in_any_setting(setting: Rounded) -> None:
    law_checks.assert_never_fails(CLAIM, [setting])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken, most=1)
