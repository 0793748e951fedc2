"""B5: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given

from derivations.evidence import evidence_for
from derivations.evidence.dynamics.norm_grows_as_fourth_root import Growth
from tests import law_checks
from tests.strategies import growths
from theory.catalogue import catalogue
from theory.laws.dynamics.fourth_power_sandwich import A
from theory.laws.dynamics.norm_grows_as_fourth_root import HEAT, TIME
from theory.notation import G, eta, k, r0, z0

CLAIM = catalogue()["norm-grows-as-fourth-root"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "no-weight-decay", "small-steps", "constant-energy")
BROKEN = {
    "the root is a square root": {"norm": (r0**4 + 2 * eta * HEAT) ** sp.Rational(1, 2)},
    "the energy counts once": {"norm": (r0**4 + eta * HEAT) ** sp.Rational(1, 4)},
    "the learning rate is squared": {"norm": (r0**4 + 2 * eta**2 * HEAT) ** sp.Rational(1, 4)},
    "the norm falls": {"norm": (r0**4 - 2 * eta * HEAT) ** sp.Rational(1, 4)},
    "the drives count once": {"fourth_power": z0 + A},
    "the start is missing": {"fourth_power": 2 * A},
    "the effective rate has the wrong exponent": {"effective_rate": 1 / (2 * G * k)},
    "the effective rate lacks a factor": {"effective_rate": (G * k) ** sp.Rational(-1, 2)},
    "the effective rate is of the mean of two energies": {"effective_rate": (3 * G * k) ** sp.Rational(-1, 2)},
    "the norm counts no steps": {"norm": r0, "fourth_power": z0},
    "the error is doubled": {"error_coefficient": G * sp.log(1 + 2 * G * TIME / z0)},
    "the error has the wrong sign": {"error_coefficient": -G / 2 * sp.log(1 + 2 * G * TIME / z0)},
    "the error forgets the factor in the logarithm": {"error_coefficient": G / 2 * sp.log(1 + G * TIME / z0)},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


# a rising energy: its sum over steps fell short by as much as the sandwich's excess was above, and no order was left
CANCELLED = Growth(np.ones(2), np.ones(2), np.array([1.0, 0.51396968]), np.array([0.5, 1 / 3]), 2, 0)


@example(CANCELLED)
@given(growths())
def test_the_law_never_fails_in_any_setting(growth: Growth) -> None:
    law_checks.assert_never_fails(CLAIM, [growth])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


def test_both_conclusions_about_constant_energy_fail_where_it_changes() -> None:
    witness = evidence_for(CLAIM).witnesses["constant-energy"](CLAIM.formulas, law_checks.SEED)
    inside = witness.dropped.deviations <= witness.dropped.bounds
    for what in ("effective rate", "coefficient of the error"):
        assert not any(ok for ok, label in zip(inside, witness.dropped.labels, strict=True) if label.startswith(what))


@pytest.mark.parametrize("broken", ["the effective rate lacks a factor", "the error is doubled"])
def test_at_constant_energy_the_control_sees_a_broken_formula(broken: str) -> None:
    law_checks.assert_control_sees(CLAIM, "constant-energy", BROKEN[broken])
