"""The scores of eight rows with their candidates, and the candidates' weighted sum: what a step spends its time on.

Each row has its own candidates (n, d). Where those of eight rows fit together into the second-level cache, and a step sees them
all, they are packed entry by entry, so that eight rows are one instruction; else they are kept row by row, and so few rows run
together that their candidates stay in that cache.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic import sums
from numerics.arithmetic.lanes import WIDTH, load, store, zeros
from numerics.compilation.compiled import allocating, part
from numerics.kernels.block import put, take

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_CACHE = 3 * 2**18  # bytes


class Pool(NamedTuple):
    """Prepared candidates: packed, or in rows, the other one being empty."""

    packed: Floats  # (n, d * WIDTH)
    rows: Floats  # (WIDTH, n, d)
    chosen: Ints  # (WIDTH, m) which candidates each row's step sees
    scores: Floats  # (m, WIDTH)
    slopes: Floats  # (m, WIDTH)
    row_scores: Floats  # (m,)
    row_slopes: Floats  # (m,)
    vector: Floats  # (d,)


@allocating
def pool_like(candidates: Floats, batch: int) -> Pool:
    """Room for the pools of eight rows like this one (n, d), of which a step sees ``batch``."""
    kind, (count, dimension) = candidates.dtype, candidates.shape
    packs = batch == count and candidates.nbytes * WIDTH <= _CACHE
    chosen = np.empty((WIDTH, batch), np.int64)
    for lane in range(WIDTH):
        chosen[lane] = np.arange(batch)
    return Pool(
        np.empty((count if packs else 0, dimension * WIDTH), kind), np.empty((0 if packs else WIDTH, count, dimension), kind), chosen,
        np.zeros((batch, WIDTH), kind), np.empty((batch, WIDTH), kind), np.empty(batch, kind), np.empty(batch, kind),
        np.empty(dimension, kind),
    )  # fmt: skip


@part
def rows_together(pool: Pool) -> int:
    """How many rows run together, 1 to WIDTH."""
    return WIDTH if len(pool.packed) else max(1, min(WIDTH, _CACHE // (pool.rows.nbytes // WIDTH)))


@part
def set_candidate(pool: Pool, lane: int, j: int) -> None:
    """Candidate j of the row in this lane becomes ``vector``."""
    if len(pool.packed):
        put(pool.vector, lane, pool.packed[j])
    else:
        sums.copy(pool.vector, pool.rows[lane, j])


@part
def score(pool: Pool, unit: Floats, live: int) -> None:
    """Fill ``scores`` with the inner products of the rows' vectors ``unit`` (d * WIDTH,) and their candidates, of ``live`` rows."""
    size, whole = len(pool.vector), len(pool.packed) - len(pool.packed) % 4
    for j in range(0, whole, 4):
        a, b, c, d = zeros(unit), zeros(unit), zeros(unit), zeros(unit)
        for i in range(size):
            u = load(unit, i)
            a, b = a + load(pool.packed, j * size + i) * u, b + load(pool.packed, (j + 1) * size + i) * u
            c, d = c + load(pool.packed, (j + 2) * size + i) * u, d + load(pool.packed, (j + 3) * size + i) * u
        store(pool.scores, j, a)
        store(pool.scores, j + 1, b)
        store(pool.scores, j + 2, c)
        store(pool.scores, j + 3, d)
    for j in range(whole, len(pool.packed)):
        a = zeros(unit)
        for i in range(size):
            a = a + load(pool.packed, j * size + i) * load(unit, i)
        store(pool.scores, j, a)
    for lane in range(min(live, len(pool.rows))):
        take(unit, lane, pool.vector)
        sums.dots(pool.rows[lane], pool.chosen[lane], pool.vector, pool.row_scores)
        for j in range(len(pool.row_scores)):
            pool.scores[j, lane] = pool.row_scores[j]


@part
def combine(pool: Pool, out: Floats, live: int) -> None:
    """Fill ``out`` (d * WIDTH,) with the sums of each row's candidates times their ``slopes``, of ``live`` rows."""
    size = len(pool.vector)
    if len(pool.packed):
        whole = size - size % 4
        for i in range(0, whole, 4):
            a, b, c, d = zeros(out), zeros(out), zeros(out), zeros(out)
            for j in range(len(pool.packed)):
                slope, at = load(pool.slopes, j), j * size + i
                a, b = a + load(pool.packed, at) * slope, b + load(pool.packed, at + 1) * slope
                c, d = c + load(pool.packed, at + 2) * slope, d + load(pool.packed, at + 3) * slope
            store(out, i, a)
            store(out, i + 1, b)
            store(out, i + 2, c)
            store(out, i + 3, d)
        for i in range(whole, size):
            a = zeros(out)
            for j in range(len(pool.packed)):
                a = a + load(pool.packed, j * size + i) * load(pool.slopes, j)
            store(out, i, a)
    for lane in range(min(live, len(pool.rows))):
        for j in range(len(pool.row_slopes)):
            pool.row_slopes[j] = pool.slopes[j, lane]
        sums.combine(pool.row_slopes, pool.rows[lane], pool.chosen[lane], pool.vector)
        put(pool.vector, lane, out)
