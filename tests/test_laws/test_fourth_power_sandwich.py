"""B4: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from derivations.evidence.dynamics.fourth_power_sandwich import Runs
from tests import law_checks
from tests.strategies import runs
from theory.broken.dynamics.fourth_power_sandwich import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["fourth-power-sandwich"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "no-weight-decay", "nonnegative-drives")


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(runs())
def test_the_law_never_fails_in_any_setting(run: Runs) -> None:
    law_checks.assert_never_fails(CLAIM, [run])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


def test_rounding_is_amplified_by_a_drive_above_z_and_by_no_other() -> None:
    """``dz'/dz = 1 - a^2/z^2``: the evidence once let every perturbation pass unamplified."""
    runs = [Runs(np.ones(1), np.ones(1), np.array([[0.1, drive]]), 4, 0).path() for drive in (1e-9, 1e4)]
    first = 3 * runs[0].after[0, 0] * runs[0].rounding()[0, 0]
    second = [3 * run.after[0, 1] * run.rounding()[0, 1] for run in runs]
    gain = (1e4 / runs[1].before[0, 1] ** 2) ** 2
    assert runs[0].fourth_power_rounding()[0] == pytest.approx(first + second[0], rel=1e-6)
    assert runs[1].fourth_power_rounding()[0] == pytest.approx(gain * first + second[1], rel=1e-6)
