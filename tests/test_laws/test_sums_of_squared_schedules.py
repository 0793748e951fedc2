"""B9b: proved, measured in any setting, and every broken variant caught; the schedules refuse what is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.simulation import schedules
from numerics.validation import InvalidInput
from tests import law_checks
from theory.broken.dynamics.sums_of_squared_schedules import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["sums-of-squared-schedules"]
HYPOTHESES = ("counted-from-zero", "several-steps")
STILL_TRUE = {  # mutants that do no harm
    "_single_step": (2, "the square of a factor 1 is its cube, and the inverse of its square"),
    "RANGES": (2, "shares of more than all steps, for which the limit is an identity, too"),
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(st.integers(2, 5000))
def test_the_law_never_fails_in_any_setting(steps: int) -> None:
    law_checks.assert_never_fails(CLAIM, [steps])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


def test_schedules_by_hand() -> None:
    np.testing.assert_array_equal(schedules.linear(4), [1, 0.75, 0.5, 0.25])
    np.testing.assert_array_equal(schedules.warm_up(5, 2), [0.5, 1, 1, 1, 1])
    np.testing.assert_array_equal(schedules.warm_up_stable_decay(6, 2, 2), [0.5, 1, 1, 1, 1, 0.5])
    np.testing.assert_allclose(schedules.cosine(4), [1, 0.5 + np.sqrt(0.125), 0.5, 0.5 - np.sqrt(0.125)])
    np.testing.assert_allclose(schedules.inverse_square_root(4) ** 2, schedules.harmonic(4))


@pytest.mark.parametrize(("build", "message"), [
    (lambda: schedules.constant(0), "steps = 0 must be"),
    (lambda: schedules.warm_up(4, 5), "rising = 5 must be"),
    (lambda: schedules.warm_up_stable_decay(4, 2, 3), "falling = 3 must be"),
])  # fmt: skip
def test_a_bad_schedule_is_refused_with_name_and_value(build, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match=message):
        build()
