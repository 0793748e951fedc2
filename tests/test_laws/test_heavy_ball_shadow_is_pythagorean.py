"""B8a: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from derivations.evidence.momentum import on_loss
from derivations.evidence.settings import Batch, ordinary
from tests import law_checks
from tests.strategies import batches
from theory.broken.dynamics.heavy_ball_shadow_is_pythagorean import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["heavy-ball-shadow-is-pythagorean"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "no-weight-decay", "heavy-ball")


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


@pytest.mark.parametrize(("rule", "coupled"), [("heavy_ball", True), ("heavy_ball", False), ("nesterov", False)])
def test_the_momentum_that_is_computed_anew_is_the_one_that_moves_the_embedding(rule: str, coupled: bool) -> None:
    run = on_loss(ordinary(3), "infonce", 0.8, 0.2, rule=rule, coupled=coupled)
    kept = 1 - (not coupled) * 0.2 * run.step_size
    moved = run.momenta[:, 1:] if rule == "heavy_ball" else run.run.gradients + 0.8 * run.momenta[:, 1:]
    following = kept[:, :, None] * run.run.path[:, :-1] - run.step_size[:, :, None] * moved
    np.testing.assert_allclose(run.run.path[:, 1:], following, rtol=0, atol=1e-13)
