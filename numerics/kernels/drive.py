"""The gradient oracle of prescribed energy: one row is one run."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import dot, fill
from numerics.compiled import allocating, inner, kernel
from numerics.kernels import draws
from numerics.kernels.lockstep import FINISHED, rows_together
from numerics.kernels.observe import Record, start
from numerics.kernels.update import Scratch, Update, measured_step, passed, scratch, states_of, visited
from numerics.losses.similarity import normalized

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Noise(NamedTuple):
    """What the gradient of a step is made of."""

    alignment: float
    persistence: float
    stride: int


class Bench(NamedTuple):
    """What rows that run together need: B of them."""

    memories: Floats  # (B, d) of the AR(1) process
    begun: Ints  # (B,) whether the row has been visited: a lazy row's process begins then
    states: Floats  # (B, STATE_ROWS, d)
    squared: Floats  # (B,) |u|^2
    fresh: Floats  # (d,)
    tangent: Floats  # (d,)
    gradient: Floats  # (d,)
    room: Scratch


@allocating
def bench(many: int, embedding: Floats) -> Bench:
    """Room for ``many`` rows like this one."""
    kind, dimension = embedding.dtype, len(embedding)
    return Bench(
        np.zeros((many, dimension), kind), np.zeros(many, np.int64), states_of(many, embedding), np.empty(many, kind),
        np.empty(dimension, kind), np.empty(dimension, kind), np.empty(dimension, kind), scratch(embedding),
    )  # fmt: skip


@inner
def begin_row(seed: np.uint64, stream: int, norm: float, embeddings: Floats, row: int, on: Bench, place: int, record: Record) -> None:
    """A random direction of this norm, from step 0 of the stream."""
    draws.gaussian(draws.step_key(seed, stream, 0), np.uint64(0), embeddings[row])
    draws.scale_to(embeddings[row], norm)
    on.squared[place], on.begun[place] = start(embeddings, row, record), 0
    # 0, not empty: 0 times what is left there by chance may be NaN
    fill(0.0, on.memories[place])
    for i in range(on.states.shape[1]):
        fill(0.0, on.states[place, i])


@inner
def noise(key: np.uint64, persistence: float, unit: Floats, memory: Floats, fresh: Floats, first: bool, tangent: Floats) -> None:
    """Fill ``tangent``, a unit vector orthogonal to ``unit``: white, or the projection of an AR(1) vector ``memory``."""
    if persistence == 0.0:
        draws.tangent_direction(key, unit, tangent)
        return
    draws.gaussian(key, np.uint64(0), fresh)
    part = 0.0 if first else persistence
    kept, new = unit.dtype.type(part), unit.dtype.type(np.sqrt((1.0 - part) * (1.0 + part)))
    for i in range(len(unit)):
        memory[i] = kept * memory[i] + new * fresh[i]
        tangent[i] = memory[i]
    for _ in range(2):
        along = dot(unit, tangent)
        for i in range(len(unit)):
            tangent[i] -= along * unit[i]
    draws.scale_to(tangent, 1.0)


@inner
def step_of_row(
    of: Noise, update: Update, key: np.uint64, step: int, row: int, place: int, embedding: Floats, energy: float, rates: Floats,
    on: Bench, record: Record,
) -> float:  # fmt: skip
    """One step of the row at ``place`` of the bench, ``rates`` = (norm, step size, weight decay); the new |u|^2."""
    squared, slot, kind = on.squared[place], step // of.stride, embedding.dtype.type
    visit = visited(update, key)
    record.visits[row, slot] += 1.0 if visit else 0.0
    if not visit and update.lazy:
        passed(embedding, row, slot, step, record)
        return squared
    length = normalized(embedding, squared, on.room.unit)
    noise(key, of.persistence, on.room.unit, on.memories[place], on.fresh, on.begun[place] == 0, on.tangent)
    on.begun[place] = 1
    along, across = kind(of.alignment), kind(np.sqrt((1.0 - of.alignment) * (1.0 + of.alignment)))
    size = kind(np.sqrt(energy) / length if visit else 0.0)
    for i in range(len(embedding)):
        on.gradient[i] = size * (across * on.tangent[i] + along * on.room.unit[i])
    return measured_step(
        update, rates[1], rates[2], step, key, embedding, squared, on.gradient, on.states[place], on.room, row, slot, record
    )


@kernel
def drive(stamp: int) -> Any:
    """Fill embeddings (R, d), the last ones, the records, and the steps at which rows ``left`` the ``span`` of |u|^2, or FINISHED.

    Step 0 of a row's stream draws the first direction, step k + 1 the tangent of step k.
    """

    def rows(begin, end, of, span, update, seed, first_row, embeddings, energies, rates, record, left):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        together = rows_together(embeddings[0].nbytes)
        on = bench(together, embeddings[0])
        for head in range(begin, end, together):
            tail = min(head + together, end)
            for row in range(head, tail):
                begin_row(seed, first_row + row, rates[row, 0], embeddings, row, on, row - head, record)
                left[row] = FINISHED
            for step in range(energies.shape[1]):
                advance(head, tail, step, of, span, update, seed, first_row, embeddings, energies, rates, on, record, left)

    return rows


@inner
def advance(
    head: int, tail: int, step: int, of: Noise, span: tuple[float, float], update: Update, seed: np.uint64, first_row: int,
    embeddings: Floats, energies: Floats, rates: Floats, on: Bench, record: Record, left: Ints,
) -> None:  # fmt: skip
    """One step of every row of a bench that has not left."""
    for row in range(head, tail):
        if left[row] == FINISHED:
            key = draws.step_key(seed, first_row + row, step + 1)
            squared = step_of_row(of, update, key, step, row, row - head, embeddings[row], energies[row, step], rates[row], on, record)
            on.squared[row - head] = squared
            if not span[0] <= squared <= span[1]:
                left[row] = step
