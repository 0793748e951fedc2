"""Rows of a lookup table under random gradients: R rows, d dimensions, definitions only.

Vectorised over the rows, which are the independent settings; a loop runs over the steps. Draws depend on ``seed``
alone, in the order of the steps, and every function has a stream of its own: meanings and the draws about them may share
a seed. Every function raises ``InvalidInput`` with name, value and bound.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import validation
from numerics.validation import Floats, InvalidInput, OutOfRange

__all__ = ["InvalidInput", "Noisy", "OutOfRange", "Visited", "noisy_rows", "uniform_directions", "visited_rows", "von_mises_fisher"]
_BLOCK = 64  # steps whose normals are drawn at once
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


def uniform_directions(rows: int, dimension: int, *, seed: int) -> Floats:
    """Unit vectors (R, d), uniform on the sphere; d from 2."""
    rows, dimension = validation.integer("rows", rows, 1), validation.integer("dimension", dimension, 2)
    validation.size("dimension", rows, dimension)
    return _unit(_generator(_DIRECTIONS, seed).standard_normal((rows, dimension)))


def von_mises_fisher(directions: ArrayLike, concentrations: ArrayLike, *, seed: int) -> Floats:
    """One draw (R, d) about each of ``directions`` (R, d), with density prop. to exp(concentration <direction, x>).

    Concentrations from 0 to 1e8, one or (R,). Source: Wood, "Simulation of the von Mises Fisher distribution", 1994.
    """
    mu = _directions("directions", directions)
    kappa = _concentrations(concentrations, len(mu))
    return _draw_about(mu, kappa, _generator(_ABOUT, seed))


def noisy_rows(
    norms: ArrayLike, drifts: ArrayLike, heats: ArrayLike, step_sizes: ArrayLike, weight_decays: ArrayLike, *, dimension: int,
    steps: int, settle: int = 0, momentum: float = 0.0, radial_noise: float = 0.0, heat_power: float = 0.0,
    seed: int = 0,
) -> Noisy:  # fmt: skip
    """Runs on s_k = -(drift/r) u^ + sqrt(h)/r (z_k + radial_noise x_k u^), r = |u_k|: m_k = momentum m_{k-1} + s_k.

    h is heat r^heat_power: at 2 the noise has the same length at every norm. z_k is a Gaussian orthogonal to u_k with
    E|z_k|^2 = 1 and x_k a standard normal, new at every step; u_{k+1} = (1 - step_size * weight_decay) u_k - step_size m_k.
    All but the keywords are one number or (R,); heats from 0.
    """
    size = max(len(np.atleast_1d(validation.real("rows", x))) for x in (norms, drifts, heats, step_sizes, weight_decays))
    dimension = validation.integer("dimension", dimension, 2)
    steps, settle = validation.integer("steps", steps, 1), validation.integer("settle", settle, 0, steps - 1)
    validation.size("dimension", _BLOCK, size, dimension + 1)
    r = validation.per_row("norms", norms, size, least=validation.SMALLEST_NORM, most=validation.LARGEST_NORM)
    drift, heat = validation.per_row("drifts", drifts, size), validation.per_row("heats", heats, size, least=0.0)
    eta = validation.per_row("step_sizes", step_sizes, size, above=0.0)
    decay = validation.per_row("weight_decays", weight_decays, size, least=0.0)
    beta = validation.number("momentum", momentum, least=0.0, most=0.999)
    power = validation.number("heat_power", heat_power, least=-4.0, most=4.0)
    jitter = validation.number("radial_noise", radial_noise, least=0.0)
    rng = _generator(_NOISY, seed)
    u = _unit(rng.standard_normal((size, dimension))) * r[:, None]
    m, totals = np.zeros_like(u), np.zeros((6, size))
    block = np.empty((0, size, dimension + 1))
    for step in range(steps):
        if step % _BLOCK == 0:
            block = rng.standard_normal((min(_BLOCK, steps - step), size, dimension + 1))
        z, x = block[step % _BLOCK, :, :dimension], block[step % _BLOCK, :, dimension]
        square = np.einsum("rd,rd->r", u, u)
        if not np.all((square > 1e-150) & (square < 1e150)):
            raise OutOfRange(f"step_sizes takes a row out of range at step {step}")
        # coefficients of u in s: drift and radial noise, and what makes z orthogonal to u
        root = np.sqrt(heat * square ** (power / 2))
        across = root / np.sqrt((dimension - 1) * square)
        along = (-drift + root * jitter * x - across * np.einsum("rd,rd->r", u, z)) / square
        s = along[:, None] * u + across[:, None] * z
        m = beta * m + s
        if step >= settle:
            radial, stepped = np.einsum("rd,rd->r", u, s), np.einsum("rd,rd->r", u, m)
            totals += (square, 1 / square, -radial, square * np.einsum("rd,rd->r", s, s), -stepped, square * np.einsum("rd,rd->r", m, m))
        u = (1 - eta * decay)[:, None] * u - eta[:, None] * m
    return Noisy(*(totals / (steps - settle)))


def visited_rows(
    meanings: ArrayLike, concentrations: ArrayLike, probabilities: ArrayLike, norms: ArrayLike, *, step_size: float,
    weight_decay: float = 0.0, temperature: float = 1.0, steps: int, settle: int = 0, dense: bool = True, about_row: bool = False,
    seed: int = 0,
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
    eta = validation.number("step_size", step_size, above=0.0)
    decay = validation.number("weight_decay", weight_decay, least=0.0)
    tau = validation.number("temperature", temperature, least=1e-6, most=1e6)
    steps, settle = validation.integer("steps", steps, 1), validation.integer("settle", settle, 0, steps - 1)
    rng = _generator(_VISITED, seed)
    u, visits, total = mu * r[:, None], np.zeros(size, np.int64), np.zeros(size)
    for step in range(steps):
        if step >= settle:
            total += np.einsum("rd,rd->r", u, u) ** 2
        hit = np.flatnonzero(rng.random(size) < chance) if np.any(chance < 1) else np.arange(size)
        before = u[hit]
        if dense:
            u *= 1 - eta * decay
        else:
            u[hit] *= 1 - eta * decay
        v = _draw_about(_unit(before) if about_row else mu[hit], kappa[hit], rng)
        square = np.einsum("rd,rd->r", before, before)[:, None]
        # the gradient is -(v - <u^, v> u^)/(temperature r)
        u[hit] += eta / tau * (v - np.einsum("rd,rd->r", before, v)[:, None] * before / square) / np.sqrt(square)
        visits[hit] += 1
        norm_squared = np.einsum("rd,rd->r", u, u)
        if not np.all((norm_squared > 1e-150) & (norm_squared < 1e150)):
            raise OutOfRange(f"step_size = {eta:g} takes a row out of range at step {step}")
    return Visited(u, visits, total / (steps - settle))


def _generator(stream: int, seed: int) -> np.random.Generator:
    return np.random.default_rng([stream, validation.integer("seed", seed, 0)])


def _concentrations(value: ArrayLike, rows: int) -> Floats:
    return validation.per_row("concentrations", value, rows, least=0.0, most=_LARGEST_CONCENTRATION)


def _directions(name: str, value: ArrayLike) -> Floats:
    vectors = validation.vectors(name, value, (None, None))
    if vectors.shape[1] < 2:
        raise InvalidInput(f"{name} has shape {vectors.shape}, must have 2 dimensions or more")
    return _unit(vectors)


def _unit(vectors: Floats) -> Floats:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def _draw_about(mu: Floats, kappa: Floats, rng: np.random.Generator) -> Floats:
    rows, dimension = mu.shape
    if not rows:
        return np.empty_like(mu)
    cosine = _draw_cosines(kappa, dimension, rng)
    z = rng.standard_normal((rows, dimension))
    across = _unit(z - np.einsum("rd,rd->r", z, mu)[:, None] * mu)
    return cosine[:, None] * mu + np.sqrt(np.maximum(1 - cosine**2, 0))[:, None] * across


def _draw_cosines(kappa: Floats, dimension: int, rng: np.random.Generator) -> Floats:
    """Wood's rejection from a transformed beta distribution; what is refused is drawn again."""
    m = dimension - 1.0
    b = m / (2 * kappa + np.sqrt(4 * kappa**2 + m**2))
    x0 = (1 - b) / (1 + b)
    c = kappa * x0 + m * np.log1p(-(x0**2))
    out, left = np.empty(len(kappa)), np.arange(len(kappa))
    while len(left):
        z = rng.beta(m / 2, m / 2, len(left))
        bb, xx, kk = b[left], x0[left], kappa[left]
        w = (1 - (1 + bb) * z) / (1 - (1 - bb) * z)
        kept = kk * w + m * np.log1p(-xx * w) - c[left] >= np.log(rng.random(len(left)))
        out[left[kept]] = w[kept]
        left = left[~kept]
    return out
