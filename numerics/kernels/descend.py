"""Gradient descent and the gradient oracle of prescribed energy: one row is one run."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import copy, dot, fill
from numerics.compiled import allocating, inner, kernel
from numerics.kernels import draws
from numerics.kernels import gradient as one
from numerics.kernels.observe import Record, record_of
from numerics.kernels.update import Update, measured_step, passed, scratch, visited
from numerics.losses.similarity import COSINE, normalized

Floats = NDArray[np.float64]
FINISHED = -1


@allocating
def descend_row(
    choice: tuple[int, int, int, int, int, int], span: tuple[float, float], update: Update, seed: np.uint64, row: int,
    embedding: Floats, candidates: Floats, rates: Floats, record: Record,
) -> int:  # fmt: skip
    """Run one row; ``rates`` = (temperature, step size, weight decay). FINISHED, or the step that leaves the ``span`` of |u|^2.

    The arithmetic has the precision of ``embedding`` and ``candidates``.
    """
    loss, similarity, kept, batch, lag, stride = choice
    count, dimension = candidates.shape
    pool, order = np.empty_like(candidates), np.empty(count, np.int64)
    one.prepare_pool(similarity, candidates, pool, np.empty(count, candidates.dtype))
    work, room = one.workspace(batch, pool), scratch(embedding)
    past = np.empty((lag + 1, dimension), embedding.dtype)  # a ring: u_k stands at k modulo lag + 1
    gradient, temperature = np.empty_like(embedding), embedding.dtype.type(rates[0])
    squared = start(embedding, record)
    for step in range(len(record.energies) * stride):
        if lag > 0:
            copy(embedding, past[step % (lag + 1)])
        key, slot = draws.step_key(seed, row, step), step // stride
        visit = visited(update, key)
        record.visits[slot] += 1.0 if visit else 0.0
        if not visit and update.lazy:
            passed(embedding, slot, step, record)
            continue
        if batch < count:
            draws.subset(key, kept, order, work.chosen)
        length = normalized(embedding, squared, room.unit)
        if not visit:
            fill(0.0, gradient)
        elif lag == 0 and similarity == COSINE:
            one.gradient_at(loss, similarity, room.unit, length, pool, temperature, work, gradient)
        else:
            seen = embedding if lag == 0 else past[max(step - lag, 0) % (lag + 1)]
            one.gradient(loss, similarity, seen, pool, temperature, work, gradient)
        squared = measured_step(update, rates[1], rates[2], step, key, embedding, squared, gradient, room, slot, record)
        if not span[0] <= squared <= span[1]:
            return step
    return FINISHED


@inner
def start(embedding: Floats, record: Record) -> float:
    """What is recorded before the first step; the squared norm."""
    squared = dot(embedding, embedding)
    record.squared_norms[0] = squared
    if len(record.path):
        copy(embedding, record.path[0])
    return squared


@kernel
def descend(stamp: int) -> Any:
    """Move embeddings (R, d), fill the records; ``choice`` = (loss, similarity, kept, batch, lag, stride)."""

    def rows(begin, end, choice, span, update, seed, first_row, embeddings, candidates, rates, record, left_at):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        for row in range(begin, end):
            left_at[row] = descend_row(
                choice, span, update, seed, first_row + row, embeddings[row], candidates[row], rates[row],
                record_of(record, row),
            )  # fmt: skip

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


@allocating
def drive_row(
    noise_of: tuple[float, float], span: tuple[float, float], stride: int, update: Update, seed: np.uint64, row: int,
    embedding: Floats, energies: Floats, rates: Floats, record: Record,
) -> int:  # fmt: skip
    """Run one row, ``rates`` = (norm, step size, weight decay), on gradients of the given energies (K,).

    ``noise_of`` = (alignment, persistence). Step 0 of the stream draws the first direction, step k + 1 the tangent
    of step k.
    """
    alignment, persistence = noise_of
    kind, dimension = embedding.dtype.type, len(embedding)
    tangent, gradient = np.empty_like(embedding), np.empty_like(embedding)
    # 0, not empty: 0 times what is left there by chance may be NaN
    memory, fresh, room = np.zeros_like(embedding), np.empty_like(embedding), scratch(embedding)
    draws.gaussian(draws.step_key(seed, row, 0), np.uint64(0), embedding)
    draws.scale_to(embedding, rates[0])
    squared = start(embedding, record)
    along, across = kind(alignment), kind(np.sqrt((1.0 - alignment) * (1.0 + alignment)))
    begun = False  # a lazy row begins at its first visit
    for step in range(len(energies)):
        length = normalized(embedding, squared, room.unit)
        key, slot = draws.step_key(seed, row, step + 1), step // stride
        visit = visited(update, key)
        record.visits[slot] += 1.0 if visit else 0.0
        if not visit and update.lazy:
            passed(embedding, slot, step, record)
            continue
        noise(key, persistence, room.unit, memory, fresh, not begun, tangent)
        begun = True
        size = kind(np.sqrt(energies[step]) / length if visit else 0.0)
        for i in range(dimension):
            gradient[i] = size * (across * tangent[i] + along * room.unit[i])
        squared = measured_step(update, rates[1], rates[2], step, key, embedding, squared, gradient, room, slot, record)
        if not span[0] <= squared <= span[1]:
            return step
    return FINISHED


@kernel
def drive(stamp: int) -> Any:
    """Fill embeddings (R, d), the last ones, and the records."""

    def rows(begin, end, noise_of, span, stride, update, seed, first_row, embeddings, energies, rates, record, left_at):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        for row in range(begin, end):
            left_at[row] = drive_row(
                noise_of, span, stride, update, seed, first_row + row, embeddings[row], energies[row], rates[row],
                record_of(record, row),
            )  # fmt: skip

    return rows
