"""C3a: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from derivations.evidence.imprint.infonce_heat_is_one_integral import Falling, Saturated, falling, heat
from derivations.evidence.imprint.specific_rows_are_short import mean_cosine
from derivations.heat import infonce as infonce_heat
from tests import law_checks
from tests.strategies_imprint import saturated
from theory.broken.imprint.infonce_heat_is_one_integral import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["infonce-heat-is-one-integral"]
HYPOTHESES = ("even-on-all-sides", "independent-negatives")
STILL_TRUE = {  # mutants that do no harm
    "moment": (1, "F' counts squared"),
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(saturated())
def test_the_law_never_fails_in_any_setting(drawn: Saturated) -> None:
    law_checks.assert_never_fails(CLAIM, [drawn])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


def assert_within_two_percent(dimension: int, concentration: float) -> None:
    # 2^20/d gradients: in more dimensions energies vary less
    x = Saturated(dimension, concentration, 0.5, 8, 11, budget=9 * 2**20)
    found = heat(CLAIM.formulas, x)
    assert found.verdict == "holds"
    assert found.bounds[0] < 0.02, "too few samples to tell"


@pytest.mark.parametrize("dimension", [4, 256])
@pytest.mark.parametrize("concentration", [1.0, 256.0])
def test_the_integral_is_within_two_percent_at_both_ends(dimension: int, concentration: float) -> None:
    assert_within_two_percent(dimension, concentration)


@pytest.mark.thorough
@pytest.mark.parametrize("dimension", [4, 8, 16, 32, 64, 128, 256])
@pytest.mark.parametrize("concentration", [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0])
def test_the_integral_is_within_two_percent_over_the_whole_range(dimension: int, concentration: float) -> None:
    assert_within_two_percent(dimension, concentration)


@pytest.mark.parametrize("temperature", [0.05, 0.5, 2.0])
@pytest.mark.parametrize("negatives", [1, 8, 255])
@pytest.mark.parametrize("dimension", [3, 4, 33, 256])
def test_the_quadrature_has_converged(temperature: float, negatives: int, dimension: int) -> None:
    for concentration in (0.0, 1.0, 256.0):
        found, slip = infonce_heat.infonce_heat(dimension, concentration, temperature, negatives)
        assert slip < 1e-6 * found


def test_the_bound_is_more_than_what_twice_the_nodes_change(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = [(d, kappa, tau, n) for d in (3, 256) for kappa in (0.0, 256.0) for tau in (0.05, 2.0) for n in (1, 255)]
    found = [infonce_heat.infonce_heat(*setting) for setting in settings]
    for name in ("ANGLES", "POINTS"):
        monkeypatch.setattr(infonce_heat, name, 2 * getattr(infonce_heat, name))
    infonce_heat.integrand.cache_clear()
    finer = [infonce_heat.infonce_heat(*setting)[0] for setting in settings]
    infonce_heat.integrand.cache_clear()
    assert [s for s, (value, slip), f in zip(settings, found, finer, strict=True) if abs(value - f) > slip] == []


def test_the_heat_falls_over_a_grid_and_a_range_that_runs_backwards_is_caught() -> None:
    up = Falling(16, 0.5, 8, (1.0, 4.0, 16.0, 64.0, 256.0))
    assert falling(CLAIM.formulas, up).verdict == "holds"
    assert falling(CLAIM.formulas, replace(up, concentrations=up.concentrations[::-1])).verdict == "fails"
    assert falling(CLAIM.formulas, replace(up, concentrations=(4.0, 4.0))).verdict == "fails"


def test_where_positives_are_close_negatives_heat_more_than_the_linear_loss_would() -> None:
    found, slip = infonce_heat.infonce_heat(4, 256.0, 2.0, 1)
    assert (found - slip) * 2.0**2 > 2 * 3 * mean_cosine(4, 256.0) / 256.0


def test_many_negatives_and_a_high_temperature_leave_the_heat_of_the_linear_loss() -> None:
    found, _ = infonce_heat.infonce_heat(16, 8.0, 1e3, 10**5)
    assert np.isclose(found * 1e6, 15 * mean_cosine(16, 8.0) / 8.0, rtol=1e-3)
