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
from theory.catalogue import catalogue
from theory.laws.dynamics.decaying_heavy_ball_shadows_sgd import S, W, X
from theory.momentum import BETA, OVERLAP
from theory.notation import G, eta, lam, r

CLAIM = catalogue()["decaying-heavy-ball-shadows-sgd"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "heavy-ball", "decay-slower-than-momentum")
BROKEN = {
    "decoupled decay grows": {"decoupled_factor": 1 + eta * lam},
    "decoupled decay acts twice": {"decoupled_factor": 1 - 2 * eta * lam},
    "coupled decay is decoupled": {"coupled_product": 1 - X},
    "the product lacks its divisor": {"coupled_product": (1 - X) * (X - BETA)},
    "the lag is that without decay": {"lag": eta * BETA / (1 - BETA)},
    "the step is that without decay": {"step": eta / (1 - BETA)},
    "the step lacks a factor": {"step": eta / (X - BETA)},
    "the shadow decays once": {"next_squared_norm": X * W + S**2 * (G / r**2 + 2 * BETA * OVERLAP)},
    "the overlap decays": {"next_squared_norm": X**2 * W + S**2 * (G / r**2 + 2 * X * BETA * OVERLAP)},
    "the overlap has the wrong sign": {"next_squared_norm": X**2 * W + S**2 * (G / r**2 - 2 * BETA * OVERLAP)},
    "coupled decay acts as decoupled decay": {"coupled_speed": 1},
    "coupled decay acts as heat": {"coupled_speed": 1 / (1 - BETA) ** 2},
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


def test_coupled_decay_above_its_bound_makes_the_embedding_oscillate() -> None:
    """No real x: without gradients the embedding turns round."""
    beta = 0.64
    for product, turns in ((0.9 * 0.04, False), (4 * 0.04, True)):
        run = drive(1.0, np.ones((1, 40)), 1.0, product, dimension=2, visits=0.0, path=True,
                    optimizer=Optimizer("heavy_ball", coupled=True, momentum=beta))  # fmt: skip
        assert bool(np.any(run.path[0] @ run.path[0, 0] < 0)) == turns
