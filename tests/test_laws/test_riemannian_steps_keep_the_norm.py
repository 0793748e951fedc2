"""B10d: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.catalogue import catalogue
from theory.notation import G, eta, lam, r

CLAIM = catalogue()["riemannian-steps-keep-the-norm"]
HYPOTHESES = ("tangential-energy", "retracted", "decay-in-range")
STILL_TRUE = {"GRADIENT": (1, "the tangent the other way round")}  # mutants that do no harm
BROKEN = {
    "the norm doubles": {"next_squared_norm": 2 * r**2},
    "the norm is set to 1": {"next_squared_norm": sp.S.One},
    "the tangent forgets the decay": {"tan_rotation": eta * sp.sqrt(G) / r**2},
    "the tangent is SGD's squared": {"tan_rotation": eta**2 * G / r**4},
    "the tangent is the norm's": {"tan_rotation": eta * sp.sqrt(G) / ((1 - eta * lam) * r)},
    "decay slows": {"decayed_rate": eta * (1 - eta * lam)},
    "decay does nothing": {"decayed_rate": eta},
    "decay acts twice": {"decayed_rate": eta / (1 - eta * lam) ** 2},
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
