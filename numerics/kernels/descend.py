"""Gradient descent and the gradient oracle of prescribed energy: one row is one run."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.compiled import inner, kernel
from numerics.kernels import draws
from numerics.kernels import gradient as one
from numerics.kernels.observe import Record, measured_step
from numerics.losses.similarity import COSINE, dot, prepare

Floats = NDArray[np.float64]
FINISHED = -1


@inner
def descend_row(
    loss: int, similarity: int, kept: int, batch: int, lag: int, stride: int, seed: np.uint64, row: int,
    embedding: Floats, candidates: Floats, rates: Floats, record: Record,
) -> int:  # fmt: skip
    """Run one row; ``rates`` = (temperature, step size, weight decay). FINISHED, or the step out of range."""
    count, dimension = candidates.shape
    pool, order = np.empty((count, dimension)), np.empty(count, np.int64)
    one.prepare_pool(similarity, candidates, pool, np.empty(count))
    work = one.workspace(batch, dimension)
    past = np.empty((lag + 1, dimension))  # a ring: u_k stands at k modulo lag + 1
    gradient, unit, moved = np.empty(dimension), np.empty(dimension), np.empty(dimension)
    record.squared_norms[0] = dot(embedding, embedding)
    for step in range(len(record.energies) * stride):
        for i in range(dimension):
            past[step % (lag + 1), i] = embedding[i]
        if batch < count:
            draws.subset(draws.step_key(seed, row, step), kept, order, work.chosen)
        seen = past[max(step - lag, 0) % (lag + 1)]
        one.gradient(loss, similarity, seen, pool, rates[0], work, gradient)
        if not measured_step(embedding, gradient, rates[1], rates[2], unit, moved, step // stride, record):
            return step
    return FINISHED


@kernel
def descend(stamp: int) -> Any:
    """Move embeddings (R, d), fill the records; ``choice`` = (loss, similarity, kept, batch, lag, stride)."""

    def rows(begin, end, choice, seed, first_row, embeddings, candidates, rates, record, left_at):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        loss, similarity, kept, batch, lag, stride = choice
        for row in range(begin, end):
            mine = Record(
                record.squared_norms[row], record.energies[row], record.radial[row], record.rotations[row]
            )
            left_at[row] = descend_row(
                loss, similarity, kept, batch, lag, stride, seed, first_row + row,
                embeddings[row], candidates[row], rates[row], mine,
            )  # fmt: skip

    return rows


@inner
def drive_row(
    alignment: float, stride: int, seed: np.uint64, row: int, embedding: Floats, energies: Floats,
    rates: Floats, record: Record,
) -> int:  # fmt: skip
    """Run one row, ``rates`` = (norm, step size, weight decay), on gradients of the given energies (K,).

    Step 0 of the stream draws the first direction, step k + 1 the tangent of step k.
    """
    dimension = len(embedding)
    tangent, gradient = np.empty(dimension), np.empty(dimension)
    unit, moved = np.empty(dimension), np.empty(dimension)
    draws.gaussian(draws.step_key(seed, row, 0), np.uint64(0), embedding)
    draws.scale_to(embedding, rates[0])
    record.squared_norms[0] = dot(embedding, embedding)
    across = np.sqrt((1.0 - alignment) * (1.0 + alignment))
    for step in range(len(energies)):
        length = prepare(COSINE, embedding, unit)
        draws.tangent_direction(draws.step_key(seed, row, step + 1), unit, tangent)
        size = np.sqrt(energies[step]) / length
        for i in range(dimension):
            gradient[i] = size * (across * tangent[i] + alignment * unit[i])
        if not measured_step(embedding, gradient, rates[1], rates[2], unit, moved, step // stride, record):
            return step
    return FINISHED


@kernel
def drive(stamp: int) -> Any:
    """Fill embeddings (R, d), the last ones, and the records."""

    def rows(begin, end, alignment, stride, seed, first_row, embeddings, energies, rates, record, left_at):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        for row in range(begin, end):
            mine = Record(
                record.squared_norms[row], record.energies[row], record.radial[row], record.rotations[row]
            )
            left_at[row] = drive_row(
                alignment, stride, seed, first_row + row, embeddings[row], energies[row], rates[row], mine
            )

    return rows
