"""Worlds in which norm and covariate follow the controls in one and the same shape, and what joins them besides is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats

from numerics.association import Estimate
from numerics.association.bounds import bounded
from numerics.association.controlled import controlled
from numerics.association.correlation import covariances, partial
from numerics.association.deviations import by_cluster
from numerics.association.ranks import Floats, Ranked, ranked
from numerics.resampling.bootstrap import resample
from numerics.resampling.clusters import Clusters, clusters_of

LEVEL = 0.95
SHAPES: dict[str, Callable[[Floats, Floats], Floats]] = {  # of the rank scores of both controls; the first is cut off at its largest value
    "linear": lambda a, b: a - b,
    "cubic": lambda a, b: 20 * a**3 - 2 * a + 0 * b,
    "step": lambda a, b: 1.0 * (a > 0.1) + 1.0 * (b > -0.2),
    "band": lambda a, b: 1.0 * (np.abs(a) < 0.15) + 1.0 * (np.abs(b - 0.1) < 0.1),
    "product": lambda a, b: a * b,
    "product of signs": lambda a, b: np.sign(a) * np.sign(b),
    "cut off": lambda a, b: 1.0 * (a == np.max(a)) + 0.3 * np.abs(b),
}


def scores(column: Floats) -> Floats:
    return (stats.rankdata(column) - 0.5) / len(column) - 0.5


def world(shape: str, rows: int, rng: np.random.Generator, noise: float = 1.0, joined: float = 0.0, group: int = 0) -> list[Ranked]:
    """Norm, covariate, two controls: a length that is truncated at 256 tokens, a frequency that goes with it.

    ``noise``: of the norm, in spreads of the shape; the covariate's is 1. ``joined``: correlation of the noises; they are shared by half
    within groups of ``group`` rows.
    """
    tokens = np.minimum(np.floor(np.exp(4.5 + 0.9 * rng.standard_normal(rows))), 256)
    frequency = np.exp(1.5 * rng.standard_normal(rows) + 0.002 * tokens)
    mean = SHAPES[shape](scores(tokens), scores(frequency))
    own, other = rng.standard_normal((2, rows))
    if group:
        shared = rng.standard_normal((2, rows // group + 1)).repeat(group, axis=1)[:, :rows]
        own, other = np.sqrt(0.5) * (own + shared[0]), np.sqrt(0.5) * (other + shared[1])
    spread = float(np.std(mean))
    norm, x = mean + noise * spread * own, mean + spread * (joined * own + np.sqrt(1 - joined**2) * other)
    return [ranked(column) for column in (norm, x, tokens, frequency)]


def estimate(held: list[Ranked], seed: int, control: str = "shapes", group: int = 0) -> Estimate:
    """What `associate` says of the second variable, without the other ones."""
    rows = len(held[0].codes)
    clusters = clusters_of(np.arange(rows) // group if group else None, rows, seed)
    value, reach, deviations, sizes = _shapes(held, clusters, seed) if control == "shapes" else _ranks(held, clusters)
    drawn = resample(np.array([value]), deviations[:, None], sizes[:, None], 399, seed, "correlation", 1)
    return bounded(Estimate(value), drawn, 0, LEVEL, 1, reach)


def _shapes(held: list[Ranked], clusters: Clusters, seed: int) -> tuple[float, float, Floats, Floats]:
    found = controlled(held[:2], held[2:], None, clusters, seed)
    return found.value, found.reach, found.deviations, found.sizes


def _ranks(held: list[Ranked], clusters: Clusters) -> tuple[float, float, Floats, Floats]:
    sizes = np.bincount(clusters.codes, minlength=clusters.count).astype(np.float64)
    return float(partial(covariances(held))), 0.0, by_cluster(held, None, clusters.codes, clusters.count), sizes
