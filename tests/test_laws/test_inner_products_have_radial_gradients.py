"""A8a: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.catalogue import catalogue
from theory.laws.geometry.inner_products_have_radial_gradients import MISSED
from theory.losses.sgns import POSITIVE_LOGIT

CLAIM = catalogue()["inner-products-have-radial-gradients"]
HYPOTHESES = ("inner-product-logits", "fixed-temperature")
F = CLAIM.formulas
BROKEN = {
    "InfoNCE has no radial part": {"infonce": sp.S.Zero},
    "InfoNCE's defect has the wrong sign": {"infonce": -F["infonce"]},
    "skip-gram's defect is doubled": {"sgns": 2 * F["sgns"]},
    "skip-gram's positive pushes": {"sgns": F["sgns"] + 2 * MISSED * POSITIVE_LOGIT},
    "the two sides differ": {"difference": F["infonce"]},
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
