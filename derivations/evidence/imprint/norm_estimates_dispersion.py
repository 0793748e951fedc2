"""C7 measured: a table of rows with Zipf-like counts and many concentrations, read by norms and counts alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.stats import spearmanr

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, replicates, rounding
from derivations.evidence.comparison import measurement, single
from derivations.evidence.cosines import cosines
from derivations.evidence.deviations import at_most, equal, listed, within
from derivations.evidence.formulas import value
from derivations.evidence.imprint.specific_rows_are_short import mean_cosine
from numerics.lookup.rows import uniform_directions, visited_rows
from numerics.simulation.steps import drive
from theory.claims import Formulas
from theory.laws.imprint.drift_heat_decay_equilibrium import P
from theory.laws.imprint.norm_estimates_dispersion import MEAN, VARIATION
from theory.notation import eta, n, r, r0, tau

ITEMS, STEPS = 200, 1000
LADDER = (0.06, 0.02)  # eta lambda
SETTLED = 1024  # rows for the noise floor
LOG_RATE = float(np.log(2 / replicates.ERROR_RATE))


@dataclass(frozen=True)
class Table:
    """Concentrations from 2 to 300 at random, visits as 1/rank, from norm 1."""

    dimension: int
    temperature: float
    step_size: float
    seed: int

    def label(self) -> str:
        """Enough to repeat it."""
        return f"d={self.dimension} tau={self.temperature:.3g} eta={self.step_size:.3g} seed={self.seed}"

    @property
    def concentrations(self) -> Floats:
        """(ITEMS,)."""
        return np.exp(np.random.default_rng([self.seed, 1]).uniform(np.log(2), np.log(300), ITEMS))

    @property
    def dispersions(self) -> Floats:
        """Mean of |P_u v|^2 of every item (C3)."""
        return np.array([(self.dimension - 1) * mean_cosine(self.dimension, k) / k for k in self.concentrations])


@lru_cache(maxsize=16)
def trained(x: Table, weight_decay: float = 0.0) -> tuple[Floats, Floats]:
    """Norms and counts of visits (ITEMS,)."""
    meanings = uniform_directions(ITEMS, x.dimension, seed=x.seed)
    run = visited_rows(meanings, x.concentrations, np.minimum(1, 2 / np.arange(1, ITEMS + 1)), 1.0, step_size=x.step_size,
                       weight_decay=weight_decay, temperature=x.temperature, steps=STEPS, about_row=True, seed=x.seed)  # fmt: skip
    return np.linalg.norm(run.embeddings, axis=1), run.visits.astype(float)


def _known(x: Table, norms: Floats, visits: Floats, mean: Floats) -> dict[object, Floats]:
    ones = np.ones_like(norms)
    return {r: norms, r0: ones, tau: x.temperature * ones, eta: x.step_size * ones, n: visits, MEAN: mean}


def estimates(formulas: Formulas, x: Table, weight_decay: float = 0.0, counted: float = 1.0) -> Measurement:
    """Estimate against dispersion: Bernstein's inequality for a mean of n numbers between 0 and 1, and the excess."""
    norms, visits = trained(x, weight_decay)
    seen = visits > 0
    visits, d = np.maximum(visits, 1) * counted, x.dispersions
    known = _known(x, norms, visits, d)
    noise = np.sqrt(2 * d * (1 - d) * LOG_RATE / visits) + LOG_RATE / (3 * visits)
    # the mean over the visits is within the noise of d, and the excess increases with it
    above = value(formulas["excess_bound"], {**known, MEAN: np.minimum(d + noise, 1)})
    deviation = equal(value(formulas["estimate"], known), d)
    labels = [f"{x.label()} item={i}" for i in range(ITEMS)]
    return measurement("estimate against dispersion", deviation, noise + np.maximum(above, 0), labels, seen)


def _prescribed(formulas: Formulas, x: Table, share: float = 1.0) -> Measurement:
    """Visits of one dispersion each, small steps, so that the excess is small: the estimate is above it, within the excess.

    Rounding is that of r^4: twice that of a step for every step (`rounding.step`), as the norm only grows.
    """
    h = np.random.default_rng(x.seed).uniform(0.2, 1, 8)
    count, x = 32, replace(x, step_size=x.step_size / 100)
    energies = np.repeat((share * h / x.temperature**2)[:, None], count, axis=1)
    run = drive(1.0, energies, x.step_size, dimension=x.dimension, seed=x.seed)
    known = _known(x, np.sqrt(run.squared_norms[:, -1]), np.full(8, float(count)), h)
    excess, most = value(formulas["estimate"], known) - h, value(formulas["excess_bound"], known)
    unit = 2 * (x.step_size / x.temperature) ** 2 * count
    rounded = 2 * rounding.gamma(count * (8 * x.dimension + 60)) * run.squared_norms[:, -1] ** 2 / unit
    beyond = within(excess, 0.0, most)
    return measurement("estimate above visits of one dispersion", beyond, rounded, [x.label()] * 8)


