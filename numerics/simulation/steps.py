"""The checked surface of the simulators by steps. R rows (independent settings), d dimensions, n candidates.

Every function raises ``InvalidInput`` with name, value and bound; results do not depend on ``threads``
(None: one a core). Scalars stand for R equal numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import losses, validation
from numerics.kernels import descend as descents
from numerics.kernels import drive as driven
from numerics.kernels import evaluate as kernels
from numerics.kernels.record import Record
from numerics.simulation.optimizers import SGD, Optimizer
from numerics.simulation.records import Evaluation, Trajectory
from numerics.validation import Floats, InvalidInput, OutOfRange

__all__ = [
    "SGD",
    "Evaluation",
    "InvalidInput",
    "Optimizer",
    "OutOfRange",
    "Trajectory",
    "candidate_gradients",
    "cosines",
    "descend",
    "drive",
    "evaluate",
    "hessian_vector",
    "step",
]  # fmt: skip


def evaluate(
    loss: str, embeddings: ArrayLike, candidates: ArrayLike, temperatures: ArrayLike,
    *, threads: int | None = None,
) -> Evaluation:  # fmt: skip
    """The loss and its gradient in u: embeddings (R, d), candidates (R, n, d), temperatures (R,) above 0."""
    code, similarity, u, v, t = setting(loss, embeddings, candidates, temperatures)
    values, gradients = np.empty(len(u)), np.empty_like(u)
    kernels.evaluate(len(u), threads, code, similarity, u, v, t, values, gradients)
    return Evaluation(values, gradients)


def candidate_gradients(
    loss: str, embeddings: ArrayLike, candidates: ArrayLike, temperatures: ArrayLike,
    *, threads: int | None = None,
) -> Floats:  # fmt: skip
    """The gradients (R, n, d) of the loss in every candidate; arguments as for `evaluate`."""
    code, similarity, u, v, t = setting(loss, embeddings, candidates, temperatures)
    gradients = np.empty_like(v)
    kernels.candidate_gradients(len(u), threads, code, similarity, u, v, t, gradients)
    return gradients


def hessian_vector(
    loss: str, embeddings: ArrayLike, directions: ArrayLike, candidates: ArrayLike, temperatures: ArrayLike,
    *, threads: int | None = None,
) -> Floats:  # fmt: skip
    """The products (R, d) of the Hessian in u with ``directions`` (R, d); the rest as for `evaluate`."""
    code, similarity, u, v, t = setting(loss, embeddings, candidates, temperatures)
    along = validation.table("directions", directions, u.shape)
    products = np.empty_like(u)
    kernels.hessian_vector(len(u), threads, code, similarity, u, along, v, t, products)
    return products


def cosines(embeddings: ArrayLike, candidates: ArrayLike, *, threads: int | None = None) -> Floats:
    """<u/|u|, v_j/|v_j|> (R, n) of embeddings (R, d) and candidates (R, n, d)."""
    u = validation.vectors("embeddings", embeddings, (None, None))
    v = validation.vectors("candidates", candidates, (len(u), None, u.shape[1]))
    out = np.empty(v.shape[:2])
    kernels.cosines(len(u), threads, u, v, out)
    return out


def step(
    embeddings: ArrayLike, gradients: ArrayLike, step_sizes: ArrayLike, weight_decays: ArrayLike = 0.0
) -> Floats:
    """SGD with decoupled weight decay, one step: (1 - step_size * weight_decay) u - step_size * g, (R, d)."""
    u = validation.vectors("embeddings", embeddings, (None, None))
    g = validation.table("gradients", gradients, u.shape)
    eta, decay = _rates(step_sizes, weight_decays, len(u))
    return (1.0 - eta * decay)[:, None] * u - eta[:, None] * g


def descend(
    loss: str, embeddings: ArrayLike, candidates: ArrayLike, temperatures: ArrayLike, step_sizes: ArrayLike,
    weight_decays: ArrayLike = 0.0, *, steps: int, batch: int = 0, lag: int = 0, stride: int = 1,
    optimizer: Optimizer = SGD, visits: float = 1.0, path: bool = False, seed: int = 0, first_row: int = 0,
    precision: str = "float64", threads: int | None = None,
) -> Trajectory:  # fmt: skip
    """R runs of an optimiser on the embeddings, the candidates standing still.

    ``batch``: how many candidates a step sees, drawn anew without replacement, candidate 0 always among them
    where the loss has a positive; 0 is all. ``lag``: the gradient is taken at u_{k - lag} (at u_0 at first).
    ``visits``: the probability that a step visits the row; one that does not has gradient 0, or, under a lazy
    optimiser, leaves the row and its state alone. ``stride`` divides ``steps``; measurements are summed over so many
    steps. ``path`` keeps every embedding and gradient (needs stride 1). Draws are a function of (seed, first_row +
    row, step): row i of a run by itself is its rows i:i+1 with ``first_row`` = i. ``precision``: ``float64`` or
    ``float32``, in which vectors are kept and computed with; measurements are summed in float64.

    Raises ``OutOfRange`` when a norm leaves `validation.NORMS`: 1e-75 .. 1e75 (float32: 1e-9 .. 1e9).
    """
    kept = validation.precision(precision)
    code, similarity, u, v, t = setting(loss, embeddings, candidates, temperatures, kept)
    eta, decay = _rates(step_sizes, weight_decays, len(u))
    count = v.shape[1]
    batch = validation.integer("batch", batch, 0, count) or count
    lag = validation.integer("lag", lag, 0)
    validation.size("lag", lag + 1, len(u), u.shape[1])
    stride, record = _record(u.shape, steps, stride, path)
    update = _optimizer(optimizer).update(steps, validation.number("visits", visits, least=0.0, most=1.0))
    choice = descents.Choice(code, similarity, losses.LOSSES[code].positives, batch, lag, stride)
    rates, left_at = np.stack((t, eta, decay), axis=1), np.empty(len(u), np.int64)
    last, pool = u.astype(kept), v.astype(kept, copy=False)
    key, first = _stream(seed, first_row)
    descents.descend(len(u), threads, choice, _span(kept), update, key, first, last, pool, rates, record, left_at)
    _check_range(left_at, "step_sizes", eta, kept, last)
    return Trajectory(**record._asdict(), embeddings=last.astype(np.float64, copy=False))


def drive(
    norms: ArrayLike, energies: ArrayLike, step_sizes: ArrayLike, weight_decays: ArrayLike = 0.0,
    *, dimension: int, alignment: float = 0.0, persistence: float = 0.0, stride: int = 1,
    optimizer: Optimizer = SGD, visits: float = 1.0, path: bool = False, seed: int = 0, first_row: int = 0,
    precision: str = "float64", threads: int | None = None,
) -> Trajectory:  # fmt: skip
    """R runs on gradients of prescribed energy and random direction.

    u_0 has the given norm (R,) and a random direction; step k has, for a random unit t_k orthogonal to u_k,
    g_k = sqrt(energies[k]) / |u_k| (sqrt(1 - alignment^2) t_k + alignment u_k / |u_k|); energies (R, K).
    ``alignment`` in -1 .. 1, 0 for a tangential gradient. The t_k are independent, or, with ``persistence`` q in
    0 .. 1, directions of the tangential part of x_k = q x_{k-1} + sqrt(1 - q^2) w_k, w_k standard normal: at q = 1 one
    direction for ever. ``dimension`` from 2; the rest as for `descend`.
    """
    g2 = validation.table("energies", energies, (None, None), least=0.0)
    rows, steps = g2.shape
    kept = validation.precision(precision)
    smallest, largest = validation.NORMS[kept]
    lengths = validation.per_row("norms", norms, rows, least=smallest, most=largest)
    eta, decay = _rates(step_sizes, weight_decays, rows)
    dimension = validation.integer("dimension", dimension, 2)
    validation.size("dimension", rows, dimension)
    along = validation.number("alignment", alignment, least=-1.0, most=1.0)
    persists = validation.number("persistence", persistence, least=0.0, most=1.0)
    stride, record = _record((rows, dimension), steps, stride, path)
    update = _optimizer(optimizer).update(steps, validation.number("visits", visits, least=0.0, most=1.0))
    last, left_at = np.empty((rows, dimension), kept), np.empty(rows, np.int64)
    key, first = _stream(seed, first_row)
    rates = np.stack((lengths, eta, decay), axis=1)
    noise = driven.Noise(along, persists, stride)
    driven.drive(rows, threads, noise, _span(kept), update, key, first, last, g2, rates, record, left_at)
    _check_range(left_at, "step_sizes", eta, kept, last)
    return Trajectory(**record._asdict(), embeddings=last.astype(np.float64, copy=False))


def setting(
    loss: str, embeddings: ArrayLike, candidates: ArrayLike, temperatures: ArrayLike, kept: str = "float64"
) -> tuple[int, int, Floats, Floats, Floats]:
    """The checked arguments that every simulation of a loss has: code, similarity, u, v, temperatures."""
    code = losses.code(loss)
    u = validation.vectors("embeddings", embeddings, (None, None), kept)
    v = validation.vectors("candidates", candidates, (len(u), None, u.shape[1]), kept)
    # 1e-6 .. 1e6 keeps exponents of cosines, and their squares in second derivatives, far from overflow
    t = validation.per_row("temperatures", temperatures, len(u), least=1e-6, most=1e6)
    return code, losses.LOSSES[code].similarity, u, v, t


def _optimizer(value: object) -> Optimizer:
    if not isinstance(value, Optimizer):
        raise InvalidInput(f"optimizer = {value!r} must be an Optimizer, such as Optimizer('adam')")
    return value


def _rates(step_sizes: ArrayLike, weight_decays: ArrayLike, rows: int) -> tuple[Floats, Floats]:
    eta = validation.per_row("step_sizes", step_sizes, rows, above=0.0)
    return eta, validation.per_row("weight_decays", weight_decays, rows, least=0.0)


def _record(shape: tuple[int, ...], steps: int, stride: int, path: bool) -> tuple[int, Record]:
    rows, dimension = shape
    steps = validation.integer("steps", steps, 1)
    stride = validation.integer("stride", stride, 1, steps)
    if steps % stride:
        raise InvalidInput(f"stride = {stride} must divide the number of steps, {steps}")
    if path and stride != 1:
        raise InvalidInput(f"stride = {stride} must be 1 to keep the path")
    slots = steps // stride
    validation.size("steps / stride", rows, slots + 1)
    kept = (slots + 1, dimension) if path else (0, 0)
    validation.size("steps (with path)", rows, *kept)
    energies, radial, rotations, drifts, heats, visits = (np.zeros((rows, slots)) for _ in range(6))
    gradients = np.empty((rows, max(kept[0] - 1, 0), kept[1]))
    return stride, Record(
        np.empty((rows, slots + 1)), energies, radial, rotations, drifts, heats, visits, np.empty((rows, *kept)), gradients
    )


def _stream(seed: int, first_row: int) -> tuple[np.uint64, int]:
    key = np.uint64(validation.integer("seed", seed, 0, 2**64 - 1))
    return key, validation.integer("first_row", first_row, 0)


def _span(kept: str) -> tuple[float, float]:
    """Of squared norms."""
    smallest, largest = validation.NORMS[kept]
    return smallest**2, largest**2


def _check_range(left_at: NDArray[np.int64], name: str, values: Floats, kept: str, last: NDArray[Any]) -> None:
    if np.any(left_at >= 0):
        row = int(np.argmax(left_at >= 0))
        with np.errstate(over="ignore"):
            norm = float(np.linalg.norm(last[row].astype(np.float64)))
        raise OutOfRange(
            f"{name}[{row}] = {values[row]:g} takes row {row} out of range at step {int(left_at[row])}: its norm is {norm:g}, "
            f"must stay between {validation.NORMS[kept][0]:g} and {validation.NORMS[kept][1]:g}",
            norm,
        )
