"""The Itô equation of SGD with batches of one candidate, by Euler and Maruyama: definitions only.

In time t = step_size * steps: du = -mean dt + sqrt(step_size) sum_j (g_j - mean)/sqrt(n) dW_j, with g_j the
gradient of the loss on candidate j alone and mean their mean over all n: the noise has SGD's covariance (Li, Tai, E
2017; Mandt, Hoffman, Blei 2017). Without noise it is Euler's scheme for gradient flow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import validation
from numerics.simulation.steps import evaluate

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Diffusion:
    """R paths of K increments."""

    squared_norms: Floats  # (R, K + 1)
    mean_energies: Floats  # (R, K) |mean of the gradients|^2 at the beginning of each increment
    covariance_traces: Floats  # (R, K) mean over candidates of |g_j - mean|^2 there
    embeddings: Floats  # (R, d) the last ones


def gradients(loss: str, embeddings: ArrayLike, candidates: ArrayLike, temperatures: ArrayLike) -> Floats:
    """The gradients (R, n, d) of the loss on every candidate alone; arguments as for `evaluate`."""
    u = validation.vectors("embeddings", embeddings, (None, None))
    v = validation.vectors("candidates", candidates, (len(u), None, u.shape[1]))
    t = validation.per_row("temperatures", temperatures, len(u), above=0.0)
    n = v.shape[1]
    # on one thread: there is little to do, and starting more costs more
    found = evaluate(loss, np.repeat(u, n, axis=0), v.reshape(-1, 1, u.shape[1]), np.repeat(t, n), threads=1).gradients
    return found.reshape(v.shape)


def brownian(rows: int, increments: int, sources: int, duration: float, seed: int) -> Floats:
    """Increments (R, K, n) of independent Brownian motions over a time ``duration``; each row's from a stream of its own."""
    scale = np.sqrt(validation.number("duration", duration, above=0.0) / validation.integer("increments", increments, 1))
    shape, key = (increments, sources), validation.integer("seed", seed, 0, 2**64 - 1)
    streams = (np.random.Generator(np.random.Philox(key=[key, row])) for row in range(validation.integer("rows", rows, 1)))
    return np.array([scale * stream.standard_normal(shape) for stream in streams])


def euler_maruyama(
    loss: str, embeddings: ArrayLike, candidates: ArrayLike, temperatures: ArrayLike, step_size: float,
    increments: ArrayLike, *, duration: float,
) -> Diffusion:  # fmt: skip
    """Paths driven by given Brownian increments (R, K, n), of n candidates a row; 0 for gradient flow."""
    u = validation.vectors("embeddings", embeddings, (None, None))
    v = validation.vectors("candidates", candidates, (len(u), None, u.shape[1]))
    moved = validation.table("increments", increments, (len(u), None, v.shape[1]))
    eta, time = validation.number("step_size", step_size, above=0.0), validation.number("duration", duration, above=0.0)
    count, sources = moved.shape[1:]
    squares, energies, traces = np.empty((len(u), count + 1)), np.empty((len(u), count)), np.empty((len(u), count))
    squares[:, 0] = np.sum(u * u, axis=1)
    for k in range(count):
        g = gradients(loss, u, v, temperatures)
        mean = g.mean(axis=1)
        spread = g - mean[:, None]
        energies[:, k], traces[:, k] = np.sum(mean * mean, axis=1), np.mean(np.sum(spread * spread, axis=2), axis=1)
        noise = np.einsum("rnd,rn->rd", spread, moved[:, k]) * np.sqrt(eta / sources)
        u = u - (time / count) * mean + noise
        squares[:, k + 1] = np.sum(u * u, axis=1)
    return Diffusion(squares, energies, traces, u)
