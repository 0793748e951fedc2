"""Entries of the map that were put together from two claims, and whose mean is exact, against the simulator, which knows neither."""

from __future__ import annotations

import numpy as np
import pytest

from derivations.evidence import replicates, rounding
from derivations.evidence.formulas import value
from numerics.simulate import Optimizer, Trajectory, drive
from theory.imprint_map import THRESHOLD, P, regimes
from theory.notation import eta, lam

ROWS, DIMENSION, RATE, PRODUCT, CLIP, ENERGY = 32, 8, 0.1, 4e-3, 0.5, 1e4


def _clipped(visits: float, start: float, steps: int, lazy: bool = False) -> Trajectory:
    """Rows that start from a squared norm."""
    return drive(np.sqrt(start), np.full((ROWS, steps), ENERGY), RATE, PRODUCT / RATE, dimension=DIMENSION, visits=visits,
                 optimizer=Optimizer("clipped_sgd", threshold=CLIP, lazy=lazy), seed=3)  # fmt: skip


@pytest.mark.parametrize(("p", "seen", "agrees"), [(0.2, 0.2, True), (0.02, 0.02, True), (0.2, 0.4, False), (0.2, 0.1, False)])
def test_hot_rows_under_clipping_are_normalised_ones_at_any_frequency(p: float, seen: float, agrees: bool) -> None:
    """The mean of r^2 is linear and starts where it rests, so that it stays; ``seen`` is the frequency that the run has."""
    (entry,) = (r for r in regimes() if (r.optimizer, r.decay, r.rows) == ("clipped_sgd", "dense", "hot"))
    star = float(value(entry.formula, {P: p, eta: RATE, lam: PRODUCT / RATE, THRESHOLD: CLIP}))
    run = _clipped(seen, star, steps := 3000)
    assert run.squared_norms.max() <= ENERGY / CLIP**2, "hot: every step is clipped"
    found, half = replicates.mean(run.squared_norms[:, steps // 2 :].mean(axis=1))
    rounded = star * float(rounding.gamma(steps * (8 * DIMENSION + 60)))
    assert (abs(float(found) - star) <= float(half) + rounded) == agrees


def test_hot_rows_under_lazy_decay_forget_their_frequency_exactly() -> None:
    (entry,) = (r for r in regimes() if (r.optimizer, r.decay, r.rows) == ("clipped_sgd", "lazy", "hot"))
    star = float(value(entry.formula, {eta: RATE, lam: PRODUCT / RATE, THRESHOLD: CLIP}))
    run = _clipped(0.3, star, steps := 500, lazy=True)
    assert np.max(np.abs(run.squared_norms / star - 1)) <= float(rounding.gamma(steps * (8 * DIMENSION + 60)))
