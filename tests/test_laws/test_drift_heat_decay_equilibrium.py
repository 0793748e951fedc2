"""C0: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.imprint.drift_heat_decay_equilibrium import Drifting
from tests import law_checks
from tests.strategies_imprint import drifting
from theory.catalogue import catalogue
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, DRIFT, HEAT, LEADING, ROOT, V_STAR, P, X
from theory.notation import eta, lam, r

CLAIM = catalogue()["drift-heat-decay-equilibrium"]
HYPOTHESES = ("white-steps", "steady-heat", "decay-in-range")
MEAN = CLAIM.formulas["mean_next_squared_norm"]
BROKEN = {
    "the drift has the wrong sign": {"mean_next_squared_norm": MEAN.subs(DRIFT, -DRIFT)},
    "the decay acts once": {"mean_next_squared_norm": MEAN - (1 - eta * lam) ** 2 * r**2 + (1 - eta * lam) * r**2},
    "the drift is not shrunk": {"mean_next_squared_norm": MEAN + 2 * eta**2 * lam * DRIFT},
    "the heat is of first order": {"mean_next_squared_norm": MEAN + (eta - eta**2) * HEAT / r**2},
    "the scale of drift has the learning rate": {"drift_scale": eta * DRIFT / lam},
    "the scale of heat lacks it": {"heat_scale": HEAT / lam},
    "the other root": {"equilibrium": (D_STAR - ROOT) / 2},
    "heat counts once": {"equilibrium": (D_STAR + sp.sqrt(D_STAR**2 + V_STAR**2)) / 2},
    "the equilibrium is doubled": {"equilibrium": D_STAR + ROOT},
    "the exact one is the leading one": {"exact_equilibrium": (D_STAR + ROOT) / 2},
    "the correction is that without drift": {"first_correction": sp.Rational(1, 4)},
    "the correction is doubled": {"first_correction": (LEADING - 2 * D_STAR) / (2 * LEADING - D_STAR)},
    "the rate is that of decay alone": {"relaxation_rate": 2 * P},
    "the rate counts heat twice": {"relaxation_rate": 2 * P * (1 + V_STAR**2 / X**2)},
    "the rate has no defect": {"rate_defect": sp.S.Zero},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(drifting())
def test_the_law_never_fails_in_any_setting(group: Drifting) -> None:
    law_checks.assert_never_fails(CLAIM, [group])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
