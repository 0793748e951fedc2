"""B12b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.noise import Noise
from tests import law_checks
from tests.strategies_noise import noises
from theory.catalogue import catalogue
from theory.laws.dynamics.adam_norm_grows_by_dimension import BETA, DIM, KEEP, MET, A, B, C, E
from theory.notation import eta

CLAIM = catalogue()["adam-norm-grows-by-dimension"]
HYPOTHESES = ("white", "settled-scale", "settled-momentum")
BROKEN = {
    "the new gradient enters whole": {"next_momentum": BETA**2 * C + (1 - BETA) * E},
    "momentum decays once": {"next_momentum": BETA * C + (1 - BETA) ** 2 * E},
    "the overlap has the wrong sign": {"next_overlap": KEEP * BETA * B + eta * MET},
    "the overlap does not decay": {"next_overlap": BETA * B - eta * MET},
    "steps stay orthogonal": {"next_squared_norm": KEEP**2 * A + eta**2 * MET},
    "no decay": {"next_squared_norm": A - 2 * eta * KEEP * BETA * B + eta**2 * MET},
    "noise of energy 1": {"noise": DIM / DIM},
    "heat without the lag": {"heat": DIM * (1 - BETA)},
    "heat as of the whole": {"heat": DIM},
    "drift is all": {"drift": eta * DIM * BETA},
    "no drift": {"drift": 0 * eta * DIM * BETA},
    "growth is the heat's": {"growth": eta**2 * DIM * (1 - BETA) / (1 + BETA)},
    "growth of heavy ball": {"growth": eta**2 * DIM / (1 - BETA) ** 2},
    "growth of first order": {"growth": eta * DIM},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(noises())
def test_the_law_never_fails_in_any_setting(noise: Noise) -> None:
    law_checks.assert_never_fails(CLAIM, [noise])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
