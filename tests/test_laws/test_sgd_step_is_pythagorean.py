"""B2: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.catalogue import catalogue
from theory.notation import G, eta, r

CLAIM = catalogue()["sgd-step-is-pythagorean"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "no-weight-decay")
BROKEN = {
    "the norm falls": {"next_squared_norm": r**2 - eta**2 * G / r**2},
    "the learning rate has the wrong exponent": {"next_squared_norm": r**2 + eta * G / r**2},
    "the norm has the wrong exponent": {"next_squared_norm": r**2 + eta**2 * G / r**4},
    "the growth is doubled": {"next_squared_norm": r**2 + 2 * eta**2 * G / r**2},
    "the norm adds up instead of its square": {"next_squared_norm": (r + eta * sp.sqrt(G) / r) ** 2},
    "the tangent is squared": {"tan_rotation": eta**2 * G / r**4},
    "the tangent is doubled": {"tan_rotation": 2 * eta * sp.sqrt(G) / r**2},
    "the tangent is negative": {"tan_rotation": -eta * sp.sqrt(G) / r**2},
    "the floor is doubled": {"least_squared_norm": 4 * eta * sp.sqrt(G)},
    "the floor is halved": {"least_squared_norm": eta * sp.sqrt(G)},
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
