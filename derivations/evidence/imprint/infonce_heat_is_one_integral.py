"""C3a measured: energies of InfoNCE gradients, at fixed cosines and over the positives' and negatives' distributions.

Computed besides, by the quadrature with its error bounds: over a grid the heat falls with concentration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, replicates, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import at_most, equal, listed, relative
from derivations.evidence.formulas import value
from derivations.evidence.gathering import gathered
from derivations.heat.infonce import infonce_heat
from numerics.lookup.rows import uniform_directions, von_mises_fisher
from numerics.simulation.steps import evaluate
from theory.claims import Formulas
from theory.laws.imprint.infonce_heat_is_one_integral import MISS, P, S, T
from theory.notation import tau

CONCENTRATIONS, DIMENSIONS, TEMPERATURES = (1.0, 256.0), (4, 256), (0.05, 2.0)
BUDGET = 2**20  # numbers drawn for a setting
PLACES = 16  # of candidates at fixed cosines
GRID = {  # dimensions, negatives, temperatures, concentrations
    "quick": ((4, 256), (1, 64), (0.05, 2.0), 9),
    "full": ((4, 16, 64, 256), (1, 8, 64), (0.05, 0.2, 0.5, 2.0), 33),
}


@dataclass(frozen=True)
class Saturated:
    """One positive and so many negatives; ``budget`` is how many numbers are drawn."""

    dimension: int
    concentration: float
    temperature: float
    negatives: int
    seed: int
    budget: int = BUDGET

    def label(self) -> str:
        """Enough to repeat it."""
        return f"d={self.dimension} kappa={self.concentration:.3g} tau={self.temperature:.3g} n={self.negatives} seed={self.seed}"

    @property
    def samples(self) -> int:
        """How many gradients that makes."""
        return max(64, self.budget // (self.dimension * (1 + self.negatives)))


@dataclass(frozen=True)
class Falling:
    """A range of concentrations, increasing, over which the heat is computed."""

    dimension: int
    temperature: float
    negatives: int
    concentrations: tuple[float, ...]

    def label(self) -> str:
        """Enough to repeat it."""
        ends = f"kappa={self.concentrations[0]:.3g}..{self.concentrations[-1]:.3g}"
        return f"d={self.dimension} {ends} tau={self.temperature:.3g} n={self.negatives}"


def _energies(row: Floats, pool: Floats, temperature: float) -> Floats:
    """Squared lengths (samples,) of gradients at a row of norm 1."""
    g = evaluate("infonce", np.tile(row, (len(pool), 1)), pool, temperature).gradients
    return np.sum(g**2, axis=1)


@lru_cache(maxsize=64)
def energies(x: Saturated, copies: bool = False) -> Floats:
    """Of new positives and negatives for every sample; or of copies of one negative."""
    row = uniform_directions(1, x.dimension, seed=x.seed)[0]
    positives = von_mises_fisher(np.tile(row, (x.samples, 1)), x.concentration, seed=x.seed + 1)
    new = 1 if copies else x.negatives
    negatives = uniform_directions(x.samples * new, x.dimension, seed=x.seed + 2).reshape(x.samples, new, x.dimension)
    negatives = np.repeat(negatives, x.negatives, axis=1) if copies else negatives
    return _energies(row, np.concatenate((positives[:, None], negatives), axis=1), x.temperature)


def heat(formulas: Formulas, x: Saturated, copies: bool = False) -> Measurement:
    """Mean energy, relative to the integral's: within the interval and the quadrature's bound."""
    mean, interval = replicates.mean(energies(x, copies))
    claimed, slip = infonce_heat(x.dimension, x.concentration, x.temperature, x.negatives, formulas)
    applies = [abs(interval / mean) < 0.5]  # heavy tails at low temperature: too few samples say nothing
    return measurement("heat", listed([relative(mean, claimed)]), (interval + slip) / abs(claimed), [x.label()], applies)


@lru_cache(maxsize=64)
def _at_cosines(x: Saturated, one_sided: bool = False) -> tuple[Floats, Floats]:
    """Cosines (1 + n,) and the energies (rows, images) of candidates that lie at them on some sides, and of all their mirror images.

    An image has some negatives on the other side of the row's axis: the fewest places that are even on all sides. ``one_sided``
    is the first image alone.
    """
    row = uniform_directions(1, x.dimension, seed=x.seed)[0]
    cosines = np.random.default_rng([x.seed, 3]).uniform(-0.6, 0.6, 1 + x.negatives)
    images = np.array(list(product((1.0,), *([(1.0, -1.0)] * x.negatives))))[: 1 if one_sided else None]
    sides = uniform_directions(PLACES * (1 + x.negatives), x.dimension, seed=x.seed + 4).reshape(PLACES, 1, 1 + x.negatives, x.dimension)
    sides = sides - (sides @ row)[..., None] * row
    sides = images[..., None] * sides / np.linalg.norm(sides, axis=-1, keepdims=True)
    pool = cosines[:, None] * row + np.sqrt(1 - cosines**2)[:, None] * sides
    return cosines, _energies(row, pool.reshape(-1, 1 + x.negatives, x.dimension), x.temperature).reshape(PLACES, -1)


def given_cosines(formulas: Formulas, x: Saturated, one_sided: bool = False) -> Measurement:
    """Mean energy of all images at fixed cosines against both parts of the formula, to rounding.

    The simulator rounds the gradient, and candidates are off their cosines by as much.
    """
    cosines, found = _at_cosines(x, one_sided)
    p = np.exp((cosines - cosines.max()) / x.temperature)
    p /= p.sum()
    at = {tau: np.full(x.negatives, x.temperature), MISS: np.full(x.negatives, p[1:].sum()), T: np.full(x.negatives, cosines[0])}
    first = float(value(formulas["positive_part"], at)[0])
    claimed = first + float(np.sum(value(formulas["negative_part"], {**at, P: p[1:], S: cosines[1:]})))
    longest = float(np.sqrt(found.max()))
    slip = 4 * float(rounding.gradient("infonce", np.array([x.temperature]), np.ones(1), x.dimension, 1 + x.negatives)[0]) * longest
    slip += float(rounding.gamma(4 * x.dimension + found.shape[1] + 40)) * longest**2
    return measurement("heat at fixed cosines", equal(found.mean(axis=1), claimed), slip, [x.label()] * PLACES)


def falling(formulas: Formulas, x: Falling) -> Measurement:
    """By how much the interval of a heat is not all below that of the heat at the concentration before."""
    found = np.array([infonce_heat(x.dimension, k, x.temperature, x.negatives, formulas) for k in x.concentrations])
    lower, upper = found[:, 0] - found[:, 1], found[:, 0] + found[:, 1]
    return measurement("heat falling with concentration", at_most(upper[1:], lower[:-1]), 0.0, [x.label()] * (len(found) - 1))


def _grid(effort: str) -> list[Falling]:
    dimensions, negatives, temperatures, count = GRID[effort]
    concentrations = tuple(np.geomspace(*CONCENTRATIONS, count).tolist())
    return [Falling(d, temperature, n, concentrations) for d, n, temperature in product(dimensions, negatives, temperatures)]


def draw(rng: np.random.Generator, effort: str) -> Sequence[Saturated | Falling]:
    """Both ends of concentration and dimension, and more between; temperatures from 0.2, 1 to 32 negatives; the grid."""
    corners = [(d, k) for d in DIMENSIONS for k in CONCENTRATIONS]
    between = [tuple(np.exp(rng.uniform(np.log((4, 1)), np.log((256, 256))))) for _ in range(2 if effort == "quick" else 12)]
    drawn = [
        Saturated(int(d), float(k), float(np.exp(rng.uniform(np.log(0.2), np.log(2)))), int(np.exp(rng.uniform(0, np.log(33)))),
                  int(rng.integers(2**31)), BUDGET if effort == "quick" else 16 * BUDGET)
        for d, k in (*corners, *between)
    ]  # fmt: skip
    return [*drawn, *_grid(effort)]


def check(formulas: Formulas, settings: Sequence[Saturated | Falling]) -> tuple[Measurement, ...]:
    """Both parts at fixed cosines; the integral; that it falls over a grid."""
    drawn, grid = [x for x in settings if isinstance(x, Saturated)], [x for x in settings if isinstance(x, Falling)]
    few = [replace(x, negatives=min(x.negatives, 4)) for x in drawn]
    return (
        gathered("heat at fixed cosines", [given_cosines(formulas, x) for x in few]),
        gathered("heat against the integral", [heat(formulas, x) for x in drawn]),
        *([gathered("heat falling with concentration, computed", [falling(formulas, x) for x in grid])] if grid else []),
    )


def _one_sided(formulas: Formulas, seed: int) -> NumericWitness:
    x = Saturated(8, 16.0, 0.5, 4, seed)
    return NumericWitness("candidates all on one side of the row", *(given_cosines(formulas, x, side) for side in (False, True)))


def _copies(formulas: Formulas, seed: int) -> NumericWitness:
    x = Saturated(8, 16.0, 0.3, 8, seed)
    return NumericWitness("eight copies of one negative", *(heat(formulas, x, copies) for copies in (False, True)))


EVIDENCE = Evidence(draw, check, {"even-on-all-sides": _one_sided, "independent-negatives": _copies})
