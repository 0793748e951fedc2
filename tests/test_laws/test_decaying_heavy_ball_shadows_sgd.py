"""B8c: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from derivations.evidence.settings import Batch
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import drive
from tests import law_checks
from tests.strategies import batches
from theory.broken.dynamics.decaying_heavy_ball_shadows_sgd import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["decaying-heavy-ball-shadows-sgd"]
STILL_TRUE = {"length": (1, "another constant that is taken from both sides")}  # mutants that do no harm
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "heavy-ball", "decay-slower-than-momentum")


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


def test_coupled_decay_above_its_bound_makes_the_embedding_oscillate() -> None:
    """No real x: without gradients the embedding turns round."""
    beta = 0.64
    for product, turns in ((0.9 * 0.04, False), (4 * 0.04, True)):
        run = drive(1.0, np.ones((1, 40)), 1.0, product, dimension=2, visits=0.0, path=True,
                    optimizer=Optimizer("heavy_ball", coupled=True, momentum=beta))  # fmt: skip
        assert bool(np.any(run.path[0] @ run.path[0, 0] < 0)) == turns
