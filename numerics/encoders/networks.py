"""Feed-forward encoders under a batch loss, with gradients in every weight matrix by the reverse mode.

``h_l = act(h_{l-1} W_l' + b_l)`` for all layers but the last, which is linear; then nothing, LayerNorm without an affine
part (Ba, Kiros, Hinton, arXiv:1607.06450), or division by the norm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.batch_losses.evaluate import evaluate_batch
from numerics.validation import InvalidInput, number, table

Floats = NDArray[np.float64]
ACTIVATIONS = ("relu", "relu_squared")
LAST = ("linear", "layernorm", "normalize")


@dataclass(frozen=True)
class NetworkGradients:
    """``embeddings`` (B, d) and the loss' gradients in them; gradients in every weight matrix, in their shapes."""

    value: float
    embeddings: Floats
    embedding_gradients: Floats
    weights: tuple[Floats, ...]
    hidden: tuple[Floats, ...]  # h_0 .. h_{L-1}: what each weight matrix is applied to
    slopes: Floats  # derivatives in the similarities


def evaluate_network(
    loss: str, weights: Sequence[ArrayLike], inputs: ArrayLike, columns: ArrayLike | None, targets: ArrayLike, *,
    biases: Sequence[ArrayLike] | None = None, activation: str = "relu", last: str = "linear", epsilon: float = 0.0,
    scale: float = 1.0, similarity: str = "cosine",
) -> NetworkGradients:  # fmt: skip
    """Embeddings and gradients of a loss of `numerics.batch_losses.evaluate`.

    ``weights`` are matrices (out, in); ``inputs`` (B, in); ``columns`` and ``targets`` as in `evaluate_batch`, the
    columns being constants; ``biases`` (out,) a layer; ``epsilon`` is LayerNorm's. Raises ``InvalidInput``.
    """
    if activation not in ACTIVATIONS:
        raise InvalidInput(f"activation = {activation!r} must be one of {', '.join(ACTIVATIONS)}")
    if last not in LAST:
        raise InvalidInput(f"last = {last!r} must be one of {', '.join(LAST)}")
    number("epsilon", epsilon, least=0.0)
    x = table("inputs", inputs, (None, None))
    matrices = _matrices(weights, x.shape[1])
    shifts = [np.zeros(len(w)) for w in matrices]
    if biases is not None and len(biases) != len(matrices):
        raise InvalidInput(f"biases has {len(biases)} vectors, must have {len(matrices)}, one a layer")
    if biases is not None:
        shifts = [table(f"biases[{i}]", b, (len(w),)) for i, (b, w) in enumerate(zip(biases, matrices, strict=True))]
    hidden, before = [x], list[Floats]()
    for w, b in zip(matrices, shifts, strict=True):
        before.append(hidden[-1] @ w.T + b)
        hidden.append(_act(activation, before[-1]))
    out = before[-1]
    found = evaluate_batch(loss, _finish(last, out, epsilon), columns, targets, scale=scale, similarity=similarity)
    delta = _finish_back(last, out, epsilon, found.rows)
    gradients: list[Floats] = []
    for i in reversed(range(len(matrices))):
        gradients.append(delta.T @ hidden[i])
        if i:
            delta = (delta @ matrices[i]) * _act_slope(activation, before[i - 1])
    return NetworkGradients(
        found.value, _finish(last, out, epsilon), found.rows, tuple(reversed(gradients)), tuple(hidden[:-1]), found.slopes
    )


def _matrices(weights: Sequence[ArrayLike], width: int) -> list[Floats]:
    if not len(weights):
        raise InvalidInput("weights has 0 matrices, must have at least 1")
    found: list[Floats] = []
    for i, w in enumerate(weights):
        found.append(table(f"weights[{i}]", w, (None, width)))
        width = len(found[-1])
    return found


def _act(activation: str, z: Floats) -> Floats:
    h = np.maximum(z, 0.0)
    return h if activation == "relu" else h * h


def _act_slope(activation: str, z: Floats) -> Floats:
    """At 0 the slope of ReLU is taken to be 0."""
    return np.where(z > 0, 1.0, 0.0) if activation == "relu" else 2 * np.maximum(z, 0.0)


def _finish(last: str, z: Floats, epsilon: float) -> Floats:
    if last == "linear":
        return z
    if last == "normalize":
        return np.asarray(z / np.linalg.norm(z, axis=1, keepdims=True))
    centred = z - np.mean(z, axis=1, keepdims=True)
    return np.asarray(centred / np.sqrt(np.mean(centred**2, axis=1, keepdims=True) + epsilon))


def _finish_back(last: str, z: Floats, epsilon: float, cotangent: Floats) -> Floats:
    if last == "linear":
        return cotangent
    if last == "normalize":
        r = np.linalg.norm(z, axis=1, keepdims=True)
        unit = z / r
        return np.asarray((cotangent - np.sum(cotangent * unit, axis=1, keepdims=True) * unit) / r)
    centred = z - np.mean(z, axis=1, keepdims=True)
    s = np.sqrt(np.mean(centred**2, axis=1, keepdims=True) + epsilon)
    along = np.mean(cotangent * centred, axis=1, keepdims=True) / s**2
    return np.asarray((cotangent - np.mean(cotangent, axis=1, keepdims=True) - along * centred) / s)
