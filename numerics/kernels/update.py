"""One step of any update rule on one row, and what is measured at it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.compiled import inner
from numerics.kernels.observe import LARGEST_SQUARED_NORM, SMALLEST_SQUARED_NORM, Record, angle, rejection_norm
from numerics.kernels.storage import Storage, store
from numerics.losses.similarity import COSINE, dot, prepare
from numerics.sampling import random_bits
from numerics.updates import direction
from numerics.updates.definition import STATE_ROWS, Settings

Floats = NDArray[np.float64]
_TWO_TO_MINUS_53 = 2.0**-53
_VISIT = np.uint64(1) << np.uint64(61)  # the counter of a step's stream that decides whether it visits the row


class Update(NamedTuple):
    """How gradients become steps, the same for every row of a run."""

    rule: int
    coupled: bool  # weight decay is part of the gradient that the rule sees; else it shrinks the embedding
    retracts: bool
    lazy: bool  # a step that does not visit the row leaves all of it alone; else its gradient is 0
    visits: float  # probability that a step visits the row
    settings: Settings
    storage: Storage
    schedule: Floats  # (K,) factors of the step size


class Scratch(NamedTuple):
    """Room for the steps of one row."""

    unit: Floats  # (d,)
    seen: Floats  # (d,) the gradient that the rule sees
    step: Floats  # (d,)
    moved: Floats  # (d,)
    state: Floats  # (STATE_ROWS, d), 0 before the first step


@inner
def scratch(dimension: int) -> Scratch:
    """Room, and the state of a row at its start."""
    return Scratch(
        np.empty(dimension), np.empty(dimension), np.empty(dimension), np.empty(dimension),
        np.zeros((STATE_ROWS, dimension)),
    )  # fmt: skip


@inner
def visited(update: Update, key: np.uint64) -> bool:
    """Whether the step with this key visits the row."""
    if update.visits >= 1.0:
        return True
    return bool(np.float64(random_bits(key, _VISIT) >> np.uint64(11)) * _TWO_TO_MINUS_53 < update.visits)


@inner
def passed(embedding: Floats, slot: int, age: int, record: Record) -> None:
    """A step that leaves the row alone."""
    record.squared_norms[slot + 1] = dot(embedding, embedding)
    if len(record.path):
        record.path[age + 1] = embedding
        record.gradients[age] = 0.0


@inner
def measured_step(
    update: Update, step_size: float, weight_decay: float, age: int, key: np.uint64,
    embedding: Floats, gradient: Floats, room: Scratch, slot: int, record: Record,
) -> bool:  # fmt: skip
    """u <- (1 - share * step_size * weight_decay) u - step_size * s, its measurements added to ``slot``.

    False when the new norm is out of range.
    """
    length = prepare(COSINE, embedding, room.unit)
    record.radial[slot] += dot(embedding, gradient)
    tangential = length * rejection_norm(gradient, room.unit, 0.0, gradient)
    record.energies[slot] += tangential * tangential
    rate = step_size * update.schedule[age]
    for i in range(len(embedding)):
        room.seen[i] = gradient[i] + weight_decay * embedding[i] if update.coupled else gradient[i]
    share = direction(update.rule, embedding, room.seen, update.settings, age, room.state, room.step)
    record.drifts[slot] -= dot(embedding, room.step)
    record.heats[slot] += length * length * dot(room.step, room.step)
    keep = 1.0 if update.coupled else 1.0 - share * rate * weight_decay
    _move(embedding, rate, keep, length, update, key, room)
    record.rotations[slot] += angle(embedding, room.moved, room.unit)
    if len(record.path):
        record.gradients[age] = gradient
        record.path[age + 1] = room.moved
    for i in range(len(embedding)):
        embedding[i] = room.moved[i]
    squared = dot(embedding, embedding)
    record.squared_norms[slot + 1] = squared
    return SMALLEST_SQUARED_NORM <= squared <= LARGEST_SQUARED_NORM


@inner
def _move(
    embedding: Floats, rate: float, keep: float, length: float, update: Update, key: np.uint64, room: Scratch
) -> None:
    """Fill ``moved``. As in place, in two operations: what was shrunk is stored before the step is taken."""
    count = len(embedding)
    for i in range(count):
        shrunk = store(keep * embedding[i], update.storage, key, i) if keep != 1.0 else embedding[i]
        room.moved[i] = store(shrunk - rate * room.step[i], update.storage, key, count + i)
    if update.retracts:
        factor = length / np.sqrt(dot(room.moved, room.moved))
        for i in range(count):
            room.moved[i] = store(factor * room.moved[i], update.storage, key, 2 * count + i)
