"""Rows of a lookup table under random gradients: R rows, d dimensions, definitions only.

Rows are the independent settings. Draws are a function of (seed, first_row + row, step), and every function has a stream of
its own: meanings and the draws about them may share a seed, and row i of a run by itself is its rows i:i+1 with ``first_row`` = i.
Every function raises ``InvalidInput`` with name, value and bound.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import validation
from numerics.kernels import random_rows as kernels
from numerics.sampling import stream_key
from numerics.validation import Floats, InvalidInput, OutOfRange

__all__ = ["InvalidInput", "Noisy", "OutOfRange", "Visited", "noisy_rows", "uniform_directions", "visited_rows", "von_mises_fisher"]
_DIRECTIONS, _ABOUT, _NOISY, _VISITED = 1, 2, 3, 4  # streams of random numbers, one a function
_LARGEST_CONCENTRATION = 1e8  # beyond, 1 - cosine is lost in rounding


@dataclass(frozen=True)
class Noisy:
    """Means (R,) over the steps of `noisy_rows` after the first ``settle``; ``s`` is what is drawn, ``m`` what is stepped."""

    squared_norms: Floats  # of r^2
    inverse_squared_norms: Floats  # of 1/r^2
    drawn_drifts: Floats  # of -<u, s>
    drawn_heats: Floats  # of r^2 |s|^2
    stepped_drifts: Floats  # of -<u, m>
    stepped_heats: Floats  # of r^2 |m|^2

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).flags.writeable = False


@dataclass(frozen=True)
class Visited:
    """What `visited_rows` leaves behind."""

    embeddings: Floats  # (R, d)
    visits: NDArray[np.int64]  # (R,) gradient steps of each row
    fourth_powers: Floats  # (R,) mean of r^4 over the steps after the first ``settle``


def uniform_directions(rows: int, dimension: int, *, seed: int, first_row: int = 0, threads: int | None = 1) -> Floats:
    """Unit vectors (R, d), uniform on the sphere; d from 2."""
    rows, dimension = validation.integer("rows", rows, 1), validation.integer("dimension", dimension, 2)
    validation.size("dimension", rows, dimension)
    out = np.empty((rows, dimension))
    kernels.directions(rows, threads, _stream(_DIRECTIONS, seed), validation.integer("first_row", first_row, 0), out)
    return out


def von_mises_fisher(
    directions: ArrayLike, concentrations: ArrayLike, *, seed: int, first_row: int = 0, threads: int | None = 1
) -> Floats:
    """One draw (R, d) about each of ``directions`` (R, d), with density prop. to exp(concentration <direction, x>).

    Concentrations from 0 to 1e8, one or (R,). Source: Wood, "Simulation of the von Mises Fisher distribution", 1994.
    """
    mu = _directions("directions", directions)
    kappa, out = _concentrations(concentrations, len(mu)), np.empty_like(mu)
    kernels.about(len(mu), threads, _stream(_ABOUT, seed), validation.integer("first_row", first_row, 0), mu, kappa, out)
    return out


def noisy_rows(
    norms: ArrayLike, drifts: ArrayLike, heats: ArrayLike, step_sizes: ArrayLike, weight_decays: ArrayLike, *, dimension: int,
    steps: int, settle: int = 0, momentum: float = 0.0, radial_noise: float = 0.0, heat_power: float = 0.0,
    seed: int = 0, first_row: int = 0, threads: int | None = 1,
) -> Noisy:  # fmt: skip
    """Runs on s_k = -(drift/r) u^ + sqrt(h)/r (z_k + radial_noise x_k u^), r = |u_k|: m_k = momentum m_{k-1} + s_k.

    h is heat r^heat_power: at 2 the noise has the same length at every norm. z_k is a Gaussian orthogonal to u_k with
    E|z_k|^2 = 1 and x_k a standard normal, new at every step; u_{k+1} = (1 - step_size * weight_decay) u_k - step_size m_k.
    All but the keywords are one number or (R,); heats from 0.
    """
    size = max(len(np.atleast_1d(validation.real("rows", x))) for x in (norms, drifts, heats, step_sizes, weight_decays))
    dimension = validation.integer("dimension", dimension, 2)
    steps, settle = validation.integer("steps", steps, 1), validation.integer("settle", settle, 0, steps - 1)
    validation.size("dimension", size, dimension + 1)
    rows = (
        validation.per_row("norms", norms, size, least=validation.SMALLEST_NORM, most=validation.LARGEST_NORM),
        validation.per_row("drifts", drifts, size),
        validation.per_row("heats", heats, size, least=0.0),
        validation.per_row("step_sizes", step_sizes, size, above=0.0),
        validation.per_row("weight_decays", weight_decays, size, least=0.0),
    )
    shape = (
        validation.number("momentum", momentum, least=0.0, most=0.999),
        validation.number("radial_noise", radial_noise, least=0.0),
        validation.number("heat_power", heat_power, least=-4.0, most=4.0),
    )
    totals, left_at = np.zeros((size, 6)), np.empty(size, np.int64)
    key, first = _stream(_NOISY, seed), validation.integer("first_row", first_row, 0)
    kernels.noisy(size, threads, key, first, dimension, np.stack(rows, axis=1), shape, steps, settle, totals, left_at)
    _check_range(left_at, "step_sizes", rows[3])
    return Noisy(*np.ascontiguousarray((totals / (steps - settle)).T))


def visited_rows(
    meanings: ArrayLike, concentrations: ArrayLike, probabilities: ArrayLike, norms: ArrayLike, *, step_size: float,
    weight_decay: float = 0.0, temperature: float = 1.0, steps: int, settle: int = 0, dense: bool = True, about_row: bool = False,
    seed: int = 0, first_row: int = 0, threads: int | None = 1,
) -> Visited:  # fmt: skip
    """Rows under the linear loss -<u^, v>/temperature; a row is visited at a step with its probability, else it has no gradient.

    v is drawn anew at every visit: von Mises-Fisher with the row's concentration about its meaning (R, d), or
    with ``about_row`` about where the row is; rows start along their meanings. ``dense``: every row decays at every step;
    otherwise a row decays where it is visited.
    """
    mu = _directions("meanings", meanings)
    size = len(mu)
    kappa, chance = _concentrations(concentrations, size), validation.per_row("probabilities", probabilities, size, least=0.0, most=1.0)
    r = validation.per_row("norms", norms, size, least=validation.SMALLEST_NORM, most=validation.LARGEST_NORM)
    rates = (
        validation.number("step_size", step_size, above=0.0),
        validation.number("weight_decay", weight_decay, least=0.0),
        validation.number("temperature", temperature, least=1e-6, most=1e6),
    )
    steps, settle = validation.integer("steps", steps, 1), validation.integer("settle", settle, 0, steps - 1)
    u, visits, totals, left_at = mu * r[:, None], np.zeros(size, np.int64), np.zeros(size), np.empty(size, np.int64)
    kernels.visited(
        size, threads, _stream(_VISITED, seed), validation.integer("first_row", first_row, 0), mu, np.stack((kappa, chance), axis=1),
        rates, steps, settle, bool(dense), bool(about_row), u, visits, totals, left_at,
    )  # fmt: skip
    _check_range(left_at, "step_size", np.full(size, rates[0]))
    return Visited(u, visits, totals / (steps - settle))


def _stream(function: int, seed: int) -> np.uint64:
    return stream_key(np.random.SeedSequence([function, validation.integer("seed", seed, 0)]))


def _check_range(left_at: NDArray[np.int64], name: str, values: Floats) -> None:
    if np.any(left_at >= 0):
        row = int(np.argmax(left_at >= 0))
        raise OutOfRange(f"{name} = {values[row]:g} takes row {row} out of range at step {int(left_at[row])}")


def _concentrations(value: ArrayLike, rows: int) -> Floats:
    return validation.per_row("concentrations", value, rows, least=0.0, most=_LARGEST_CONCENTRATION)


def _directions(name: str, value: ArrayLike) -> Floats:
    vectors = validation.vectors(name, value, (None, None))
    if vectors.shape[1] < 2:
        raise InvalidInput(f"{name} has shape {vectors.shape}, must have 2 dimensions or more")
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
