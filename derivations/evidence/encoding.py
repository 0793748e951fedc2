"""Settings of shared encoders, the slopes of their squared norms along a step of the weights, and rounding bounds.

Below, ``sizes`` are products of absolute values: what a quantity would be if nothing in it cancelled. Every quantity
is computed by fewer than `roundings` operations in a row, each relative to its size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from derivations.evidence import Floats, Measurement, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.settings import log_uniform
from numerics.encoders.shared import Objective, Slopes, Weights, gates, moved, outputs

LOSSES = ("cosine_regression", "infonce")
WIDTHS, ITEMS, SPREADS = (2, 24), (2, 12), (1.0, 30.0)


@dataclass(frozen=True)
class Encoding:
    """Random weights (``layers`` of them), inputs whose lengths spread by a factor, and a loss for every item."""

    layers: int
    items: int
    width: int  # of the inputs and of hidden layers
    dimension: int
    spread: float
    loss: str
    seed: int

    def _rng(self, stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, stream])

    @cached_property
    def weights(self) -> Weights:
        """(width, width), and the last (dimension, width)."""
        rng, shapes = self._rng(1), [(self.width, self.width)] * (self.layers - 1) + [(self.dimension, self.width)]
        return tuple(rng.standard_normal(shape) / np.sqrt(self.width) for shape in shapes)

    @cached_property
    def inputs(self) -> Floats:
        """(items, width); behind a ReLU every item keeps at least one unit, or its embedding would be 0."""
        rng = self._rng(2)
        x = rng.standard_normal((self.items, self.width)) * log_uniform(rng, (1 / self.spread, self.spread), self.items)[:, None]
        if self.layers > 1:
            dead = ~np.any(x @ self.weights[0].T > 0, axis=1)
            x[dead] = -x[dead]
        return x

    @cached_property
    def objective(self) -> Objective:
        """One target each for cosine regression, four candidates for InfoNCE."""
        rng = self._rng(3)
        candidates = rng.standard_normal((self.items, 1 if self.loss == "cosine_regression" else 4, self.dimension))
        shares = rng.uniform(0.2, 1, self.items)
        return Objective(self.loss, candidates, rng.uniform(0.2, 2, self.items), shares / shares.sum())

    @cached_property
    def slopes(self) -> Slopes:
        """Outputs and gradients."""
        return self.objective.slopes(self.weights, self.inputs)

    @cached_property
    def norms(self) -> Floats:
        """Of the embeddings, (items,)."""
        return np.asarray(np.linalg.norm(self.slopes.outputs, axis=1))

    def with_loss(self, loss: str) -> Encoding:
        """The same encoder."""
        return replace(self, loss=loss)

    def labels(self) -> tuple[str, ...]:
        """One line per item."""
        return tuple(f"{self.layers} layer(s) {self.loss} n={self.items} D={self.width} d={self.dimension} spread={self.spread:.3g}"
                     f" seed={self.seed} item={i}" for i in range(self.items))  # fmt: skip

    def roundings(self) -> float:
        """Products and sums in a row: layers forward and back, Jacobians, sums over items, cosines; all counted twice."""
        return 8 * self.layers * (self.width + self.dimension) + 4 * self.items + 200

    def gradient_noise(self) -> Floats:
        """Bound of the error of each item's gradient in its embedding, (items,)."""
        o = self.objective
        return np.asarray(rounding.gradient(self.loss, o.temperatures, self.norms, self.dimension, o.candidates.shape[1]))

    def size_of_step(self) -> float:
        """A step that changes the weights by a hundredth of their length: no more than that, and often no gate."""
        slopes = self.slopes.weight_gradients
        return float(0.01 * np.sqrt(sum(np.sum(w**2) for w in self.weights) / max(sum(np.sum(g**2) for g in slopes), 1e-300)))

    def reach(self) -> Floats:
        """Size of each embedding, (items,): input times the absolute values of all weights on the way, grown by a tenth."""
        x = np.abs(self.inputs)
        for w in self.weights:
            x = x @ np.abs(w).T
        return np.asarray(1.1**self.layers * np.linalg.norm(x, axis=1))


def slopes_along_step(encoding: Encoding, weight_decay: float = 0.0, sides: str = "both") -> tuple[Floats, Floats, Floats]:
    """``d|u_i|^2/dh`` as the weights move by ``-h grad``: values, rounding bounds, and where no gate switches, (items,).

    With L layers ``|u_i(h)|^2`` is a polynomial of degree 2L, of which two symmetric differences give the slope exactly
    for L up to 2: ``D(h) = c_1 + c_3 h^2``. One side only leaves the curvature in.
    """
    h, along = encoding.size_of_step(), encoding.slopes.weight_gradients
    along = tuple(g + weight_decay * w for g, w in zip(along, encoding.weights, strict=True))

    def at(step: float) -> tuple[Floats, list[Floats]]:
        there = moved(encoding.weights, along, step)
        return np.sum(outputs(there, encoding.inputs) ** 2, axis=1), list(gates(there, encoding.inputs))

    places = {s: at(s * h) for s in ((-2, -1, 0, 1, 2) if sides == "both" else (0, 1))}
    steady = np.ones(encoding.items, bool)
    for _, open_ in places.values():
        for now, before in zip(open_, places[0][1], strict=True):
            steady &= np.all(now == before, axis=1)
    q = {s: value for s, (value, _) in places.items()}
    if sides != "both":
        return (q[1] - q[0]) / h, rounding.gamma(encoding.roundings()) * 8 * encoding.reach() ** 2 / h, steady
    found = (4 * (q[1] - q[-1]) / (2 * h) - (q[2] - q[-2]) / (4 * h)) / 3
    return found, rounding.gamma(encoding.roundings()) * 8 * encoding.reach() ** 2 / h, steady


def over_items(
    what: str, drawn: Sequence[Encoding], compare: Callable[[Encoding], tuple[Any, ...]]
) -> Measurement:
    """``compare`` gives deviations and bounds (and, third, which items apply) of an encoder; all items together."""
    parts = [(*compare(e), np.ones(e.items, bool))[:3] for e in drawn]
    deviations, bounds, applies = (np.concatenate(column) for column in zip(*parts, strict=True))
    return measurement(what, deviations, bounds, [label for e in drawn for label in e.labels()], applies)


def draw(rng: np.random.Generator, effort: str, layers: int) -> Sequence[Encoding]:
    """Encoders over the ranges, each loss in turn."""
    count = 16 if effort == "quick" else 80
    return [
        Encoding(layers, int(rng.integers(ITEMS[0], ITEMS[1] + 1)), int(rng.integers(WIDTHS[0], WIDTHS[1] + 1)),
                 int(rng.integers(WIDTHS[0], WIDTHS[1] + 1)), float(log_uniform(rng, SPREADS, 1)[0]), LOSSES[i % 2],
                 int(rng.integers(2**31)))
        for i in range(count)
    ]  # fmt: skip


def ordinary(seed: int, layers: int) -> Encoding:
    """An encoder without extremes."""
    return Encoding(layers, 5, 8, 6, 1.5, "infonce", seed)
