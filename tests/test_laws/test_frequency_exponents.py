"""C5: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.evidence.imprint.frequency_exponents import Visits
from tests import law_checks
from theory.catalogue import catalogue
from theory.laws.imprint.frequency_exponents import N, P
from theory.notation import G, eta, lam, r0, z, z0

CLAIM = catalogue()["frequency-exponents"]
HYPOTHESES = ("scale-invariant", "constant-visits", "energy-without-frequency", "small-steps", "decay-in-range")
MEAN = CLAIM.formulas["sgd_mean_step"]
STILL_TRUE = {  # mutants that do no harm
    "_radial": (1, "a radial part inwards"),
    "_RANGES": (1, "a wider range of decay in which the equilibria exist too"),
}
BROKEN = {
    "SGD feels frequency as its root": {"sgd_alpha": sp.Rational(1, 2)},
    "SGD feels energy as its root": {"sgd_gamma": sp.Rational(1, 2)},
    "lazy decay keeps some frequency": {"lazy_alpha": sp.Rational(1, 10)},
    "normalised steps feel frequency as SGD does": {"normalized_alpha": sp.Rational(1, 4)},
    "normalised steps feel energy": {"normalized_gamma": sp.Rational(1, 4)},
    "the growth lacks its factor": {"sgd_growth": z0 + eta**2 * N * G},
    "the growth is right for one visit": {"sgd_growth": z0 + 2 * eta**2 * (3 * N - 2) * G},
    "normalised growth is right for one visit": {"normalized_growth": r0**2 + eta**2 * (N + (N - 1) / 10)},
    "the equilibrium lacks the frequency": {"sgd_dense": eta * G / (2 * lam)},
    "the lazy equilibrium has the frequency": {"sgd_lazy": eta * P * G / (2 * lam)},
    "the equilibrium has the frequency squared": {"sgd_dense": eta * P**2 * G / (2 * lam)},
    "normalised growth in the first power": {"normalized_growth": r0**2 + eta * N},
    "the normalised equilibrium is halved": {"normalized_dense": eta * P / (2 * lam * (2 - eta * lam))},
    "the lazy normalised equilibrium grows with decay": {"normalized_lazy": eta * lam / (2 - eta * lam)},
    "relaxation at half the rate": {"sgd_rate": 2 * lam},
    "the mean step forgets the square of the drive": {"sgd_mean_step": MEAN - P * eta**4 * G**2 / z},
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
