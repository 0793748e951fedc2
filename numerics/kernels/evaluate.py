"""Kernels over rows: value and gradient, gradients of the candidates, Hessian times vector, cosines."""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.arithmetic.sums import dot
from numerics.compilation.compiled import kernel
from numerics.kernels import gradient as one
from numerics.losses import value
from numerics.losses.similarity import COSINE, prepare


@kernel
def evaluate(stamp: int) -> Any:
    """Fill values (R,) and gradients (R, d)."""

    def rows(begin, end, loss, similarity, embeddings, candidates, temperatures, values, gradients):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        count, dimension = candidates.shape[1:]
        for row in range(begin, end):
            pool, lengths = np.empty((count, dimension)), np.empty(count)
            work = one.workspace(count, pool)
            one.prepare_pool(similarity, candidates[row], pool, lengths)
            one.gradient(loss, similarity, embeddings[row], pool, temperatures[row], work, gradients[row])
            values[row] = value(loss, work.scores, temperatures[row])

    return rows


@kernel
def candidate_gradients(stamp: int) -> Any:
    """Fill gradients (R, n, d)."""

    def rows(begin, end, loss, similarity, embeddings, candidates, temperatures, gradients):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        count, dimension = candidates.shape[1:]
        for row in range(begin, end):
            pool, lengths = np.empty((count, dimension)), np.empty(count)
            work = one.workspace(count, pool)
            one.prepare_pool(similarity, candidates[row], pool, lengths)
            one.candidate_gradients(
                loss, similarity, embeddings[row], pool, lengths, temperatures[row], work, gradients[row]
            )

    return rows


@kernel
def hessian_vector(stamp: int) -> Any:
    """Fill products (R, d)."""

    def rows(begin, end, loss, similarity, embeddings, directions, candidates, temperatures, products):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        count, dimension = candidates.shape[1:]
        for row in range(begin, end):
            pool, lengths = np.empty((count, dimension)), np.empty(count)
            work = one.workspace(count, pool)
            one.prepare_pool(similarity, candidates[row], pool, lengths)
            one.hessian_vector(
                loss,
                similarity,
                embeddings[row],
                directions[row],
                pool,
                temperatures[row],
                work,
                products[row],
            )

    return rows


@kernel
def cosines(stamp: int) -> Any:
    """Fill out (R, n) with <u/|u|, v_j/|v_j|>."""

    def rows(begin, end, embeddings, candidates, out):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        count, dimension = candidates.shape[1:]
        for row in range(begin, end):
            left, right = np.empty(dimension), np.empty(dimension)
            prepare(COSINE, embeddings[row], left)
            for j in range(count):
                prepare(COSINE, candidates[row, j], right)
                out[row, j] = dot(left, right)

    return rows
