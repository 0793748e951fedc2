"""Two lookup tables, words and contexts, trained together by SGD on InfoNCE of cosines: pairs and negatives drawn anew.

R independent replicates run side by side. A step draws B pairs a replicate from ``joint`` (W, C) and ``negatives``
contexts a pair from its margin, takes all gradients at the same tables, and adds them up: a row drawn twice moves twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics import losses, validation
from numerics.kernels import two_tables as kernels
from numerics.kernels.two_tables import Rule
from numerics.sampling import stream_key
from numerics.validation import Floats, InvalidInput


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
    batch: int, noise: ArrayLike | None = None, contexts_learn: bool = True, seed: int = 0, first_replicate: int = 0,
    threads: int | None = 1,
) -> Tables:  # fmt: skip
    """Both tables after ``steps`` steps from unit vectors in random directions.

    ``noise`` (C,): the weights of the negatives (None: the contexts' margin). Draws are a function of (seed,
    first_replicate + replicate, step): a replicate can be run again by itself.
    """
    pairs = validation.table("joint", joint, (None, None), least=0.0)
    weights = pairs.sum(axis=0) if noise is None else validation.table("noise", noise, (pairs.shape[1],), least=0.0)
    rule = Rule(
        losses.code("infonce"), _ends("joint", pairs.ravel()), _ends("noise", weights), validation.integer("negatives", negatives, 1),
        validation.integer("batch", batch, 1), validation.number("temperature", temperature, least=1e-6, most=1e6),
        validation.number("step_size", step_size, above=0.0), bool(contexts_learn),
    )  # fmt: skip
    d, runs = validation.integer("dimension", dimension, 2), validation.integer("replicates", replicates, 1)
    validation.size("replicates", runs, sum(pairs.shape), d)
    words, contexts = (np.empty((runs, count, d)) for count in pairs.shape)
    key = stream_key(np.random.SeedSequence(validation.integer("seed", seed, 0)))
    first, steps = validation.integer("first_replicate", first_replicate, 0), validation.integer("steps", steps, 1)
    kernels.trained(runs, threads, rule, key, first, steps, words, contexts)
    return Tables(words, contexts)


def _ends(name: str, weights: Floats) -> Floats:
    """Cumulative shares; the last is 1, and nothing is drawn where the weight is 0."""
    total = float(np.sum(weights))
    if not total > 0.0:
        raise InvalidInput(f"{name} has the sum {total:g}, must be above 0")
    ends = np.cumsum(weights / total)
    ends[np.flatnonzero(weights)[-1] :] = 1.0
    return ends
