"""What every contender of the replicates is given, and what it has to answer with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.simulation.optimizers import Optimizer

Floats = NDArray[np.float64]
STRIDE = 10  # steps that a slot of the measurements sums

# Sizes at which the bound of rounding stays small over thousands of steps: what it grows by in a step is
# 1 + step size times curvature, and the curvature is (1/t^2 + 4/t)/|u|^2. They change no contender's work.
OPTIMIZERS: Mapping[str, tuple[Optimizer, float, float]] = {  # with a step size and a decay
    "SGD": (Optimizer(), 0.02, 0.0),
    "SGD with decay": (Optimizer(), 0.02, 1e-3),
    "heavy ball": (Optimizer("heavy_ball", momentum=0.9), 0.002, 0.0),
    "Adam": (Optimizer("adam", momentum=0.9, second_momentum=0.999, epsilon=1.0), 0.004, 0.0),
}


@dataclass(frozen=True)
class Setting:
    """Sizes of a case: R rows, d dimensions, n candidates, K steps; the seed of what is drawn."""

    rows: int
    dimension: int
    candidates: int
    steps: int
    optimizer: str = "SGD"
    precision: str = "float64"
    seed: int = 0

    def under(self, **changes: Any) -> Setting:
        """The same with something else in it."""
        return replace(self, **changes)

    @property
    def name(self) -> str:
        """In a table."""
        extra = "".join(f", {word}" for word in (self.optimizer, self.precision) if word not in ("SGD", "float64"))
        return f"d={self.dimension}, n={self.candidates}, R={self.rows}, {self.steps} steps{extra}"

    @cached_property
    def inputs(self) -> Inputs:
        """The same numbers for everybody."""
        rng = np.random.default_rng((self.seed, self.rows, self.dimension, self.candidates))
        u = rng.standard_normal((self.rows, self.dimension))
        u *= rng.uniform(8.0, 12.0, (self.rows, 1)) / np.linalg.norm(u, axis=1, keepdims=True)
        _, eta, decay = OPTIMIZERS[self.optimizer]
        return Inputs(
            u, rng.standard_normal((self.rows, self.candidates, self.dimension)), rng.uniform(0.5, 1.0, self.rows),
            eta * rng.uniform(0.5, 1.0, self.rows), np.full(self.rows, decay),
        )  # fmt: skip

    @property
    def kind(self) -> type[np.floating[Any]]:
        """Of the numbers that are computed with."""
        return np.float32 if self.precision == "float32" else np.float64


class Inputs(NamedTuple):
    """Embeddings (R, d), candidates (R, n, d), of which the first is the positive, and rates (R,)."""

    embeddings: Floats
    candidates: Floats
    temperatures: Floats
    step_sizes: Floats
    weight_decays: Floats


class Result(NamedTuple):
    """What is compared: the last embeddings (R, d), |u|^2 at the end of each slot (R, K / STRIDE), and the sums of a slot."""

    embeddings: Floats
    squared_norms: Floats
    energies: Floats
    radial: Floats
    rotations: Floats
    drifts: Floats
    heats: Floats
