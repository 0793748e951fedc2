"""C5b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.evidence.imprint.frequency_exponents_of_adam import FORGETS, Row
from tests import law_checks
from theory.broken.imprint.frequency_exponents_of_adam import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["frequency-exponents-of-adam"]
HYPOTHESES = ("white", "steady-coordinates", "no-epsilon", "no-momentum", "constant-visits", "dense-or-lazy", "in-range")
STILL_TRUE = {  # mutants that do no harm
    "_blind": (2, "both sides start from the same place; v is any number, and so is 1/v"),
    "_momentum": (2, "a row at 0 does not decay; what fails for f below 1 is a counterexample in a wider range"),
}
REST = CLAIM.formulas["equilibrium"]


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Any row of the table, step sizes and energies over decades."""
    kind = draw(st.sampled_from(list(FORGETS)))
    exponents = [draw(st.floats(-3, ends)) for ends in (1, 3)]
    return Row(kind, draw(st.booleans()), draw(st.floats(*FORGETS[kind])), *(10.0**e for e in exponents), draw(st.integers(0, 2**31 - 1)))


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=4)
@given(rows())
def test_the_law_never_fails_in_any_setting(setting: Row) -> None:
    law_checks.assert_never_fails(CLAIM, [(setting,)])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
