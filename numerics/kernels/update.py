"""One step of any update rule on one row, and what is measured at it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import copy, dot, fill, squared_rest, two_dots
from numerics.compiled import allocating, inner
from numerics.kernels.observe import Record, angle
from numerics.kernels.storage import Storage, store
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


@allocating
def scratch(embedding: Floats) -> Scratch:
    """Room for a row like this one."""
    return Scratch(np.empty_like(embedding), np.empty_like(embedding), np.empty_like(embedding), np.empty_like(embedding))


@allocating
def states_of(many: int, embedding: Floats) -> Floats:
    """What rules remember (B, STATE_ROWS, d) of rows like this one: 0 at the start."""
    return np.zeros((many, STATE_ROWS, len(embedding)), embedding.dtype)


@inner
def visited(update: Update, key: np.uint64) -> bool:
    """Whether the step with this key visits the row."""
    if update.visits >= 1.0:
        return True
    return bool(np.float64(random_bits(key, _VISIT) >> np.uint64(11)) * _TWO_TO_MINUS_53 < update.visits)


@inner
def passed(embedding: Floats, row: int, slot: int, age: int, record: Record) -> None:
    """A step that leaves the row alone."""
    record.squared_norms[row, slot + 1] = dot(embedding, embedding)
    if record.path.shape[1] > 0:
        copy(embedding, record.path[row, age + 1])
        fill(0.0, record.gradients[row, age])


@inner
def measured_step(
    update: Update, step_size: float, weight_decay: float, age: int, key: np.uint64,
    embedding: Floats, squared: float, gradient: Floats, state: Floats, room: Scratch, row: int, slot: int, record: Record,
) -> float:  # fmt: skip
    """u <- (1 - share * step_size * weight_decay) u - step_size * s, its measurements added to ``slot`` of ``row``.

    ``squared`` is |u|^2, ``room.unit`` the direction of u and ``state`` (STATE_ROWS, d) what the rule remembers. The new |u|^2.
    """
    radial, along = two_dots(embedding, room.unit, gradient)
    record.radial[row, slot] += radial
    record.energies[row, slot] += np.float64(squared) * squared_rest(gradient, along, room.unit)
    share = _direction(update, weight_decay, age, embedding, gradient, state, room)
    drift, heat = two_dots(embedding, room.step, room.step)
    record.drifts[row, slot] -= drift
    record.heats[row, slot] += np.float64(squared) * heat
    kind, rate = embedding.dtype.type, step_size * update.schedule[age]
    keep = kind(1.0 if update.coupled else 1.0 - share * rate * weight_decay)
    _move(embedding, kind(rate), keep, squared, update, key, room)
    turn, after = angle(embedding, room.moved, room.unit)
    record.rotations[row, slot] += turn
    if record.path.shape[1] > 0:
        copy(gradient, record.gradients[row, age])
        copy(room.moved, record.path[row, age + 1])
    copy(room.moved, embedding)
    record.squared_norms[row, slot + 1] = after
    return after


@inner
def _direction(
    update: Update, weight_decay: float, age: int, embedding: Floats, gradient: Floats, state: Floats, room: Scratch
) -> float:
    """Fill ``step``: what the rule makes of the gradient, or of the gradient and coupled decay."""
    if update.coupled:
        decay = embedding.dtype.type(weight_decay)
        for i in range(len(embedding)):
            room.seen[i] = gradient[i] + decay * embedding[i]
    # one call and not two: every rule is compiled into each
    seen = room.seen if update.coupled else gradient
    return direction(update.rule, embedding, seen, update.settings, age, state, room.step)


@inner
def _move(
    embedding: Floats, rate: float, keep: float, squared: float, update: Update, key: np.uint64, room: Scratch
) -> None:
    """Fill ``moved``. As in place, in two operations: what was shrunk is stored before the step is taken."""
    count, storage = len(embedding), update.storage
    for i in range(count):
        room.moved[i] = keep * embedding[i]
    if keep != 1.0:
        _store_all(room.moved, storage, key, 0)
    for i in range(count):
        room.moved[i] -= rate * room.step[i]
    _store_all(room.moved, storage, key, count)
    if update.retracts:
        factor = np.sqrt(squared) / np.sqrt(dot(room.moved, room.moved))
        for i in range(count):
            room.moved[i] *= factor
        _store_all(room.moved, storage, key, 2 * count)


@inner
def _store_all(values: Floats, storage: Storage, key: np.uint64, first: int) -> None:
    if storage.bits == 0:
        return
    for i in range(len(values)):
        values[i] = store(values[i], storage, key, first + i)
