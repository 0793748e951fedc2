"""Rows under random vectors: directions, noise of a given drift and heat, visits with a vector about a meaning.

A row's numbers come from its own stream: the draws of (key, row, step), so that any row can be run again by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import dot, two_dots
from numerics.compilation.compiled import allocating, inner, kernel
from numerics.kernels import draws
from numerics.losses.similarity import normalized

Floats = NDArray[np.float64]
FINISHED = -1


@kernel
def directions(stamp: int) -> Any:
    """Fill out (R, d), uniform on the sphere."""

    def rows(begin, end, key, first_row, out):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        for row in range(begin, end):
            draws.gaussian(draws.step_key(key, first_row + row, 0), np.uint64(0), out[row])
            draws.scale_to(out[row], 1.0)

    return rows


@kernel
def about(stamp: int) -> Any:
    """Fill out (R, d), a draw about each of the unit ``meanings`` (R, d)."""

    def rows(begin, end, key, first_row, meanings, concentrations, out):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        fresh = np.empty(out.shape[1])
        for row in range(begin, end):
            own = draws.step_key(key, first_row + row, 0)
            draws.von_mises_fisher(own, np.uint64(0), meanings[row], concentrations[row], fresh, out[row])

    return rows


@allocating
def noisy_row(
    key: np.uint64, row: int, dimension: int, setting: Floats, shape: tuple[float, float, float], steps: int, settle: int, totals: Floats
) -> int:
    """One row of `numerics.lookup.rows.noisy_rows`: ``setting`` = (norm, drift, heat, step size, decay), ``shape`` =
    (momentum, radial noise, heat power); the six sums are added to ``totals``."""
    norm, drift, heat, step_size, decay = setting[0], setting[1], setting[2], setting[3], setting[4]
    momentum, jitter, power = shape
    u, z, s, m = np.empty(dimension), np.empty(dimension + 1), np.empty(dimension), np.zeros(dimension)
    draws.gaussian(draws.step_key(key, row, 0), np.uint64(0), u)
    draws.scale_to(u, norm)
    for step in range(steps):
        square = dot(u, u)
        if not 1e-150 < square < 1e150:
            return step
        draws.gaussian(draws.step_key(key, row, step + 1), np.uint64(0), z)
        # coefficients of u in s: drift and radial noise, and what makes z orthogonal to u
        root = np.sqrt(heat * square ** (0.5 * power))
        across = root / np.sqrt((dimension - 1) * square)
        along = (-drift + root * jitter * z[dimension] - across * dot(u, z[:dimension])) / square
        for i in range(dimension):
            s[i] = along * u[i] + across * z[i]
            m[i] = momentum * m[i] + s[i]
        if step >= settle:
            _gather(u, s, m, square, totals)
        for i in range(dimension):
            u[i] = (1.0 - step_size * decay) * u[i] - step_size * m[i]
    return FINISHED


@inner
def _gather(u: Floats, s: Floats, m: Floats, square: float, totals: Floats) -> None:
    radial, drawn = two_dots(u, s, s)
    pulled, stepped = two_dots(u, m, m)
    totals[0] += square
    totals[1] += 1.0 / square
    totals[2] -= radial
    totals[3] += square * drawn
    totals[4] -= pulled
    totals[5] += square * stepped


@kernel
def noisy(stamp: int) -> Any:
    """Add to totals (R, 6); settings (R, 5)."""

    def rows(begin, end, key, first_row, dimension, settings, shape, steps, settle, totals, left_at):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        for row in range(begin, end):
            left_at[row] = noisy_row(key, first_row + row, dimension, settings[row], shape, steps, settle, totals[row])

    return rows


@allocating
def visited_row(
    key: np.uint64, row: int, meaning: Floats, setting: Floats, rates: tuple[float, float, float], steps: int, settle: int,
    dense: bool, about_row: bool, u: Floats, visits: NDArray[np.int64], totals: Floats,
) -> int:  # fmt: skip
    """One row of `numerics.lookup.rows.visited_rows`: ``setting`` = (concentration, probability), ``rates`` = (step size,
    decay, temperature)."""
    step_size, decay, temperature = rates
    unit, fresh, v = np.empty_like(u), np.empty_like(u), np.empty_like(u)
    square = dot(u, u)
    for step in range(steps):
        if step >= settle:
            totals[0] += square * square
        own = draws.step_key(key, row, step)
        visit = setting[1] >= 1.0 or draws.visits(own, setting[1])
        keep = 1.0 - step_size * decay if dense or visit else 1.0
        if visit:
            length = normalized(u, square, unit)
            draws.von_mises_fisher(own, np.uint64(0), unit if about_row else meaning, setting[0], fresh, v)
            # the gradient is -(v - <u^, v> u^)/(temperature r)
            along, rate = dot(unit, v), step_size / temperature / length
            for i in range(len(u)):
                u[i] = keep * u[i] + rate * (v[i] - along * unit[i])
            visits[0] += 1
        else:
            for i in range(len(u)):
                u[i] *= keep
        square = dot(u, u)
        if not 1e-150 < square < 1e150:
            return step
    return FINISHED


@kernel
def visited(stamp: int) -> Any:
    """Move embeddings (R, d), count visits (R,), add to totals (R,); settings (R, 2)."""

    def rows(  # type: ignore[no-untyped-def]
        begin, end, key, first_row, meanings, settings, rates, steps, settle, dense, about_row, embeddings, visits, totals, left_at
    ):
        if stamp == 0:
            return
        for row in range(begin, end):
            left_at[row] = visited_row(
                key, first_row + row, meanings[row], settings[row], rates, steps, settle, dense, about_row, embeddings[row],
                visits[row : row + 1], totals[row : row + 1],
            )  # fmt: skip

    return rows
