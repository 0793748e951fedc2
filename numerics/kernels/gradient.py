"""A loss of one embedding, and its derivatives by the chain rule: reverse mode, and forward over reverse."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import combine, dots
from numerics.compilation.compiled import allocating, inner
from numerics.losses import slope_tangents, slopes
from numerics.losses.similarity import prepare, prepare_tangent, pull_back, pull_back_tangent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Work(NamedTuple):
    """Room for one row: the candidates in use and what the forward pass leaves for the reverse pass."""

    chosen: Ints  # (m,) which candidates of the pool
    scores: Floats  # (m,)
    slopes: Floats  # (m,)
    prepared: Floats  # (d,)
    cotangent: Floats  # (d,) dL / d prepared


@allocating
def workspace(count: int, pool: Floats) -> Work:
    """Room for ``count`` candidates of a pool (n, d), to begin with the first ones in order."""
    kind, dimension = pool.dtype, pool.shape[1]
    return Work(
        np.arange(count), np.empty(count, kind), np.empty(count, kind), np.empty(dimension, kind), np.empty(dimension, kind)
    )


@inner
def prepare_pool(similarity: int, candidates: Floats, prepared: Floats, lengths: Floats) -> None:
    """`prepare` every candidate (n, d); the pool of a row stands still, so once is enough."""
    for j in range(len(candidates)):
        lengths[j] = prepare(similarity, candidates[j], prepared[j])


@inner
def gradient(
    loss: int, similarity: int, embedding: Floats, pool: Floats, temperature: float, work: Work, out: Floats
) -> None:
    """Fill ``out`` (d,) with dL/du for the prepared ``pool`` (n, d). ``work`` keeps the steps."""
    length = prepare(similarity, embedding, work.prepared)
    dots(pool, work.chosen, work.prepared, work.scores)
    slopes(loss, work.scores, temperature, work.slopes)
    combine(work.slopes, pool, work.chosen, work.cotangent)
    pull_back(similarity, work.prepared, length, work.cotangent, out)


@inner
def candidate_gradients(
    loss: int, similarity: int, embedding: Floats, pool: Floats, lengths: Floats, temperature: float,
    work: Work, out: Floats,
) -> None:  # fmt: skip
    """Fill ``out`` (n, d) with dL/dv_j of every candidate: dL/db_j = dL/ds_j a, pulled back through v_j."""
    prepare(similarity, embedding, work.prepared)
    dots(pool, work.chosen, work.prepared, work.scores)
    slopes(loss, work.scores, temperature, work.slopes)
    for j in range(len(pool)):
        for i in range(len(embedding)):
            work.cotangent[i] = work.slopes[j] * work.prepared[i]
        pull_back(similarity, pool[j], lengths[j], work.cotangent, out[j])


@allocating
def hessian_vector(
    loss: int, similarity: int, embedding: Floats, direction: Floats, pool: Floats, temperature: float,
    work: Work, out: Floats,
) -> None:  # fmt: skip
    """Fill ``out`` (d,) with the tangent of `gradient` when u moves along ``direction``, line by line."""
    tangents = workspace(len(pool), pool)
    length = prepare(similarity, embedding, work.prepared)
    growth = prepare_tangent(similarity, embedding, direction, work.prepared, length, tangents.prepared)
    dots(pool, work.chosen, work.prepared, work.scores)
    dots(pool, work.chosen, tangents.prepared, tangents.scores)
    slopes(loss, work.scores, temperature, work.slopes)
    slope_tangents(loss, work.scores, tangents.scores, temperature, work.slopes, tangents.slopes)
    combine(work.slopes, pool, work.chosen, work.cotangent)
    combine(tangents.slopes, pool, work.chosen, tangents.cotangent)
    pull_back_tangent(
        similarity, work.prepared, tangents.prepared, length, growth, work.cotangent, tangents.cotangent, out
    )
