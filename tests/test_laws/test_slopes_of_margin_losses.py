"""A7c: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from sympy.core.function import AppliedUndef

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import Placed, batches
from theory.broken.geometry.slopes_of_margin_losses import BROKEN
from theory.catalogue import catalogue
from theory.losses import circle
from theory.substance import expressions

CLAIM = catalogue()["slopes-of-margin-losses"]
HYPOTHESES = ("cosine-logits", "hinge-open", "weights-held-fixed", "angle-within")
STILL_TRUE = {  # mutants that do no harm
    "_shut": (1, "a constant has no slope either"),
    "_weights_move": (1, "a scale up to 2, at which the weights move as well"),
    "_beyond": (7, "other ranges of margins and cosines that are beyond pi - m"),
}
F = CLAIM.formulas


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


def test_weights_that_are_differentiated_are_those_of_the_vectors() -> None:
    """They were numbers of their own, which fitted no cosine."""
    held = next(h for h in CLAIM.hypotheses if h.id == "weights-held-fixed")
    assert held.witness is not None
    weights = {circle.NEGATIVE_WEIGHT.func, circle.POSITIVE_WEIGHT.func}
    assert not any(f.func in weights for e in expressions(held.witness(F).goal) for f in e.atoms(AppliedUndef))


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
