"""C1: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.catalogue import catalogue
from theory.laws.imprint.lookup_rows_have_no_drift import DECAY
from theory.notation import G, eta

CLAIM = catalogue()["lookup-rows-have-no-drift"]
HYPOTHESES = ("scale-invariant", "no-momentum", "no-preconditioner", "lookup")
BROKEN = {
    "a drift of first order": {"drift": eta * G},
    "a drift against": {"drift": -sp.sqrt(G)},
    "heat is halved": {"heat": G / 2},
    "heat is a root": {"heat": sp.sqrt(G)},
    "the equilibrium is doubled": {"equilibrium": eta * G / DECAY},
    "decay has the wrong exponent": {"equilibrium": eta * G / (2 * DECAY) + eta * G * DECAY},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(batches())
def test_the_law_never_fails_in_any_setting(drawn: Batch) -> None:
    law_checks.assert_never_fails(CLAIM, [drawn])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
