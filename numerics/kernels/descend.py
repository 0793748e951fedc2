"""Gradient descent on a loss, the candidates standing still: one row is one run."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.lanes import WIDTH, above, choose, load, root, store, zeros
from numerics.arithmetic.sums import copy
from numerics.compilation.compiled import allocating, kernel, part
from numerics.kernels import draws
from numerics.kernels.block import FINISHED, Block, begin, block, leave, note, note_path, take
from numerics.kernels.products import Pool, combine, pool_like, rows_together, score, set_candidate
from numerics.kernels.record import Record
from numerics.kernels.update import Update, measured_step, turn, visit
from numerics.losses import lane_slopes
from numerics.losses.similarity import COSINE, prepare

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
    """Eight rows and what their gradients need."""

    of: Block
    pool: Pool
    past: Floats  # (lag + 1, d * WIDTH) a ring: u_k stands at k modulo lag + 1
    prepared: Floats  # (d * WIDTH,) of a past embedding
    temperatures: Floats  # (WIDTH,)
    order: Ints  # (n,)


@allocating
def bench(choice: Choice, candidates: Floats, embedding: Floats) -> Bench:
    """Room for eight rows like this one."""
    kind, width = embedding.dtype, len(embedding) * WIDTH
    return Bench(
        block(embedding), pool_like(candidates, choice.batch), np.empty((choice.lag + 1, width), kind), np.empty(width, kind),
        np.empty(WIDTH, kind), np.empty(len(candidates), np.int64),
    )  # fmt: skip


@part
def fill_pool(on: Bench, choice: Choice, candidates: Floats, rates: Floats, head: int, tail: int) -> None:
    """Prepare the candidates of rows head .. tail, (R, n, d)."""
    for lane in range(WIDTH):
        row = min(head + lane, tail - 1)
        on.temperatures[lane] = rates[row, 0]
        for j in range(candidates.shape[1]):
            prepare(choice.similarity, candidates[row, j], on.pool.vector)
            set_candidate(on.pool, lane, j)


@part
def gradient(on: Bench, choice: Choice, step: int, live: int) -> None:
    """Fill ``gradient`` with that of the loss, at the embedding of ``lag`` steps ago; 0 on rows that are not visited.

    ``live`` rows are there; what stands in the other lanes is no matter.
    """
    of, size = on.of, len(on.pool.vector)
    length, unit = turn(of, size), of.unit
    if choice.lag > 0 or choice.similarity != COSINE:
        at = on.past[max(step - choice.lag, 0) % (choice.lag + 1)] if choice.lag > 0 else of.embedding
        length, unit = prepared(choice.similarity, at, size, on.prepared), on.prepared
    if choice.batch < len(on.order):
        for lane in range(live):
            draws.subset(of.keys[lane], choice.kept, on.order, on.pool.chosen[lane])
    score(on.pool, unit, live)
    lane_slopes(choice.loss, on.pool.scores, on.temperatures, on.pool.slopes)
    combine(on.pool, of.gradient, live)
    radial = zeros(unit)
    if choice.similarity == COSINE:
        for i in range(size):
            radial = radial + load(unit, i) * load(of.gradient, i)
    visits, inverse = above(load(of.visiting, 0), 0.0), 1.0 / length
    for i in range(size):
        g = (load(of.gradient, i) - radial * load(unit, i)) * inverse
        store(of.gradient, i, choose(visits, g, 0.0))


@part
def prepared(similarity: int, vectors: Floats, size: int, out: Floats) -> Any:
    """`numerics.losses.similarity.prepare` of eight rows."""
    square = zeros(vectors)
    for i in range(size):
        square = square + load(vectors, i) * load(vectors, i)
    length = root(square) if similarity == COSINE else zeros(vectors) + 1.0
    inverse = 1.0 / length
    for i in range(size):
        store(out, i, load(vectors, i) * inverse)
    return length


@kernel
def descend(stamp: int) -> Any:
    """Move embeddings (R, d), fill the records and the steps at which rows ``left`` the ``span`` of |u|^2, or FINISHED.

    ``rates`` (R, 3): temperature, step size, weight decay. The arithmetic has the precision of embeddings and candidates.
    """

    def rows(first, last, choice, span, update, seed, first_row, embeddings, candidates, rates, record, left):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        on = bench(choice, candidates[0], embeddings[0])
        together = rows_together(on.pool)
        for head in range(first, last, together):
            run(on, head, min(head + together, last), choice, span, update, seed, first_row, embeddings, candidates, rates, record, left)

    return rows


@part
def run(
    on: Bench, head: int, tail: int, choice: Choice, span: tuple[float, float], update: Update, seed: np.uint64, first_row: int,
    embeddings: Floats, candidates: Floats, rates: Floats, record: Record, left: Ints,
) -> None:  # fmt: skip
    """Rows head .. tail from their first step to their last."""
    of, size = on.of, embeddings.shape[1]
    fill_pool(on, choice, candidates, rates, head, tail)
    begin(of, head, tail, seed, first_row, embeddings, rates, record)
    for row in range(head, tail):
        left[row] = FINISHED
    for step in range(record.energies.shape[1] * choice.stride):
        visit(of, update, head, tail, step, left)
        if choice.lag > 0:
            copy(of.embedding, on.past[step % (choice.lag + 1)])
        gradient(on, choice, step, tail - head)
        measured_step(of, update, step, size)
        note_path(of, head, tail, step, record)
        leave(of, head, tail, step, span, left)
        if (step + 1) % choice.stride == 0:
            note(of, head, tail, step // choice.stride, record)
    for row in range(head, tail):
        take(of.embedding, row - head, embeddings[row])
