"""B5: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given

from derivations.evidence import evidence_for
from derivations.evidence.dynamics.norm_grows_as_fourth_root import Growth
from tests import law_checks
from tests.strategies import growths
from theory.broken.dynamics.norm_grows_as_fourth_root import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["norm-grows-as-fourth-root"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "no-weight-decay", "small-steps", "constant-energy")


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
