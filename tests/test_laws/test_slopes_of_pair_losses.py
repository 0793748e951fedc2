"""A7d: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.catalogue import catalogue
from theory.notation import n, u, v, w
from theory.vectors import Cosine

CLAIM = catalogue()["slopes-of-pair-losses"]
HYPOTHESES = ("cosine-logits", "complex-planes", "similarities-positive")
F = CLAIM.formulas
BROKEN = {
    "SigLIP's positive pushes": {"siglip_positive": -F["siglip_positive"]},
    "SigLIP is not a mean": {"siglip_negative": (n + 1) * F["siglip_negative"]},
    "SigLIP's bias has the wrong sign": {"siglip_by_b": -F["siglip_by_b"]},
    "SigLIP's scale is not logarithmic": {"siglip_by_s": 2 * F["siglip_by_s"]},
    "AnglE lacks its root": {"angle_partner": F["angle_partner"] / sp.sqrt(2)},
    "AnglE's similarity leaves the imaginary part out": {"angle_similarity": Cosine(u, v)},
    "AnglE's similarity is that of the conjugate": {"angle_similarity": Cosine(u, v) - Cosine(u, w)},
    "regression is halved": {"cosine_regression_target": -1 / n},
    "alignment is not a mean": {"alignment_positive": -2 * sp.S.One},
    "uniformity pulls": {"uniformity_other": -F["uniformity_other"]},
    "uniformity's total is halved": {"uniformity_total": F["uniformity_total"] / 2},
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
