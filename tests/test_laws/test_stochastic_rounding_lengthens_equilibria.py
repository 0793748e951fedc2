"""B13c: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.dynamics.stochastic_rounding_lengthens_equilibria import Rounded
from tests import law_checks
from tests.strategies_noise import rounded
from theory.catalogue import catalogue
from theory.laws.dynamics.stochastic_rounding_lengthens_equilibria import BITS, GAP, MOVE, PHI, S1, S2, THETA, A, X
from theory.notation import G, eta, lam

CLAIM = catalogue()["stochastic-rounding-lengthens-equilibria"]
HYPOTHESES = ("scale-invariant", "stochastic", "normal", "constant-energy", "decay-outweighs-rounding", "within-gap")
STILL_TRUE = {  # mutants that do no harm
    "statement": (1, "an error of the other sign"),
    "share": (3, "an even power of -2"),
    "steps": (1, "an error of the other sign"),
    "_subnormal": (2, "even powers of -4 and of -2"),
    "RANGES": (3, "wider ranges of m and of decay, in which the bounds hold too, and a narrower one of theta"),
}
KEPT = (1 - eta * lam) ** 2
BROKEN = {
    "a quarter of the largest share": {"share": 4 ** (-BITS) / 4},
    "one bit more": {"share": 4 ** (-BITS - 1)},
    "the share of a length": {"share": 2 ** (-BITS)},
    "no heat of decay": {"next_squared_norm": (1 + S2) * (KEPT * A + eta**2 * G / A)},
    "no heat of the step": {"next_squared_norm": (1 + S1) * KEPT * A + eta**2 * G / A},
    "decay once": {"next_squared_norm": (1 + S2) * ((1 + S1) * (1 - eta * lam) * A + eta**2 * G / A)},
    "the energy of exact arithmetic": {"energy": A**2 * (1 - KEPT) / eta**2},
    "rounding cools": {"energy": A**2 * (1 + S2 - KEPT / (1 + S1)) / eta**2},
    "twice the energy": {"energy": 2 * A**2 * (1 / (1 + S2) - (1 + S1) * KEPT) / eta**2},
    "a fine coordinate is not heated": {"next_square": (X - MOVE) ** 2},
    "it is heated as well": {"next_square": (X - MOVE) ** 2 + GAP * MOVE},
    "fine steps heat as in exact arithmetic": {"fine_next": A * (1 - eta * lam * (2 - THETA)) + eta**2 * G / A},
    "fine decay acts once": {"fine_next": A * (1 - eta * lam * (1 - THETA)) + eta * PHI * sp.sqrt(G)},
    "twice the square at rest": {"fine_square": 2 * PHI * sp.sqrt(G) / (lam * (2 - THETA))},
    "the square at rest knows the rate": {"fine_square": eta * PHI * sp.sqrt(G) / (lam * (2 - THETA))},
}


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
