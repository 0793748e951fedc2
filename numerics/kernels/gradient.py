"""A loss of one embedding, and its derivatives by the chain rule: reverse mode, and forward over reverse."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.compiled import inner
from numerics.losses import slope_tangents, slopes
from numerics.losses.similarity import dot, prepare, prepare_tangent, pull_back, pull_back_tangent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Work(NamedTuple):
    """Room for one row: the candidates in use and what the forward pass leaves for the reverse pass."""

    chosen: Ints  # (m,) which candidates of the pool
    scores: Floats  # (m,)
    slopes: Floats  # (m,)
    prepared: Floats  # (d,)
    cotangent: Floats  # (d,) dL / d prepared


@inner
def workspace(count: int, dimension: int) -> Work:
    """Room for ``count`` candidates, to begin with the first ones of the pool in order."""
    return Work(np.arange(count), np.empty(count), np.empty(count), np.empty(dimension), np.empty(dimension))


@inner
def prepare_pool(similarity: int, candidates: Floats, prepared: Floats, lengths: Floats) -> None:
    """`prepare` every candidate (n, d); the pool of a row stands still, so once is enough."""
    for j in range(len(candidates)):
        lengths[j] = prepare(similarity, candidates[j], prepared[j])


@inner
def combine(weights: Floats, pool: Floats, chosen: Ints, out: Floats) -> None:
    """out = sum over j of weights_j pool[chosen_j], candidate by candidate."""
    for i in range(len(out)):
        out[i] = 0.0
    for j in range(len(chosen)):
        row = chosen[j]
        for i in range(len(out)):
            out[i] += weights[j] * pool[row, i]


@inner
def gradient(
    loss: int, similarity: int, embedding: Floats, pool: Floats, temperature: float, work: Work, out: Floats
) -> float:
    """Fill ``out`` (d,) with dL/du for the prepared ``pool`` (n, d); return L. ``work`` keeps the steps."""
    length = prepare(similarity, embedding, work.prepared)
    for j in range(len(work.chosen)):
        work.scores[j] = dot(work.prepared, pool[work.chosen[j]])
    value = slopes(loss, work.scores, temperature, work.slopes)
    combine(work.slopes, pool, work.chosen, work.cotangent)
    pull_back(similarity, work.prepared, length, work.cotangent, out)
    return value


@inner
def candidate_gradients(
    loss: int, similarity: int, embedding: Floats, pool: Floats, lengths: Floats, temperature: float,
    work: Work, out: Floats,
) -> None:  # fmt: skip
    """Fill ``out`` (n, d) with dL/dv_j of every candidate: dL/db_j = dL/ds_j a, pulled back through v_j."""
    prepare(similarity, embedding, work.prepared)
    for j in range(len(pool)):
        work.scores[j] = dot(work.prepared, pool[j])
    slopes(loss, work.scores, temperature, work.slopes)
    for j in range(len(pool)):
        for i in range(len(embedding)):
            work.cotangent[i] = work.slopes[j] * work.prepared[i]
        pull_back(similarity, pool[j], lengths[j], work.cotangent, out[j])


@inner
def hessian_vector(
    loss: int, similarity: int, embedding: Floats, direction: Floats, pool: Floats, temperature: float,
    work: Work, out: Floats,
) -> None:  # fmt: skip
    """Fill ``out`` (d,) with the tangent of `gradient` when u moves along ``direction``, line by line."""
    tangents = workspace(len(pool), len(embedding))
    length = prepare(similarity, embedding, work.prepared)
    growth = prepare_tangent(similarity, embedding, direction, work.prepared, length, tangents.prepared)
    for j in range(len(pool)):
        work.scores[j] = dot(work.prepared, pool[j])
        tangents.scores[j] = dot(tangents.prepared, pool[j])
    slopes(loss, work.scores, temperature, work.slopes)
    slope_tangents(loss, work.scores, tangents.scores, temperature, work.slopes, tangents.slopes)
    combine(work.slopes, pool, work.chosen, work.cotangent)
    combine(tangents.slopes, pool, work.chosen, tangents.cotangent)
    pull_back_tangent(
        similarity, work.prepared, tangents.prepared, length, growth, work.cotangent, tangents.cotangent, out
    )
