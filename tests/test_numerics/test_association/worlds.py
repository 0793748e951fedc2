"""Worlds in which the true association is known: norms and covariates drawn anew for each seed.

A Gaussian copula of correlation r has Spearman's 6 / pi asin(r / 2). Partial ones that are exactly 0: given z, x and y each are z
with some probability and independent of everything else, so that their expected ranks are linear in z's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class World(NamedTuple):
    """One data set."""

    norms: Floats
    covariates: dict[str, Floats]  # "x" is the one that is asked about
    group: NDArray[np.int64] | None = None
    reference: Floats | None = None


def gaussian(rows: int, r: float = 0.0) -> Callable[[np.random.Generator], World]:
    def draw(rng: np.random.Generator) -> World:
        x, e = rng.standard_normal((2, rows))
        return World(np.exp(r * x + np.sqrt(1 - r * r) * e), {"x": x})

    return draw


def heavy(rows: int) -> Callable[[np.random.Generator], World]:
    return lambda rng: World(np.abs(rng.standard_cauchy(rows)), {"x": rng.pareto(0.5, rows)})


def heteroscedastic(rows: int) -> Callable[[np.random.Generator], World]:
    """Uncorrelated, not independent: the norm's spread grows with |x|."""

    def draw(rng: np.random.Generator) -> World:
        x = rng.standard_normal(rows)
        return World(np.exp(rng.standard_normal(rows) * x**2), {"x": x**3})

    return draw


def tied(rows: int) -> Callable[[np.random.Generator], World]:
    """Counts with few values, and norms rounded."""
    return lambda rng: World(1 + np.round(rng.exponential(1, rows)), {"x": rng.poisson(0.4, rows).astype(float)})


def missing(rows: int) -> Callable[[np.random.Generator], World]:
    def draw(rng: np.random.Generator) -> World:
        norms, x = np.exp(rng.standard_normal((2, rows)))
        norms[rng.random(rows) < 0.1] = np.nan
        x[rng.random(rows) < 0.2] = np.nan
        return World(norms, {"x": x})

    return draw


def clustered(groups: int, most: int, r: float = 0.0, inner: float = 0.5, constant: bool = False) -> Callable[[np.random.Generator], World]:
    """Groups of unequal size share half of the variance of norm and covariate (all of the covariate's where it is ``constant``)."""

    def draw(rng: np.random.Generator) -> World:
        group = np.repeat(np.arange(groups), rng.integers(max(1, most // 8), most + 1, groups))
        (x, y), (shared_x, shared_y) = rng.standard_normal((2, len(group))), rng.standard_normal((2, groups))[:, group]
        y, shared_y = r * x + np.sqrt(1 - r * r) * y, r * shared_x + np.sqrt(1 - r * r) * shared_y
        norm = np.sqrt(1 - inner) * y + np.sqrt(inner) * shared_y
        return World(np.exp(norm), {"x": shared_x if constant else np.sqrt(1 - inner) * x + np.sqrt(inner) * shared_x}, group)

    return draw


def confounded(rows: int) -> Callable[[np.random.Generator], World]:
    """Norm and covariate both follow the text length, and nothing else joins them."""

    def draw(rng: np.random.Generator) -> World:
        length = rng.random(rows)
        x, y = (np.where(rng.random(rows) < 0.5, length, rng.random(rows)) for _ in range(2))
        return World(1 + y, {"x": x, "length": 1 + np.floor(length * 1000)})

    return draw


def confounded_clusters(groups: int, most: int) -> Callable[[np.random.Generator], World]:
    """As `confounded`, and rows of a group are copies of each other with some probability, in all columns at once."""

    def draw(rng: np.random.Generator) -> World:
        world = confounded(groups * most)(rng)
        group = np.repeat(np.arange(groups), rng.integers(most // 2, most + 1, groups))
        at = np.where(rng.random(len(group)) < 0.7, group * most, rng.permutation(groups * most)[: len(group)])
        return World(world.norms[at], {name: column[at] for name, column in world.covariates.items()}, group)

    return draw


def conditional(rows: int) -> tuple[Callable[[np.random.Generator], World], float]:
    """A Gaussian copula of three with a partial association, and its value."""
    a, b, c = 0.7, 0.3, 0.5  # x = a z + ..., y = b z + c x + noise

    def draw(rng: np.random.Generator) -> World:
        z, e, f = rng.standard_normal((3, rows))
        x = a * z + np.sqrt(1 - a * a) * e
        return World(np.exp(b * z + c * x + f), {"x": x, "length": z})

    scale = np.sqrt((b + c * a) ** 2 + c * c * (1 - a * a) + 1)
    xz, yz, xy = (6 / np.pi * np.arcsin(r / 2) for r in (a, (b + c * a) / scale, (c + b * a) / scale))
    return draw, float((xy - xz * yz) / np.sqrt((1 - xz**2) * (1 - yz**2)))


def two_models(rows: int) -> Callable[[np.random.Generator], World]:
    """Norms of two models, alike to each other and equally associated with the covariate."""

    def draw(rng: np.random.Generator) -> World:
        x, shared, one, two = rng.standard_normal((4, rows))
        return World(np.exp(0.5 * x + shared + one), {"x": x}, None, np.exp(0.5 * x + shared + two))

    return draw


def spearman_of(r: float) -> float:
    """Of a Gaussian copula with correlation ``r``."""
    return float(6 / np.pi * np.arcsin(r / 2))
