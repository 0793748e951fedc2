"""Worlds whose truth is known: items with a mean direction and a concentration, queries von Mises-Fisher about their item's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_softmax

from numerics import validation
from numerics.calibration.von_mises_fisher import LARGEST, log_normaliser
from numerics.lookup.rows import uniform_directions, von_mises_fisher
from numerics.validation import Floats, InvalidInput

_STREAMS = {"directions": 11, "concentrations": 12, "items": 13, "queries": 14, "priors": 15}


@dataclass(frozen=True)
class World:
    """N items in d dimensions: unit ``directions`` (N, d), ``concentrations`` (N,) and ``priors`` (N,), which sum to 1."""

    directions: Floats
    concentrations: Floats
    priors: Floats

    def queries(self, count: int, *, seed: int) -> tuple[Floats, NDArray[np.int64]]:
        """``count`` queries (count, d) and the items they belong to (count,), drawn by the priors."""
        rng = np.random.default_rng([_STREAMS["items"], validation.integer("seed", seed, 0)])
        items = rng.choice(len(self.priors), size=validation.integer("count", count, 1), p=self.priors)
        drawn = von_mises_fisher(self.directions[items], self.concentrations[items], seed=_seed("queries", seed))
        return drawn, items.astype(np.int64)

    def cosines(self, queries: ArrayLike) -> Floats:
        """With all items (n, N)."""
        return np.clip(validation.table("queries", queries, (None, self.directions.shape[1])) @ self.directions.T, -1.0, 1.0)

    def log_posterior(self, queries: ArrayLike) -> Floats:
        """Bayes' rule: prior times density, over its sum (n, N), as logarithms."""
        normaliser = log_normaliser(self.directions.shape[1], self.concentrations)
        return np.asarray(log_softmax(np.log(self.priors) + normaliser + self.concentrations * self.cosines(queries), axis=1))

    def moved(self, directions: ArrayLike) -> World:
        """The same items about other directions (N, d), of any length above 0."""
        rows = validation.vectors("directions", directions, self.directions.shape)
        return World(rows / np.linalg.norm(rows, axis=1, keepdims=True), self.concentrations, self.priors)


def draw_world(
    items: int, dimension: int, *, concentrations: tuple[float, float] = (4.0, 300.0), levels: int = 1, seed: int = 0
) -> World:
    """Uniform directions, logarithms of ``concentrations`` uniform between two numbers.

    ``levels``: items are as frequent as 1, 1/2, 1/4, .. of so many levels, drawn at random; 1: all as frequent.
    """
    low, high = (validation.number("concentrations", x, above=0.0, most=LARGEST) for x in concentrations)
    if low > high:
        raise InvalidInput(f"concentrations = {concentrations} must be the lower end, then the upper one")
    directions = uniform_directions(items, dimension, seed=_seed("directions", seed))
    spread = np.random.default_rng([_STREAMS["concentrations"], seed]).uniform(np.log(low), np.log(high), len(directions))
    level = np.random.default_rng([_STREAMS["priors"], seed]).integers(validation.integer("levels", levels, 1, 32), size=len(directions))
    return World(directions, np.exp(spread), 2.0**-level / np.sum(2.0**-level))


def _seed(what: str, seed: int) -> int:
    """A stream of its own for each use."""
    return int(np.random.SeedSequence([_STREAMS[what], validation.integer("seed", seed, 0)]).generate_state(1, np.uint64)[0] >> 2)
