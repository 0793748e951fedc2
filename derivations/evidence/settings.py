"""The settings evidence is drawn from, over the ranges the laws name; Hypothesis builds the same records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from derivations.evidence import Floats

DIMENSIONS = (2, 512)
CANDIDATES = (1, 256)
TEMPERATURES = (0.01, 10.0)
STEP_SIZES = (1e-5, 1e1)
NORMS = (1e-3, 1e3)


@dataclass(frozen=True)
class Batch:
    """Rows of one shape: ``temperatures``, ``step_sizes``, ``norms`` of shape (rows,), and the seed of the vectors."""

    dimension: int
    candidates: int
    temperatures: Floats
    step_sizes: Floats
    norms: Floats
    seed: int

    @property
    def rows(self) -> int:
        """Number of settings in the batch."""
        return len(self.norms)

    def embeddings(self) -> Floats:
        """Shape (rows, d): uniform directions with the norms asked for."""
        return self._directions(0, ()) * self.norms[:, None]

    def directions(self) -> Floats:
        """Shape (rows, d): unit vectors independent of everything else."""
        return self._directions(2, ())

    def pool(self) -> Floats:
        """Candidates, shape (rows, n, d), with lengths over the same decades."""
        lengths = np.exp(self._rng(3).uniform(float(np.log(NORMS[0])), float(np.log(NORMS[1])), size=(self.rows, self.candidates)))
        return self._directions(1, (self.candidates,)) * lengths[..., None]

    def _rng(self, stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, stream])

    def _directions(self, stream: int, shape: tuple[int, ...]) -> Floats:
        x = self._rng(stream).standard_normal((self.rows, *shape, self.dimension))
        return x / np.linalg.norm(x, axis=-1, keepdims=True)

    def labels(self) -> tuple[str, ...]:
        """One line per row, enough to repeat it."""
        return tuple(
            f"d={self.dimension} n={self.candidates} tau={t:.3g} eta={h:.3g} r={r:.3g} seed={self.seed} row={i}"
            for i, (t, h, r) in enumerate(zip(self.temperatures, self.step_sizes, self.norms, strict=True))
        )


def log_uniform(rng: np.random.Generator, ends: tuple[float, float], size: int) -> Floats:
    """Uniform in the logarithm, between the ends."""
    return np.exp(rng.uniform(np.log(ends[0]), np.log(ends[1]), size=size))


def draw(rng: np.random.Generator, effort: str) -> Sequence[Batch]:
    """Batches over all ranges: the four extreme shapes always, then shapes uniform in the logarithm."""
    rows, extra = (6, 8) if effort == "quick" else (24, 40)
    shapes = [(d, n) for d in DIMENSIONS for n in CANDIDATES]
    shapes += [
        (int(np.rint(log_uniform(rng, DIMENSIONS, 1)[0])), int(np.rint(log_uniform(rng, CANDIDATES, 1)[0])))
        for _ in range(extra)
    ]
    return [
        Batch(d, n, log_uniform(rng, TEMPERATURES, rows), log_uniform(rng, STEP_SIZES, rows),
              log_uniform(rng, NORMS, rows), int(rng.integers(2**31)))
        for d, n in shapes
    ]  # fmt: skip


def ordinary(seed: int, rows: int = 8, dimension: int = 16, candidates: int = 5) -> Batch:
    """A batch without extremes, for witnesses: only the dropped hypothesis should be remarkable about it."""
    rng = np.random.default_rng([seed, 77])
    return Batch(dimension, candidates, rng.uniform(0.2, 1, rows), rng.uniform(0.1, 0.3, rows), rng.uniform(0.8, 1.5, rows), seed)
