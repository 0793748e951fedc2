"""Gradient descent and the gradient oracle of prescribed energy: one row is one run."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.compiled import inner, kernel
from numerics.kernels import draws
from numerics.kernels import gradient as one
from numerics.kernels.observe import Record, record_of
from numerics.kernels.update import Update, measured_step, passed, scratch, visited
from numerics.losses.similarity import COSINE, dot, prepare

Floats = NDArray[np.float64]
FINISHED = -1


@inner
def descend_row(
    choice: tuple[int, int, int, int, int, int], update: Update, seed: np.uint64, row: int,
    embedding: Floats, candidates: Floats, rates: Floats, record: Record,
) -> int:  # fmt: skip
    """Run one row; ``rates`` = (temperature, step size, weight decay). FINISHED, or the step out of range."""
    loss, similarity, kept, batch, lag, stride = choice
    count, dimension = candidates.shape
    pool, order = np.empty((count, dimension)), np.empty(count, np.int64)
    one.prepare_pool(similarity, candidates, pool, np.empty(count))
    work, room = one.workspace(batch, dimension), scratch(dimension)
    past = np.empty((lag + 1, dimension))  # a ring: u_k stands at k modulo lag + 1
    gradient = np.empty(dimension)
    start(embedding, record)
    for step in range(len(record.energies) * stride):
        for i in range(dimension):
            past[step % (lag + 1), i] = embedding[i]
        key, slot = draws.step_key(seed, row, step), step // stride
        visit = visited(update, key)
        record.visits[slot] += 1.0 if visit else 0.0
        if not visit and update.lazy:
            passed(embedding, slot, step, record)
            continue
        if batch < count:
            draws.subset(key, kept, order, work.chosen)
        seen = past[max(step - lag, 0) % (lag + 1)]
        one.gradient(loss, similarity, seen, pool, rates[0], work, gradient)
        if not visit:
            gradient[:] = 0.0
        if not measured_step(update, rates[1], rates[2], step, key, embedding, gradient, room, slot, record):
            return step
    return FINISHED


@inner
def start(embedding: Floats, record: Record) -> None:
    """What is recorded before the first step."""
    record.squared_norms[0] = dot(embedding, embedding)
    if len(record.path):
        record.path[0] = embedding


@kernel
def descend(stamp: int) -> Any:
    """Move embeddings (R, d), fill the records; ``choice`` = (loss, similarity, kept, batch, lag, stride)."""

    def rows(begin, end, choice, update, seed, first_row, embeddings, candidates, rates, record, left_at):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        for row in range(begin, end):
            left_at[row] = descend_row(
                choice, update, seed, first_row + row, embeddings[row], candidates[row], rates[row], record_of(record, row)
            )

    return rows


@inner
def noise(
    key: np.uint64, persistence: float, unit: Floats, memory: Floats, fresh: Floats, first: bool, tangent: Floats
) -> None:
    """Fill ``tangent``, a unit vector orthogonal to ``unit``: white, or the projection of an AR(1) vector ``memory``."""
    if persistence == 0.0:
        draws.tangent_direction(key, unit, tangent)
        return
    draws.gaussian(key, np.uint64(0), fresh)
    kept = 0.0 if first else persistence
    for i in range(len(unit)):
        memory[i] = kept * memory[i] + np.sqrt((1.0 - kept) * (1.0 + kept)) * fresh[i]
        tangent[i] = memory[i]
    for _ in range(2):
        along = dot(unit, tangent)
        for i in range(len(unit)):
            tangent[i] -= along * unit[i]
    draws.scale_to(tangent, 1.0)


@inner
def drive_row(
    noise_of: tuple[float, float], stride: int, update: Update, seed: np.uint64, row: int, embedding: Floats,
    energies: Floats, rates: Floats, record: Record,
) -> int:  # fmt: skip
    """Run one row, ``rates`` = (norm, step size, weight decay), on gradients of the given energies (K,).

    ``noise_of`` = (alignment, persistence). Step 0 of the stream draws the first direction, step k + 1 the tangent
    of step k.
    """
    alignment, persistence = noise_of
    dimension = len(embedding)
    tangent, gradient, unit = np.empty(dimension), np.empty(dimension), np.empty(dimension)
    # 0, not empty: 0 times what is left there by chance may be NaN
    memory, fresh, room = np.zeros(dimension), np.empty(dimension), scratch(dimension)
    draws.gaussian(draws.step_key(seed, row, 0), np.uint64(0), embedding)
    draws.scale_to(embedding, rates[0])
    start(embedding, record)
    across = np.sqrt((1.0 - alignment) * (1.0 + alignment))
    for step in range(len(energies)):
        length = prepare(COSINE, embedding, unit)
        key, slot = draws.step_key(seed, row, step + 1), step // stride
        visit = visited(update, key)
        record.visits[slot] += 1.0 if visit else 0.0
        if not visit and update.lazy:
            passed(embedding, slot, step, record)
            continue
        noise(key, persistence, unit, memory, fresh, step == 0, tangent)
        size = np.sqrt(energies[step]) / length if visit else 0.0
        for i in range(dimension):
            gradient[i] = size * (across * tangent[i] + alignment * unit[i])
        if not measured_step(update, rates[1], rates[2], step, key, embedding, gradient, room, slot, record):
            return step
    return FINISHED


@kernel
def drive(stamp: int) -> Any:
    """Fill embeddings (R, d), the last ones, and the records."""

    def rows(begin, end, noise_of, stride, update, seed, first_row, embeddings, energies, rates, record, left_at):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        for row in range(begin, end):
            left_at[row] = drive_row(
                noise_of, stride, update, seed, first_row + row, embeddings[row], energies[row], rates[row],
                record_of(record, row),
            )  # fmt: skip

    return rows
