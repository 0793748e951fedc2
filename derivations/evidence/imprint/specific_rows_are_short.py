"""C3 measured: von Mises-Fisher draws about a row, gradients of a linear loss, rows that settle under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import mpmath
import numpy as np
import sympy as sp
from scipy.special import ive

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, replicates, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.cosines import cosines
from derivations.evidence.deviations import equal, listed
from derivations.evidence.formulas import value
from derivations.evidence.gathering import gathered, paired
from numerics.lookup.rows import uniform_directions, visited_rows, von_mises_fisher
from numerics.simulation.steps import evaluate
from theory.claims import Formulas
from theory.laws.imprint.specific_rows_are_short import DECAY, KAPPA, A, D, S, T
from theory.notation import eta, tau

CONCENTRATIONS, DIMENSIONS = (1.0, 256.0), (4, 256)
ROWS = 64
BUDGET = 2**18  # numbers drawn for the dispersion of a setting
NODES = (192, 96)  # of a mean over an angle, and for the error of that
LADDER = (0.06, 0.02)  # eta lambda
RATIO = LADDER[0] / LADDER[1]


@dataclass(frozen=True)
class Specific:
    """Positives of one concentration in so many dimensions, and the temperature of the loss."""

    dimension: int
    concentration: float
    temperature: float
    seed: int

    def label(self) -> str:
        """Enough to repeat it."""
        return f"d={self.dimension} kappa={self.concentration:.3g} tau={self.temperature:.3g} seed={self.seed}"

    @property
    def known(self) -> dict[object, Floats]:
        """What the formulas ask for; the mean cosine as a ratio of Bessel functions."""
        return {D: np.array([float(self.dimension)]), KAPPA: np.array([self.concentration]), tau: np.array([self.temperature]),
                A: np.array([mean_cosine(self.dimension, self.concentration)])}  # fmt: skip


def mean_cosine(dimension: int, concentration: float) -> float:
    """``I_{d/2}(kappa)/I_{d/2-1}(kappa)``."""
    return float(ive(dimension / 2, concentration) / ive(dimension / 2 - 1, concentration))


@lru_cache(maxsize=64)
def drawn(x: Specific, tilt: float = 0.0) -> tuple[Floats, Floats, Floats]:
    """A row (d,), positives (many, d) about a direction ``tilt`` (radians) from it, and their cosines with the row."""
    many = BUDGET // x.dimension
    row, away = uniform_directions(2, x.dimension, seed=x.seed)
    away -= (away @ row) * row
    about = np.cos(tilt) * row + np.sin(tilt) * away / np.linalg.norm(away)
    positives = von_mises_fisher(np.tile(about, (many, 1)), x.concentration, seed=x.seed + 1)
    return row, positives, positives @ row


def _dispersion(formulas: Formulas, x: Specific, tilt: float = 0.0) -> Measurement:
    """Mean squared tangential part of the draws."""
    mean, interval = replicates.mean(1 - drawn(x, tilt)[2] ** 2)
    claimed = value(formulas["dispersion"], x.known)
    return measurement("dispersion of draws", equal(mean, claimed), interval, [x.label()])


def _slope(formulas: Formulas, x: Specific) -> tuple[float, float]:
    """Mean of the pair's value against the derivative of the dispersion in kappa, from Bessel functions in 30 digits.

    The bound is what half the nodes change, which is more than what is left at all of them, as a smooth integrand converges
    faster than any power; and rounding: of probabilities and sums, and of differences and sums of cosines, each off by 4.
    """
    means, noise = [], 0.0
    for nodes in NODES:
        at = cosines(x.dimension, x.concentration, nodes)
        (t, s), density = np.meshgrid(at.cosines, at.cosines), at.probabilities
        means.append(float(density @ value(formulas["slope_pair"], {T: t, S: s}) @ density))
        apart, both = np.abs(t - s), at.rounding + at.rounding[:, None] + rounding.gamma(2 * nodes + 10)
        noise += float(density @ (both * apart**2 * np.abs(t + s) + rounding.gamma(8) * apart * (apart + np.abs(t + s))) @ density)
    return equal(_derivative(formulas, x), means[0]), abs(means[0] - means[1]) + noise


def _derivative(formulas: Formulas, x: Specific) -> float:
    """Of the dispersion in kappa, in 30 digits."""
    dispersion = sp.lambdify((D, KAPPA, A), formulas["dispersion"], "mpmath")
    with mpmath.workdps(30):
        return float(mpmath.diff(lambda k: dispersion(x.dimension, k, _bessel_ratio(x.dimension, k)), x.concentration))


def _with_image(formulas: Formulas, x: Specific) -> Measurement:
    """What pairs of drawn positives with ``t + s > 0`` add together with their images, against that derivative."""
    cosines = drawn(x)[2]
    t, s = cosines[: len(cosines) // 2], cosines[-(len(cosines) // 2) :]
    above = t + s > 0
    added = np.zeros(len(t))
    added[above] = value(formulas["with_image"], {T: t[above], S: s[above], KAPPA: np.full(above.sum(), x.concentration)})
    mean, interval = replicates.mean(added)
    return measurement("slope by pairs and their images", listed([equal(mean, _derivative(formulas, x))]), interval, [x.label()])


def _bessel_ratio(dimension: int, concentration: mpmath.mpf) -> mpmath.mpf:
    half = mpmath.mpf(dimension) / 2
    return mpmath.besseli(half, concentration) / mpmath.besseli(half - 1, concentration)


def sample(formulas: Formulas, x: Specific, loss: str = "cosine_regression") -> Measurement:
    """Gradient energies: ``2 - 2 cos`` has the gradient of the linear loss at temperature 1/2."""
    row, positives, with_row = drawn(x)
    positives, with_row = positives[:32], with_row[:32]
    pool = positives[:, None] if loss == "cosine_regression" else np.stack((positives, np.roll(positives, 1, axis=0)), axis=1)
    g = evaluate(loss, np.tile(row, (len(positives), 1)), pool, 0.5).gradients
    claimed = value(formulas["sample_heat"], {T: with_row, tau: np.full(len(with_row), 0.5)})
    # lengths are at most 2/tau = 4; a gradient's error counts twice over
    slip = float(rounding.gradient("infonce", np.array([0.5]), np.ones(1), x.dimension, 2)[0])
    bound = 8 * slip + 16 * rounding.gamma(4 * x.dimension + 40)
    return measurement("heat of a positive", equal(np.sum(g**2, axis=1), claimed), bound, [x.label()] * len(with_row))


@lru_cache(maxsize=32)
def resting(x: Specific, p: float, about_row: bool = True) -> Floats:
    """Mean of ``r^4/eta^2`` times ``2 p`` of ROWS rows that have settled (a deviation falls by ``e^-20``)."""
    step = x.temperature * np.sqrt(2 * p)
    meanings = uniform_directions(ROWS, x.dimension, seed=x.seed)
    run = visited_rows(meanings, x.concentration, 1.0, 1.0, step_size=step, weight_decay=p / step, temperature=x.temperature,
                       steps=int(20 / p), settle=int(5 / p), about_row=about_row, seed=x.seed)  # fmt: skip
    return run.fourth_powers * 2 * p / step**2


def _equilibrium(formulas: Formulas, x: Specific, about_row: bool = True) -> Measurement:
    """Relative to the claimed fourth power, extrapolated to vanishing p: within what that changes, and the intervals."""
    claimed = float(value(formulas["equilibrium"], {**x.known, eta: np.array([1.0]), DECAY: np.array([1.0])})[0])
    (coarse, wide), (fine, narrow) = (replicates.mean(resting(x, p, about_row) / (2 * claimed)) for p in LADDER)
    limit = (RATIO * fine - coarse) / (RATIO - 1)
    bound = (abs(fine - coarse) + RATIO * narrow + wide) / (RATIO - 1)
    return measurement("settled fourth power as decay vanishes", listed([equal(limit, 1)]), bound, [x.label()])


def draw(rng: np.random.Generator, effort: str) -> Sequence[Specific]:
    """Concentrations from 1 to 256 in 4 to 256 dimensions, both ends always among them."""
    extremes = [(d, k) for d in DIMENSIONS for k in CONCENTRATIONS]
    others = [tuple(np.exp(rng.uniform(np.log((4, 1)), np.log((256, 256))))) for _ in range(2 if effort == "quick" else 20)]
    return [Specific(int(d), float(k), float(np.exp(rng.uniform(-2, 1))), int(rng.integers(2**31))) for d, k in (*extremes, *others)]


def check(formulas: Formulas, settings: Sequence[Specific]) -> tuple[Measurement, ...]:
    """Dispersion, its slope, the heat of a positive, and settled rows in the smaller dimensions."""
    small = [x for x in settings if x.dimension <= 32][:2] or [Specific(8, settings[0].concentration, 0.5, settings[0].seed)]
    return (
        gathered("dispersion of draws", [_dispersion(formulas, x) for x in settings]),
        paired("slope of the dispersion", [_slope(formulas, x) for x in settings], [x.label() for x in settings]),
        gathered("slope by pairs and their images", [_with_image(formulas, x) for x in settings]),
        gathered("heat of a positive", [sample(formulas, x) for x in settings]),
        gathered("settled fourth power as decay vanishes", [_equilibrium(formulas, x) for x in small]),
    )


def _ordinary(seed: int) -> Specific:
    return Specific(8, 16.0, 0.5, seed)


def _tilted(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (_dispersion(formulas, _ordinary(seed), tilt) for tilt in (0.0, 0.5))
    return NumericWitness("positives about a direction half a radian from the row", kept, dropped)


def _saturating(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (sample(formulas, _ordinary(seed), loss) for loss in ("cosine_regression", "infonce"))
    return NumericWitness("InfoNCE with one negative", kept, dropped)


def _drifting(formulas: Formulas, seed: int) -> NumericWitness:
    """A decay twice as large acts as a drift ``-lambda r^2`` would: the row settles lower."""
    x = _ordinary(seed)
    claimed = float(value(formulas["equilibrium"], {**x.known, eta: np.array([1.0]), DECAY: np.array([1.0])})[0])
    mean, interval = replicates.mean(resting(x, 2 * LADDER[1]) / (2 * claimed) / 2)
    dropped = measurement("settled fourth power", listed([equal(mean, 1)]), interval, [x.label()])
    return NumericWitness("a drift of -lambda r^2", _equilibrium(formulas, x), dropped)


EVIDENCE = Evidence(draw, check, {"von-mises-fisher": _tilted, "linear-loss": _saturating, "no-drift": _drifting})
