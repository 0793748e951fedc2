"""C5: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.evidence.imprint.frequency_exponents import Visits
from tests import law_checks
from theory.broken.imprint.frequency_exponents import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["frequency-exponents"]
HYPOTHESES = ("scale-invariant", "constant-visits", "energy-without-frequency", "small-steps", "decay-in-range")
MEAN = CLAIM.formulas["sgd_mean_step"]
STILL_TRUE = {  # mutants that do no harm
    "_radial": (1, "a radial part inwards"),
    "_RANGES": (1, "a wider range of decay in which the equilibria exist too"),
}


@st.composite
def visits(draw: st.DrawFn) -> Visits:
    """Any optimiser and decay, step sizes over decades, energies within a factor of two."""
    decay = draw(st.sampled_from(["dense", "lazy", "growth"]))
    product = 0.0 if decay == "growth" else draw(st.floats(0.01, 0.02))
    step = 10.0 ** draw(st.floats(-3, 1))
    kind = draw(st.sampled_from(["sgd", "normalized"]))
    return Visits(kind, decay, step, product, draw(st.floats(0.5, 2)), draw(st.integers(0, 2**31 - 1)))


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=12)
@given(visits())
def test_the_law_never_fails_in_any_setting(setting: Visits) -> None:
    law_checks.assert_never_fails(CLAIM, [(setting,)])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
