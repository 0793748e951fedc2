"""B13d: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.dynamics.nearest_rounding_stops_at_a_plateau import Even
from tests import law_checks
from tests.strategies_noise import evens
from theory.catalogue import catalogue
from theory.laws.dynamics.nearest_rounding_stops_at_a_plateau import BITS, MOVED, A, M, P
from theory.notation import G, eta

CLAIM = catalogue()["nearest-rounding-stops-at-a-plateau"]
HYPOTHESES = ("nearest", "even", "decay-in-range")
STILL_TRUE = {  # mutants that do no harm
    "_plateau": (3, "weaker inequalities, beside the tie at the plateau"),
    "steps": (1, "more than half a gap, beside the tie at half a gap"),
    "RANGES": (2, "narrower ranges of what a step is rounded to"),
    "stands": (1, "a norm still further above the plateau"),
}
BROKEN = {
    "twice the threshold of decay": {"never": 2 ** (-BITS)},
    "four times the threshold": {"never": 2 ** (1 - BITS)},
    "the plateau of whole gaps": {"plateau": 2**BITS * M * eta * sp.sqrt(G)},
    "the plateau without its mantissa": {"plateau": 2 ** (BITS + 1) * eta * sp.sqrt(G)},
    "the plateau in energies": {"plateau": 2 ** (BITS + 1) * M * eta * G},
    "rounded up by half": {"most_moved": sp.Rational(3, 2)},
    "rounded up to three times": {"most_moved": sp.Integer(3)},
    "rounded down to a half": {"least_moved": sp.Rational(1, 2)},
    "never rounded down": {"least_moved": sp.S.One},
    "the norm grows with one coordinate": {"next_squared_norm": A + MOVED**2},
    "the norm stays": {"next_squared_norm": A},
    "the excess of the square": {"excess": 2 ** (BITS + 1) * M * sp.sqrt(P * (2 - P))},
    "the excess of whole gaps": {"excess": 4**BITS * M**2 * P * (2 - P)},
    "the excess over twice the equilibrium": {"excess": 4**BITS * 2 * M**2 * P * (2 - P)},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(evens())
def test_the_law_never_fails_in_any_setting(setting: Even) -> None:
    law_checks.assert_never_fails(CLAIM, [setting])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
