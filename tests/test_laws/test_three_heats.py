"""B1b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from derivations.evidence.dynamics.three_heats import Noisy
from tests import law_checks
from tests.strategies_momentum import noisy
from theory.catalogue import catalogue
from theory.laws.dynamics.three_heats import B, T
from theory.notation import k

CLAIM = catalogue()["three-heats"]
HYPOTHESES = ("scale-invariant", "centred-noise", "no-weight-decay")
BROKEN = {
    "the flow heats by the mean": {"flow": B},
    "the flow heats by the noise": {"flow": T},
    "the Ito equation is the flow": {"ito": 0},
    "the Ito equation heats as SGD": {"ito": B + T},
    "the Ito equation counts half the trace": {"ito": T / 2},
    "SGD heats as the Ito equation": {"sgd": T},
    "SGD forgets the noise": {"sgd": B},
    "SGD counts the noise twice": {"sgd": B + 2 * T},
    "the scheme forgets its steps": {"euler": B + T},
    "the scheme divides twice": {"euler": B / k**2 + T},
    "the scheme divides the noise": {"euler": (B + T) / k},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=6)
@given(noisy())
def test_the_law_never_fails_in_any_setting(group: Noisy) -> None:
    law_checks.assert_never_fails(CLAIM, [group])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
