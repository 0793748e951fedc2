"""B8b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from derivations.evidence.dynamics.momentum_multiplies_the_energy import Persistent
from derivations.evidence.replicates import ERROR_RATE, mean_within
from tests import law_checks
from tests.strategies_momentum import persistent
from theory.broken.dynamics.momentum_multiplies_the_energy import BROKEN
from theory.catalogue import catalogue
from theory.laws.dynamics.momentum_multiplies_the_energy import FORMULAS, HEAT
from theory.momentum import BETA
from theory.notation import eta

CLAIM = catalogue()["momentum-multiplies-the-energy"]
HYPOTHESES = ("scale-invariant", "no-weight-decay", "heavy-ball", "constant-heat", "known-persistence")
STILL_TRUE = {  # mutants that do no harm
    "steps": (1, "another power that stays bounded: over K it vanishes all the same"),
    "BOX": (1, "a smaller range of persistence, in which the law holds too"),
}
UNIT = eta**2 * HEAT / (1 - BETA) ** 2


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=6)
@given(persistent())
def test_the_law_never_fails_in_any_setting(group: Persistent) -> None:
    law_checks.assert_never_fails(CLAIM, [group])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


def test_the_law_of_white_noise_is_refuted_by_correlated_gradients() -> None:
    law_checks.assert_control_sees(CLAIM, "known-persistence", {"growth": FORMULAS["growth"] * 2})


def test_an_interval_is_students_and_covers_the_mean_as_often_as_it_says() -> None:
    mean, width = mean_within(np.arange(5.0)[:, None] * np.array([1.0, 2.0]))
    np.testing.assert_allclose(mean, [2.0, 4.0])
    # the quantile of Student's t with 4 degrees of freedom at 1 - 5e-10, and standard errors of sqrt(2.5/5) and twice that
    np.testing.assert_allclose(width, np.array([1.0, 2.0]) * np.sqrt(0.5) * 278.3, rtol=2e-3)
    rng = np.random.default_rng(0)
    mean, width = mean_within(rng.standard_normal((8, 4000)))
    assert np.all(np.abs(mean) < width)
    assert ERROR_RATE == 1e-9
