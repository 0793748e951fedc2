"""Entries of the map that were put together from two claims, and whose mean is exact, against the simulator, which knows neither."""

from __future__ import annotations

import numpy as np
import pytest

from derivations.evidence import replicates, rounding
from derivations.evidence.formulas import value
from numerics.simulation.steps import Optimizer, Trajectory, drive
from theory.imprint_map import THRESHOLD, P, regimes
from theory.notation import G, eta, lam

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


RELAXING = [  # optimiser, decay, which rows, gradient energy: of hot rows a large one, of cold ones a small one
    ("sgd", "dense", "", 1.0), ("sgd", "lazy", "", 1.0), ("normalized_sgd", "dense", "", 1.0), ("normalized_sgd", "lazy", "", 1.0),
    ("clipped_sgd", "dense", "hot", 1e4), ("clipped_sgd", "lazy", "hot", 1e4),
    ("clipped_sgd", "dense", "cold", 1e-2), ("clipped_sgd", "lazy", "cold", 1e-2),
]  # fmt: skip


@pytest.mark.parametrize("visits", [1.0, 0.25])
@pytest.mark.parametrize(("optimizer", "decay", "rows", "energy"), RELAXING, ids=lambda x: str(x) or "all")
def test_a_relaxation_time_leaves_one_over_e_of_a_difference(optimizer: str, decay: str, rows: str, energy: float, visits: float) -> None:
    """Two runs with the same draws from other norms: what is left of the difference of their r^power.

    A step that decays multiplies it by (1 - x)^power, x = eta lambda, where steps have one length; where they have one energy
    (power 4) by that less (eta^2 G)^2 / (z z'), z = r^4. So a step takes a share y of it away, and the law says y = power x.
    """
    (entry,) = (r for r in regimes() if (r.optimizer, r.decay, r.rows) == (optimizer, decay, rows))
    product, lazy = 1e-3, decay == "lazy"
    known = {P: visits, eta: RATE, lam: product / RATE, THRESHOLD: CLIP, G: energy}
    star, steps = (float(value(formula, known)) for formula in (entry.formula, entry.relaxation))
    assert steps == round(steps)
    one, other = (
        drive((start * star) ** (1 / entry.power), np.full((4 * ROWS, round(steps)), energy), RATE, product / RATE,
              dimension=DIMENSION, visits=visits, optimizer=Optimizer(optimizer, threshold=CLIP, lazy=lazy), seed=5).squared_norms
        for start in (1.0, 3.0)
    )  # fmt: skip
    if rows:
        hot = energy / np.array([one, other]) >= CLIP**2
        assert np.all(hot == (rows == "hot"))
    apart = other ** (entry.power / 2) - one ** (entry.power / 2)
    found, half = replicates.mean(apart[:, -1] / apart[:, 0])
    least = 1 - (1 - product) ** entry.power
    most = least + (RATE**4 * energy**2 / float(np.min(one * other)) ** 2 if entry.power == 4 else 0.0)
    chance, first_order = (visits if lazy else 1.0), entry.power * product
    # E of (1 - y)^n, n decaying steps in 1/(chance power x): exp(-1) but for what is of higher order in x
    off = max(abs(np.log1p(-chance * share) / (chance * first_order) + 1) for share in (least, most))
    # a step rounds either norm, at most three times the difference that is left, as above; a power of 2 doubles that
    rounded = 12 * float(rounding.gamma(round(steps) * (8 * DIMENSION + 60)))
    assert abs(float(found) - np.exp(-1)) <= np.exp(-1) * np.expm1(off) + float(half) + rounded
