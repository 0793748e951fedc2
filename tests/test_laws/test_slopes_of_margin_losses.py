"""A7c: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import Placed, batches
from theory.catalogue import catalogue
from theory.losses import arcface, cosface

CLAIM = catalogue()["slopes-of-margin-losses"]
HYPOTHESES = ("cosine-logits", "hinge-open", "weights-held-fixed", "angle-within")
STILL_TRUE = {"_shut": (1, "a constant has no slope either")}  # a mutant that does no harm
F = CLAIM.formulas
BROKEN = {
    "CosFace's margin counts for the others": {"cosface_other": F["cosface_other"].subs(arcface.C, arcface.C + 1)},
    "CosFace's scale is missing": {"cosface_own": F["cosface_own"] / cosface.SCALE},
    "ArcFace's slope is that of CosFace": {"arcface_own": F["arcface_own"] * arcface.SINE / arcface.MOVED_SINE},
    "ArcFace's margin has the wrong sign": {"arcface_own": F["arcface_own"].subs(arcface.MARGIN, -arcface.MARGIN)},
    "ArcFace's bound is halved": {"arcface_bound": F["arcface_bound"] / 2},
    "the triplet's slopes are exchanged": {"cosine_triplet_positive": sp.S.One},
    "the triplet's total is 1": {"cosine_triplet_total": sp.S.One},
    "circle loss' weights count twice": {"circle_negative": 2 * F["circle_negative"]},
    "circle loss' positives push": {"circle_positive": -F["circle_positive"]},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


# at angle 0 ArcFace has no gradient, and division by the sine warned
ALIGNED = Placed(2, 4, np.ones(1), np.ones(1), np.ones(1), 0, np.array([[1.0, 0.0]]), np.tile([1.0, 0.0], (1, 4, 1)))


@pytest.mark.filterwarnings("error::RuntimeWarning")
@example(ALIGNED)
@given(batches())
def test_the_law_never_fails_in_any_setting(batch: Batch) -> None:
    law_checks.assert_never_fails(CLAIM, [batch])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
