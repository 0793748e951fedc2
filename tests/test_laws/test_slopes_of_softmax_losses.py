"""A7b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.catalogue import catalogue
from theory.notation import tau

CLAIM = catalogue()["slopes-of-softmax-losses"]
HYPOTHESES = ("cosine-logits", "in-batch")
F = CLAIM.formulas
BROKEN = {
    "InfoNCE's positive is pulled twice": {"infonce_positive": 2 * F["infonce_positive"]},
    "InfoNCE's negatives pull": {"infonce_negative": -F["infonce_negative"]},
    "InfoNCE's total is halved": {"infonce_total": F["infonce_total"] / 2},
    "a learned temperature is missing": {"infonce_learned_temperature_positive": F["infonce_positive"].subs(tau, 1)},
    "the learned scale has the wrong sign": {"infonce_learned_temperature_by_s": -F["infonce_learned_temperature_by_s"]},
    "NT-Xent is that of CLIP": {"nt_xent_negative": F["clip_negative"]},
    "CLIP is not halved": {"clip_positive": 2 * F["clip_positive"]},
    "SupCon has no temperature": {"supcon_positive": tau * F["supcon_positive"]},
    "SupCon's total is halved": {"supcon_total": F["supcon_total"] / 2},
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
