"""What a loss of a batch is made of: a value and slopes in a matrix of similarities, whatever the loss.

Rows are embeddings, columns what they are compared with: candidates, prototypes, the other side of the batch, or
the rows themselves. ``targets`` says which entries are positives, or, for a ranking, the gold scores of pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scalars:
    """``scale`` multiplies the logits (1/temperature), ``bias`` is added to them, ``margin`` as each loss has it."""

    scale: float = 1.0
    bias: float = 0.0
    margin: float = 0.0


class Slopes(NamedTuple):
    """The loss, its derivatives in every similarity (B, K), in log(scale) and in the bias (0 where there is none)."""

    value: float
    similarities: Floats
    by_log_scale: float = 0.0
    by_bias: float = 0.0


class BatchLoss(NamedTuple):
    """``slopes(similarities, targets, scalars)``.

    ``shared``: the columns are the rows. ``turned``: the columns are first turned by 45 degrees in each complex plane.
    """

    name: str
    slopes: Callable[[Floats, Floats, Scalars], Slopes]
    shared: bool = False
    turned: bool = False


def softmax_errors(logits: Floats, wanted: Floats) -> tuple[Floats, Floats]:
    """Cross entropy (B,) of each row's softmax with the distribution ``wanted`` (B, K), and its slopes ``p - wanted``.

    A logit of -inf takes part in nothing. Exponents are taken below the largest of their row.
    """
    below = logits - np.max(logits, axis=1, keepdims=True)
    weights = np.exp(below)
    total = np.sum(weights, axis=1, keepdims=True)
    values = np.log(total[:, 0]) - np.sum(wanted * np.where(wanted > 0, below, 0.0), axis=1)
    return values, weights / total - wanted


def without_diagonal(logits: Floats) -> Floats:
    """The logits of a batch with itself: no item is its own candidate."""
    out = logits.copy()
    np.fill_diagonal(out, -np.inf)
    return out


def distribution(targets: Floats) -> Floats:
    """Positives of a row with equal weights."""
    return np.asarray(targets / np.sum(targets, axis=1, keepdims=True))


def sigmoid(x: Floats) -> Floats:
    """``1/(1 + exp(-x))`` without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)
