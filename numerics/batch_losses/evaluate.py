"""Losses of a whole batch, with gradients in every vector on both sides: the checked surface of `numerics.batch_losses`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.batch_losses import BATCH_LOSSES, BatchLoss, Scalars
from numerics.batch_losses.preparations import preparation, prepare, pull_back
from numerics.validation import InvalidInput, number, table, vectors

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BatchGradients:
    """A loss at one batch: ``similarities`` and ``slopes`` (B, K), gradients (B, d) in rows and (K, d) in columns.

    Where the columns are the rows, ``columns`` is the same array as ``rows``, and holds the whole gradient.
    """

    value: float
    similarities: Floats
    slopes: Floats
    rows: Floats
    columns: Floats
    by_log_scale: float
    by_bias: float


def evaluate_batch(
    loss: str, rows: ArrayLike, columns: ArrayLike | None, targets: ArrayLike, *, scale: float = 1.0, bias: float = 0.0,
    margin: float = 0.0, similarity: str = "cosine", epsilon: float = 0.0,
) -> BatchGradients:  # fmt: skip
    """Value, slopes in every similarity and gradients in every vector of a loss of `numerics.batch_losses`.

    ``rows`` (B, d); ``columns`` (K, d), or None for losses of a batch with itself; ``targets`` (B, K): 1 for
    positives and 0 else, or gold scores. ``similarity`` is one of `numerics.batch_losses.preparations`, with its ``epsilon``.
    Raises ``InvalidInput`` with name, value and bound.
    """
    if loss not in BATCH_LOSSES:
        raise InvalidInput(f"loss = {loss!r} must be one of {', '.join(BATCH_LOSSES)}")
    chosen, kind = BATCH_LOSSES[loss], preparation(similarity)
    x = vectors("rows", rows, (None, None))
    y = _columns(chosen, x, columns)
    wanted = table("targets", targets, (len(x), len(y)), least=0.0)
    scalars = Scalars(number("scale", scale, above=0.0), number("bias", bias), number("margin", margin))
    keep = number("epsilon", epsilon, least=0.0)
    a, b = prepare(kind, x, keep), prepare(kind, y, keep)
    turned = _turn(b, 1.0) if chosen.turned else b
    similarities = a @ turned.T
    found = chosen.slopes(similarities, wanted, scalars)
    with np.errstate(invalid="ignore"):  # a slope without bound, as ArcFace has at angle 0, leaves NaN behind, and nothing else does
        to_rows, to_columns = found.similarities @ turned, found.similarities.T @ a
        if chosen.turned:
            to_columns = _turn(to_columns, -1.0)
        if chosen.shared:
            by_rows = by_columns = pull_back(kind, x, to_rows + to_columns, keep)
        else:
            by_rows, by_columns = pull_back(kind, x, to_rows, keep), pull_back(kind, y, to_columns, keep)
    return BatchGradients(
        found.value, similarities, found.similarities, by_rows, by_columns, found.by_log_scale, found.by_bias
    )


def _columns(loss: BatchLoss, rows: Floats, columns: ArrayLike | None) -> Floats:
    if loss.shared and columns is not None:
        raise InvalidInput(f"columns must be None: {loss.name} compares a batch with itself")
    if not loss.shared and columns is None:
        raise InvalidInput(f"columns must be given: {loss.name} compares rows with something else")
    y = rows if columns is None else vectors("columns", columns, (None, rows.shape[1]))
    if loss.turned and rows.shape[1] % 2:
        raise InvalidInput(f"rows has dimension {rows.shape[1]}, must be even: {loss.name} pairs coordinates")
    if loss.turned and len(y) != len(rows):
        raise InvalidInput(f"columns has {len(y)} vectors, must have {len(rows)}: {loss.name} is about pairs")
    return y


def _turn(b: Floats, sign: float) -> Floats:
    """``(b + sign i b)/sqrt(2)``: halves of a vector are real and imaginary parts."""
    half = b.shape[1] // 2
    real, imaginary = b[:, :half], b[:, half:]
    return np.concatenate([real - sign * imaginary, imaginary + sign * real], axis=1) / np.sqrt(2.0)
