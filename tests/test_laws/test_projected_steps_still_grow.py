"""B10e: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.catalogue import catalogue
from theory.laws.dynamics.projected_steps_still_grow import BETA, KEPT, RN, SUM, D, H, M, S
from theory.notation import eta, lam, r

CLAIM = catalogue()["projected-steps-still-grow"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "projected")
STILL_TRUE: dict[str, tuple[int, str]] = {}
BROKEN = {
    "projected steps do not grow": {"next_squared_norm": KEPT**2 * r**2},
    "decay acts once": {"next_squared_norm": KEPT * r**2 + eta**2 * S},
    "the step keeps its length": {"projected_square": M},
    "the cosine forgets the decay": {"cos_rotation": r / RN},
    "the cosine is squared": {"cos_rotation": KEPT**2 * r**2 / RN**2},
    "SGDP decays as AdamP": {"kept_sgdp": 1 - eta * lam / 10},
    "AdamP decays in full": {"kept_adamp": 1 - eta * lam},
    "a rest of the whole decay": {"rest_of_length": eta * S / (lam * (2 - eta * lam))},
    "a rest of half the growth": {"rest_of_energy": eta**2 * H / (2 * (1 - KEPT**2))},
    "steps of one length relax as SGD": {"relaxation_of_length": 2 * KEPT**2 - 1},
    "steps of one energy relax as Adam": {"relaxation_of_energy": KEPT**2},
    "the drift is not damped": {"next_drift": KEPT * D + eta * M},
    "the drift is of the gradient": {"next_drift": BETA * KEPT * D},
    "the growth is that of heat alone": {"plain_growth": eta**2 * SUM - 2 * eta * D / (1 - BETA)},
    "the growth forgets the drift to come": {"plain_growth": eta**2 * SUM * (1 + BETA) / (1 - BETA)},
    "all of the growth is left": {"kept_share": 1 - BETA},
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
