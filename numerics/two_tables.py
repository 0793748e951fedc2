"""Two lookup tables, words and contexts, trained together by SGD on InfoNCE of cosines: pairs and negatives drawn anew.

R independent replicates run side by side. A step draws B pairs a replicate from ``joint`` (W, C) and ``negatives``
contexts a pair from its margin, takes all gradients at the same tables, and adds them up: a row drawn twice moves twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics import validation
from numerics.simulate import candidate_gradients, evaluate
from numerics.validation import Floats


@dataclass(frozen=True)
class Tables:
    """Rows of all replicates: words (R, W, d), contexts (R, C, d)."""

    words: Floats
    contexts: Floats

    def fourth_powers(self) -> tuple[Floats, Floats]:
        """Of the norms, (R, W) and (R, C)."""
        return np.sum(self.words**2, axis=2) ** 2, np.sum(self.contexts**2, axis=2) ** 2


def trained(
    joint: ArrayLike, *, dimension: int, replicates: int, temperature: float, negatives: int, step_size: float, steps: int,
    batch: int, contexts_learn: bool = True, seed: int = 0,
) -> Tables:  # fmt: skip
    """Both tables after ``steps`` steps from unit vectors in random directions."""
    pairs = validation.table("joint", joint, (None, None), least=0.0)
    (count, other), d, runs = pairs.shape, validation.integer("dimension", dimension, 2), validation.integer("replicates", replicates, 1)
    n, size = validation.integer("negatives", negatives, 1), validation.integer("batch", batch, 1)
    eta = validation.number("step_size", step_size, above=0.0)
    rng = np.random.default_rng(seed)
    u, v = _unit(rng, runs * count, d), _unit(rng, runs * other, d)
    replicate = np.repeat(np.arange(runs), size)
    temperatures = np.full(runs * size, validation.number("temperature", temperature, above=0.0))
    for _ in range(validation.integer("steps", steps, 1)):
        drawn = _draw(rng, pairs.ravel(), (runs * size,))
        negative = _draw(rng, pairs.sum(axis=0), (runs * size, n))
        word = drawn // other + replicate * count
        candidate = np.concatenate(((drawn % other)[:, None], negative), axis=1) + replicate[:, None] * other
        at, pool = u[word], v[candidate]
        gradients = evaluate("infonce", at, pool, temperatures, threads=1).gradients
        if contexts_learn:
            moves = candidate_gradients("infonce", at, pool, temperatures, threads=1)
            np.add.at(v, candidate, -eta * moves)
        np.add.at(u, word, -eta * gradients)
    return Tables(u.reshape(runs, count, d), v.reshape(runs, other, d))


def _unit(rng: np.random.Generator, rows: int, dimension: int) -> Floats:
    x = rng.standard_normal((rows, dimension))
    return np.asarray(x / np.linalg.norm(x, axis=1, keepdims=True))


def _draw(rng: np.random.Generator, weights: Floats, shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    ends = np.cumsum(weights)
    return np.minimum(np.searchsorted(ends, rng.random(shape) * ends[-1], side="right"), len(weights) - 1)
