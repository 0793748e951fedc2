"""Adam without momentum on rows visited at random in two dimensions, where tangential gradients have one length: squared norms.

On every path ``r'^2 = (1 - eta lambda)^2 r^2 - 2 (1 - eta lambda) eta <u, s> + eta^2 |s|^2``. The simulator draws the sign of
a gradient apart from all else, so that ``<u, s>`` has mean 0, and once the norm is settled so has the difference of its ends:
both are taken off the squared norms as control variates, since they make a single ``r^2`` vary by its own size.

What moving directions take off the energy of steps, which steady coordinates are claimed to have. Let phi be the angle to
an axis. The coordinate that vanishes there has ``g^2 ~ phi^2``, and phi walks with variance ``D <= eta^2 min(1, p/h)/r^2`` a
step, ``h = 1 - beta_2``, half of a step's energy being that of the other coordinate. Seen from a visit at phi its ``v`` has the
mean ``p (1 - h)(phi^2 + D/h) + h phi^2``, times the rest of ``g^2``. By Jensen the coordinate loses a share
``kappa/(phi^2 + kappa)`` at most, ``kappa = p (1 - h)(D/h)/(h + p (1 - h))``. Directions are spread as ``1/(1 + |sin 2 phi|)``,
the inverse of the walk's variance, which is pi/2 times evenly at the axes. Over all directions the share is ``(pi/2)
sqrt(kappa)``, to first order in its root, and is evaluated along the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from derivations.evidence import Floats
from numerics.simulation.steps import Optimizer, Trajectory, drive

ROWS, DIMENSION = 24, 2
FORGETS = {"dense": (0.025, 0.03), "lazy": (0.5, 0.9)}  # 1 - beta_2
FACTOR = 32.0  # of the outer rungs over the crossover
RUNGS = {"dense": (1 / FACTOR, 4 / FACTOR, FACTOR / 4, FACTOR), "lazy": (0.05, 0.25, 1.0)}  # over the crossover; p itself
LENGTH = {("dense", False): 150.0, ("dense", True): 200.0, ("lazy", False): 200.0, ("lazy", True): 300.0}  # see `steps_for`
WARM = {"dense": 20.0, "lazy": 40.0}  # the same, before a row without decay counts
PRODUCT = 0.02  # eta lambda in units of h
SETTLED = 0.5  # share of a run with decay before it counts: 4 relaxation times, as LENGTH and PRODUCT have it


@dataclass(frozen=True)
class Row:
    """One row of the table: the optimiser, with decay or without, and a setting of it."""

    kind: str  # dense or lazy
    decays: bool
    forget: float
    step_size: float
    energy: float
    seed: int
    dimension: int = DIMENSION
    ratio: float = PRODUCT

    @property
    def product(self) -> float:
        """``eta lambda``."""
        return self.ratio * self.forget if self.decays else 0.0

    def label(self, what: str) -> str:
        """Enough to repeat it."""
        return (f"{self.kind} eta lambda={self.product:.3g} 1-beta_2={self.forget:.3g} eta={self.step_size:.3g}"
                f" G={self.energy:.3g} seed={self.seed} {what}")  # fmt: skip


Changes = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Rung:
    """Squared norms at one frequency, by replicate, and what is left out of the law for them."""

    probability: float
    plain: Floats  # as they are
    controlled: Floats  # less what has mean 0
    visits: Floats  # per step, over p; 1 where the norm does not count them
    start: float  # what was there at first
    steps: float  # after that; lazy: visits
    left_out: float  # by which they may be less, relatively: what moving directions take off
    forgotten: float  # and either way: what is left of the start


def run(row: Row, probability: float, options: dict[str, Any]) -> Trajectory:
    """From a norm of the order of those that are reached: twice the most with decay, a tenth of its square without."""
    lazy = row.kind == "lazy"
    clock = 1.0 if lazy else min(1.0, probability / row.forget)
    steps = steps_for(row, probability, LENGTH[row.kind, row.decays])
    reached = 2 / row.product if row.decays else steps * (probability if lazy else 1.0) / 5
    optimizer = Optimizer("adam", **{"lazy": lazy, "momentum": 0.0, "second_momentum": 1 - row.forget, **options.get("optimizer", {})})
    usual = {"dimension": row.dimension, "visits": probability, "seed": row.seed + int(1e6 * probability)}
    return drive(row.step_size * np.sqrt(clock * reached), np.full((options.get("rows", ROWS), steps), row.energy), row.step_size,
                 row.product / row.step_size, optimizer=optimizer, **{**usual, **options.get("run", {})})  # fmt: skip


def steps_for(row: Row, probability: float, count: float) -> int:
    """So many times 1/h; for a lazy row, in the mean so many visits, without decay those of the rarest rung."""
    share = row.forget if row.kind == "dense" else probability if row.decays else min(RUNGS["lazy"])
    return int(np.ceil(count / share))


@lru_cache(maxsize=128)
def rung(row: Row, probability: float, changes: Changes = ()) -> Rung:
    """One rung of a ladder. ``changes``: the number of rows, options of the simulator, options of the optimiser."""
    path, lazy = run(row, probability, {name: dict(v) if isinstance(v, tuple) else v for name, v in changes}), row.kind == "lazy"
    squares, total = path.squared_norms, path.energies.shape[1]
    since = int(SETTLED * total) if row.decays else steps_for(row, probability, WARM[row.kind])
    before, counted = squares[:, since:-1], path.visits[:, since:] if lazy else np.ones((len(squares), total - since))
    count, visits = counted.sum(axis=1), path.visits[:, since:].mean(axis=1) / probability
    # -<u, s> summed over the steps, and the difference of the ends
    control = 2 * row.step_size * (1 - row.product) * path.drifts[:, since:].sum(axis=1)
    risen, forgotten = squares[:, -1] - squares[:, since], 0.0
    if row.decays:
        plain = (counted * before).sum(axis=1) / count
        controlled = plain - (control - risen) / count / (row.product * (2 - row.product))
        shrunk = np.exp(-row.product * (2 - row.product) * since * (probability if lazy else 1.0))
        forgotten, visits = shrunk * abs(squares[0, 0] / controlled.mean() - 1), np.ones_like(visits) if lazy else visits
    else:
        plain, controlled = risen, risen - control
    # bias correction: it counts steps, so that a lazy row's v is short by what its visits have left
    early = path.visits[:, :since].sum(axis=1).min() if lazy else since
    return Rung(probability, plain, controlled, visits, float(squares[:, since].mean()),
                (total - since) * (probability if lazy else 1.0), _turning(row, before, 1.0 if lazy else probability),
                float(forgotten + 2 * (1 - row.forget) ** early))  # fmt: skip


def _turning(row: Row, squares: Floats, share: float) -> float:
    """What moving directions take off the lower end, on the mean of a run."""
    h, seen = row.forget, share * (1 - row.forget)
    walk = row.step_size**2 * min(1.0, share / h) / squares
    return float(np.mean(np.minimum(1.0, np.pi / 2 * np.sqrt(seen * walk / h / (h + seen)))))
