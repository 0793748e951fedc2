"""A8b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import Placed, batches
from theory.broken.geometry.epsilon_leaves_a_radial_gradient import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["epsilon-leaves-a-radial-gradient"]
HYPOTHESES = ("epsilon-added", "inside-the-ball")
STILL_TRUE = {"OUTSIDE": (1, "longer embeddings, which are outside of the ball as well")}  # mutants that do no harm


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


OPPOSITE = Placed(
    dimension=2, candidates=1, temperatures=np.ones(1), step_sizes=np.ones(1), norms=np.ones(1), seed=0,
    vectors=np.array([[-1.0, 0.0]]), others=np.array([[[0.6, -0.8]]]),
)  # fmt: skip


@given(batches())
@example(OPPOSITE)  # once the second vector came out as 0
def test_the_law_never_fails_in_any_setting(batch: Batch) -> None:
    law_checks.assert_never_fails(CLAIM, [batch])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
