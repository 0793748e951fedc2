"""Random encoders under batch losses, made from drawn settings; and the rounding of inner products with their gradients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from derivations.evidence import Floats, rounding
from derivations.evidence.settings import Batch
from numerics.encoders.networks import NetworkGradients, evaluate_network

WIDEST = 24
BATCH = 6
Stack = list[Floats]


@dataclass(frozen=True)
class Encoder:
    """Weight matrices with inputs (BATCH, in), columns to compare with, and a scale of the logits."""

    weights: Stack
    inputs: Floats
    columns: Floats
    scale: float
    label: str

    def run(self, loss: str, **options: object) -> NetworkGradients:
        """The kernel, with row i's positive in column i."""
        columns = None if loss == "nt_xent" else self.columns
        targets = np.eye(BATCH)[np.arange(BATCH) ^ 1] if loss == "nt_xent" else np.eye(BATCH)
        return evaluate_network(loss, self.weights, self.inputs, columns, targets, scale=self.scale, **options)  # type: ignore[arg-type]

    def last_input(self, found: NetworkGradients) -> Floats:
        """What the last layer puts out before it is finished."""
        return np.asarray(found.hidden[-1] @ self.weights[-1].T)

    def rounding(self, found: NetworkGradients, activation: str, radial: float) -> Floats:
        """Of ``<W_l, grad>`` for every layer, where ``<f, grad_f L>`` is off by ``radial``.

        For the numbers that were computed, h, z = W h and d (the gradient in z), it is ``<d, W h>`` up to the rounding of sums
        over the batch and over a matrix; and ``<d, z>`` of one layer is ``<d, W h>`` of the next one, times the degree of what is
        between them, up to that of a product with a matrix there and back: each relative to the sum of ``|d| |W| |h|``.
        """
        delta, bounds, off = found.embedding_gradients, [], radial
        degree = 1.0 if activation == "relu" else 2.0
        for i in reversed(range(len(self.weights))):
            w = self.weights[i]
            size = float(np.sum(np.abs(w) * (np.abs(delta).T @ np.abs(found.hidden[i]))))
            off += 2 * float(rounding.gamma(w.shape[0] + w.shape[1] + BATCH + 60)) * size
            bounds.append(off)
            if i:  # sqrt(h) is the argument of a squared ReLU
                slope = (found.hidden[i] > 0) if activation == "relu" else 2 * np.sqrt(found.hidden[i])
                delta, off = (delta @ w) * slope, degree * off
        return np.array(bounds[::-1])


def encoders(batches: Sequence[Batch]) -> Iterator[Encoder]:
    """One for every row: 1 to 4 layers of widths up to WIDEST, weights of any scale, no embedding 0."""
    for batch in batches:
        for row in range(batch.rows):
            rng = np.random.default_rng([batch.seed, row, 53])
            widths = [int(k) for k in rng.integers(8, WIDEST + 1, size=int(rng.integers(2, 6)))]
            weights = [np.exp(rng.uniform(-1, 1)) * (rng.standard_normal((b, a)) + 0.2) / np.sqrt(a)
                       for a, b in pairwise(widths)]  # fmt: skip
            inputs = rng.standard_normal((BATCH, widths[0])) + 0.5
            while _dead(weights, inputs):  # an input that no unit of some layer answers to has embedding 0
                inputs = rng.standard_normal((BATCH, widths[0])) + 0.5
            columns = rng.standard_normal((BATCH, widths[-1]))
            label = f"widths={widths} tau={batch.temperatures[row]:.3g} seed={batch.seed} row={row}"
            yield Encoder(weights, inputs, columns, float(1 / batch.temperatures[row]), label)


def _dead(weights: Stack, inputs: Floats) -> bool:
    hidden = inputs
    for w in weights[:-1]:
        hidden = np.maximum(hidden @ w.T, 0.0)
    return not np.all(np.any(hidden > 0, axis=1)) if len(weights) > 1 else False
