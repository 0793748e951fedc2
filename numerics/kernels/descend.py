"""Gradient descent on a loss, the candidates standing still: one row is one run."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import copy, fill
from numerics.compiled import allocating, inner, kernel
from numerics.kernels import draws
from numerics.kernels import gradient as one
from numerics.kernels.lockstep import FINISHED, rows_together
from numerics.kernels.observe import Record, start
from numerics.kernels.update import Scratch, Update, measured_step, passed, scratch, states_of, visited
from numerics.losses.similarity import COSINE, normalized

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Choice(NamedTuple):
    """What the gradient of a step is taken of."""

    loss: int
    similarity: int
    kept: int  # leading candidates that every batch has
    batch: int
    lag: int
    stride: int


class Bench(NamedTuple):
    """What rows that run together need: B of them."""

    pools: Floats  # (B, n, d) prepared candidates
    past: Floats  # (B, lag + 1, d) a ring: u_k stands at k modulo lag + 1
    states: Floats  # (B, STATE_ROWS, d)
    squared: Floats  # (B,) |u|^2
    gradient: Floats  # (d,)
    order: Ints  # (n,)
    work: one.Work
    room: Scratch


@allocating
def bench(choice: Choice, many: int, candidates: Floats) -> Bench:
    """Room for ``many`` rows like these."""
    kind, (count, dimension) = candidates.dtype, candidates.shape[1:]
    gradient = np.empty(dimension, kind)
    return Bench(
        np.empty((many, count, dimension), kind), np.empty((many, choice.lag + 1, dimension), kind), states_of(many, gradient),
        np.empty(many, kind), gradient, np.empty(count, np.int64), one.workspace(choice.batch, candidates[0]), scratch(gradient),
    )  # fmt: skip


@inner
def step_of_row(
    choice: Choice, update: Update, key: np.uint64, step: int, row: int, place: int, embedding: Floats, rates: Floats, on: Bench,
    record: Record,
) -> float:  # fmt: skip
    """One step of the row at ``place`` of the bench, ``rates`` = (temperature, step size, weight decay); the new |u|^2."""
    squared, pool, past, slot = on.squared[place], on.pools[place], on.past[place], step // choice.stride
    if choice.lag > 0:
        copy(embedding, past[step % (choice.lag + 1)])
    visit = visited(update, key)
    record.visits[row, slot] += 1.0 if visit else 0.0
    if not visit and update.lazy:
        passed(embedding, row, slot, step, record)
        return squared
    if choice.batch < len(pool):
        draws.subset(key, choice.kept, on.order, on.work.chosen)
    length = normalized(embedding, squared, on.room.unit)
    temperature = embedding.dtype.type(rates[0])
    if not visit:
        fill(0.0, on.gradient)
    elif choice.lag == 0 and choice.similarity == COSINE:
        one.gradient_at(choice.loss, choice.similarity, on.room.unit, length, pool, temperature, on.work, on.gradient)
    else:
        seen = embedding if choice.lag == 0 else past[max(step - choice.lag, 0) % (choice.lag + 1)]
        one.gradient(choice.loss, choice.similarity, seen, pool, temperature, on.work, on.gradient)
    return measured_step(
        update, rates[1], rates[2], step, key, embedding, squared, on.gradient, on.states[place], on.room, row, slot, record
    )


@kernel
def descend(stamp: int) -> Any:
    """Move embeddings (R, d), fill the records and the steps at which rows ``left`` the ``span`` of |u|^2, or FINISHED.

    The arithmetic has the precision of embeddings and candidates.
    """

    def rows(begin, end, choice, span, update, seed, first_row, embeddings, candidates, rates, record, left):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        together = rows_together(candidates[0].nbytes)
        steps, on, lengths = record.energies.shape[1] * choice.stride, bench(choice, together, candidates), np.empty(candidates.shape[1])
        for head in range(begin, end, together):
            tail = min(head + together, end)
            for row in range(head, tail):
                one.prepare_pool(choice.similarity, candidates[row], on.pools[row - head], lengths)
                on.squared[row - head] = start(embeddings, row, record)
                fill(0.0, on.states[row - head].ravel())
                left[row] = FINISHED
            for step in range(steps):
                advance(head, tail, step, choice, span, update, seed, first_row, embeddings, rates, on, record, left)

    return rows


@inner
def advance(
    head: int, tail: int, step: int, choice: Choice, span: tuple[float, float], update: Update, seed: np.uint64, first_row: int,
    embeddings: Floats, rates: Floats, on: Bench, record: Record, left: Ints,
) -> None:  # fmt: skip
    """One step of every row of a bench that has not left."""
    for row in range(head, tail):
        if left[row] == FINISHED:
            key = draws.step_key(seed, first_row + row, step)
            squared = step_of_row(choice, update, key, step, row, row - head, embeddings[row], rates[row], on, record)
            on.squared[row - head] = squared
            if not span[0] <= squared <= span[1]:
                left[row] = step
