"""Norms as training leaves them: the project's simulators on a world, with every hypothesis of the norm's reading kept, or one dropped.

Every item's row is trained to the cosine with positives drawn about it (the loss ``-cos/temperature``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numerics import validation
from numerics.calibration.worlds import World
from numerics.encoders import shared as encoders
from numerics.lookup.rows import visited_rows, von_mises_fisher
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import descend
from numerics.validation import Floats, InvalidInput

ENCODERS = ("lookup", "pool", "shared")
TEMPERATURE = 0.5  # at which -cos/temperature is cosine regression, 2 - 2 cos, up to a constant
_INPUTS = 2  # items for each input dimension of a shared encoder
_BATCH = 32


@dataclass(frozen=True)
class Training:
    """How rows are trained.

    ``encoder``: ``lookup``: a free row for each item, a new positive at each visit; ``pool``: the same, with positives from ``pool``
    draws made beforehand, and any ``optimizer``; ``shared``: one linear map of inputs of half as many dimensions as there are items.
    ``about_row`` (lookup): positives are about where the row is, and so are the queries afterwards; else about a meaning that stands still.
    ``dense`` decay shrinks all rows at every step, else only visited ones. An item is visited in proportion to its prior, the most frequent
    one at every step (in a batch of a shared encoder, as often as that makes it).
    """

    encoder: str = "lookup"
    optimizer: Optimizer = Optimizer()  # noqa: RUF009
    about_row: bool = False
    dense: bool = True
    step_size: float = 0.005
    weight_decay: float = 0.01
    steps: int = 24000
    pool: int = 256

    def __post_init__(self) -> None:
        if self.encoder not in ENCODERS:
            raise InvalidInput(f"encoder = {self.encoder!r} must be one of {', '.join(ENCODERS)}")
        if self.encoder != "lookup" and (self.about_row or not self.dense):
            raise InvalidInput(f"encoder = {self.encoder!r} has dense decay, and meanings that stand still")
        if self.encoder != "pool" and self.optimizer != Optimizer():
            raise InvalidInput(f"optimizer = {self.optimizer!r} must be plain SGD for encoder = {self.encoder!r}")
        validation.number("step_size", self.step_size, above=0.0)
        validation.number("weight_decay", self.weight_decay, above=0.0, most=1 / self.step_size)
        validation.integer("steps", self.steps, 1)
        validation.integer("pool", self.pool, 2)


@dataclass(frozen=True)
class Trained:
    """``embeddings`` (N, d), ``visits`` (N,), what they started from, and the ``world`` as queries will see it."""

    embeddings: Floats
    visits: NDArray[np.int64]
    initial_norm: float
    world: World

    @property
    def norms(self) -> Floats:
        """(N,)."""
        return np.linalg.norm(self.embeddings, axis=1)


def trained_norms(world: World, training: Training, *, seed: int = 0, threads: int | None = None) -> Trained:
    """Rows of the world's items after training; they start along their meanings, with norm 1 (of a shared encoder: about 1)."""
    chances = world.priors / world.priors.max()
    return {"lookup": _lookup, "pool": _pool, "shared": _shared}[training.encoder](world, chances, training, seed, threads)


def _lookup(world: World, chances: Floats, x: Training, seed: int, threads: int | None) -> Trained:
    run = visited_rows(
        world.directions, world.concentrations, chances, 1.0, step_size=x.step_size, weight_decay=x.weight_decay, temperature=TEMPERATURE,
        steps=x.steps, dense=x.dense, about_row=x.about_row, seed=seed, threads=threads,
    )  # fmt: skip
    return Trained(run.embeddings, run.visits, 1.0, world.moved(run.embeddings) if x.about_row else world)


def _pool(world: World, chances: Floats, x: Training, seed: int, threads: int | None) -> Trained:
    """A run for every chance of a visit."""
    embeddings, visits = np.empty_like(world.directions), np.empty(len(chances), np.int64)
    for chance in np.unique(chances):
        rows = np.flatnonzero(chances == chance)
        about = np.repeat(world.directions[rows], x.pool, axis=0)
        drawn = von_mises_fisher(about, np.repeat(world.concentrations[rows], x.pool), seed=seed + 1, first_row=int(rows[0]) * x.pool)
        run = descend(
            "cosine_regression", world.directions[rows], drawn.reshape(len(rows), x.pool, -1), TEMPERATURE, x.step_size, x.weight_decay,
            steps=x.steps, stride=x.steps, batch=1, visits=float(chance), optimizer=x.optimizer, seed=seed, first_row=int(rows[0]),
            threads=threads,
        )  # fmt: skip
        embeddings[rows], visits[rows] = run.embeddings, np.rint(run.visits.sum(axis=1))
    return Trained(embeddings, visits, 1.0, world)


def _shared(world: World, chances: Floats, x: Training, seed: int, _threads: int | None) -> Trained:
    """SGD on batches of items; the world's meanings are where the encoder puts its items before it is trained."""
    rng = np.random.default_rng([validation.integer("seed", seed, 0), 21])
    items, dimension = world.directions.shape
    width = max(2, items // _INPUTS)
    inputs = rng.standard_normal((items, width))
    weights: tuple[Floats, ...] = (rng.standard_normal((dimension, width)) / np.sqrt(dimension * width),)
    world, visits = world.moved(encoders.outputs(weights, inputs)), np.zeros(items, np.int64)
    share = chances / chances.sum()
    for step in range(x.steps):
        chosen = rng.choice(items, size=_BATCH, p=share)
        positives = von_mises_fisher(world.directions[chosen], world.concentrations[chosen], seed=seed, first_row=step * _BATCH)
        task = encoders.Objective("cosine_regression", positives[:, None], np.full(_BATCH, TEMPERATURE), np.ones(_BATCH))
        gradient = task.slopes(weights, inputs[chosen]).weight_gradients
        kept = tuple((1 - x.step_size * x.weight_decay) * w for w in weights)
        weights = encoders.moved(kept, gradient, x.step_size)
        np.add.at(visits, chosen, 1)
    embeddings = encoders.outputs(weights, inputs)
    return Trained(embeddings, visits, 1.0, world)