def ranks(formulas: Formulas, x: Table) -> tuple[float, float]:
    """Spearman's correlation with concentration, of the norms and of the estimates, over rows visited 30 times or more."""
    norms, visits = trained(x)
    often = visits >= 30
    found = value(formulas["estimate"], _known(x, norms, np.maximum(visits, 1), x.dispersions))
    return tuple(float(spearmanr(y[often], x.concentrations[often]).statistic) for y in (norms, found))  # type: ignore[return-value]


def _ranking(formulas: Formulas, x: Table) -> Measurement:
    """The estimate ranks rows by concentration better than the norm does, and in the same, the opposite, order."""
    raw, estimated = ranks(formulas, x)
    return single("rank correlation of the estimate, short of the norm's", at_most(estimated, raw), 0.0, x.label())


def _variation(dimension: int, concentration: float) -> float:
    """Standard deviation over mean of 1 - t^2, by Gauss-Legendre in the angle."""
    at = cosines(dimension, concentration, 200)
    h, density = 1 - at.cosines**2, at.probabilities
    return float(np.sqrt(density @ h**2 - (density @ h) ** 2) / (density @ h))


@lru_cache(maxsize=32)
def _spreads(x: Table, p: float) -> Floats:
    """Squared deviations of settled norms from their mean, over the mean squared, (SETTLED,)."""
    step = x.temperature * np.sqrt(2 * p)
    meanings = uniform_directions(SETTLED, x.dimension, seed=x.seed)
    run = visited_rows(meanings, 8.0, 1.0, 0.7, step_size=step, weight_decay=p / step, temperature=x.temperature, steps=int(6 / p),
                       about_row=True, seed=x.seed)  # fmt: skip
    norms = np.linalg.norm(run.embeddings, axis=1)
    return (norms / norms.mean() - 1) ** 2


def _floor(formulas: Formulas, x: Table) -> Measurement:
    """Relative variance of settled norms over the claimed, extrapolated to vanishing p: within what that changes, and the intervals."""
    found = []
    for p in LADDER:
        known = {P: np.array([p]), VARIATION: np.array([_variation(x.dimension, 8.0)])}
        claimed = float(value(formulas["noise_floor"], known)[0])
        found.append(replicates.mean(_spreads(x, p) / (claimed * abs(claimed))))
    (coarse, wide), (fine, narrow) = found
    ratio = LADDER[0] / LADDER[1]
    bound = (abs(fine - coarse) + ratio * narrow + wide) / (ratio - 1)
    limit = (ratio * fine - coarse) / (ratio - 1)
    return measurement("spread of settled norms over the noise floor's", listed([equal(limit, 1)]), bound, [x.label()])


def draw(rng: np.random.Generator, effort: str) -> Sequence[Table]:
    """Tables in 4 to 16 dimensions."""
    return [Table(int(rng.integers(4, 17)), float(rng.uniform(0.3, 2)), float(rng.uniform(0.1, 1)), int(rng.integers(2**31)))
            for _ in range(1 if effort == "quick" else 8)]  # fmt: skip


def check(formulas: Formulas, tables: Sequence[Table]) -> tuple[Measurement, ...]:
    """Estimates, their excess, their ranking; the noise floor of settled rows."""
    return tuple(m for x in tables for m in (estimates(formulas, x), _prescribed(formulas, x), _ranking(formulas, x), _floor(formulas, x)))


def _witness(words: str, **changed: float) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        x = Table(8, 0.5, 0.3, seed)
        return NumericWitness(words, estimates(formulas, x), estimates(formulas, x, **changed))

    return drop


def _saturated(formulas: Formulas, seed: int) -> NumericWitness:
    x = Table(8, 0.5, 0.3, seed)
    return NumericWitness("a quarter of the heat", *(_prescribed(formulas, x, share) for share in (1.0, 0.25)))


EVIDENCE = Evidence(draw, check, {
    "no-weight-decay": _witness("weight decay of 0.1", weight_decay=0.1),
    "visits-counted": _witness("counts twice as large", counted=2.0),
    "linear-loss": _saturated,
})  # fmt: skip
