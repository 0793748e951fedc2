"""C0a measured: noisy runs over many replicates; drift and heat are measured along the run, nothing of the law is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, replicates, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import at_least, equal, relative
from derivations.evidence.formulas import value
from numerics.lookup.rows import Noisy, noisy_rows
from theory.claims import Formulas
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, DRIFT, HEAT, V_STAR, P, X
from theory.laws.imprint.drift_heat_decay_equilibrium import FORMULAS as STEP
from theory.laws.imprint.stationary_mean_exceeds_equilibrium import GAMMA, MEAN, STAR, C
from theory.notation import eta, lam

MANY = 256  # replicates for the spread
RATIOS = (-2.0, -1.0, -0.5, 0.5, 1.0, 2.0)  # D*/V*, about


@dataclass(frozen=True)
class Noise:
    """Six drifts, ``ratios`` = D*/V*, at one ``product`` = eta lambda, ``step_size`` and ``dimension`` of the noise."""

    ratios: tuple[float, ...]
    product: float
    step_size: float
    dimension: int
    seed: int
    replicates: int = 64

    @property
    def labels(self) -> list[str]:
        """One a drift."""
        return [f"D*/V*={q:.3g} p={self.product:.3g} eta={self.step_size:.3g} d={self.dimension} seed={self.seed}" for q in self.ratios]

    @property
    def relative_variance(self) -> float:
        """gamma of r^2 |s|^2 as p tends to 0: a mean of d - 1 squared normals; the drift's share of it vanishes with p."""
        return 2 / (self.dimension - 1)


@lru_cache(maxsize=32)
def run(noise: Noise, settled: bool = True, product: float = 0.0, radial_noise: float = 0.0, heat_power: float = 0.0) -> Noisy:
    """Replicates of every drift, (ratios x replicates,), after ``10/p`` steps, in which a deviation falls by ``e^-20``, and more."""
    p, step = product or noise.product, noise.step_size
    drifts = np.repeat(noise.ratios, noise.replicates) * p / step
    total = np.maximum(p / step**2, drifts**2)  # V*^2 = eta v/lambda = 1, or what the drift itself makes of it
    first = int(10 / p)
    return noisy_rows(1.0, drifts, total - drifts**2, step, p / step, dimension=noise.dimension, steps=3 * first if settled else 5,
                      settle=first if settled else 0, radial_noise=radial_noise, heat_power=heat_power, seed=noise.seed)  # fmt: skip


def _columns(noise: Noise, found: Noisy) -> list[Floats]:
    """Mean of r^2 and of 1/r^2, drift and heat, each (ratios, replicates)."""
    names = ("squared_norms", "inverse_squared_norms", "drawn_drifts", "drawn_heats")
    return [getattr(found, name).reshape(len(noise.ratios), noise.replicates) for name in names]


def _known(noise: Noise, means: Sequence[Floats], p: float) -> dict[object, Floats]:
    """What the formulas ask for, from means of r^2, 1/r^2, drift and heat; the fixed point is that of the law C0."""
    m, inverse, drift, heat = means
    given = {DRIFT: drift, HEAT: heat, eta: np.full_like(m, noise.step_size), lam: np.full_like(m, p / noise.step_size)}
    scales = {D_STAR: value(STEP["drift_scale"], given), V_STAR: np.sqrt(value(STEP["heat_scale"], given)), P: np.full_like(m, p)}
    return {**scales, MEAN: m, C: m * inverse - 1, STAR: value(STEP["exact_equilibrium"], scales)}


def _gaps(formulas: Formulas, noise: Noise, found: Noisy, p: float = 0.0) -> tuple[Measurement, ...]:
    """Excess and ceiling, relative to the fixed point, of the pooled means."""
    columns = _columns(noise, found)

    def excess(*means: Floats) -> Floats:
        known = _known(noise, means, p or noise.product)
        return (known[MEAN] - known[STAR] - value(formulas["excess"], known)) / known[STAR]

    def slack(*means: Floats) -> Floats:
        known = _known(noise, means, p or noise.product)
        return (value(formulas["ceiling"], known) - known[MEAN] + known[STAR]) / known[STAR]

    gap, interval = replicates.of_means(excess, *columns)
    room, spread = replicates.of_means(slack, *columns)
    return (
        measurement("stationary mean of r^2 above the fixed point", equal(gap, 0.0), interval, noise.labels),
        measurement("and below the ceiling", at_least(room, 0.0), spread, noise.labels, room < 1),
    )


def _spread(formulas: Formulas, noise: Noise, found: Noisy) -> Measurement:
    """``E[X] E[1/X] - 1`` of the end points of replicates against the mean of the formula; an identity, to rounding."""
    m = _columns(noise, found)[0]
    x = m[:, :, None] * np.array([0.25, 1.0, 2.0])  # any positive values will do
    mean = np.mean(x, axis=(1, 2), keepdims=True)
    claimed = np.mean(value(formulas["spread"], {X: x, MEAN: np.broadcast_to(mean, x.shape)}), axis=(1, 2))
    direct = mean[:, 0, 0] * np.mean(1 / x, axis=(1, 2)) - 1
    # sums of terms of one sign, of a few roundings each, before and after 1 is taken away
    rounded = rounding.gamma(2 * x[0].size + 40) * (2 + direct)
    return measurement("c as the mean of the spread", equal(direct, claimed), rounded, noise.labels)


def _vanishing(formulas: Formulas, noise: Noise, radial_noise: float = 0.0) -> Measurement:
    """``c/p`` at 3 p and p, extrapolated to 0: within what the extrapolation changes and the intervals of both."""
    many = replace(noise, replicates=MANY)
    ladder = (3 * noise.product, noise.product)
    columns = [_columns(many, run(many, product=p, radial_noise=radial_noise)) for p in ladder]
    (coarse, wide), (fine, narrow) = (
        replicates.of_means(lambda m, inverse, p=p: (m * inverse - 1) / p, *c[:2]) for p, c in zip(ladder, columns, strict=True)
    )
    drift, heat = (x.mean(axis=1) for x in columns[1][2:])
    known = _known(noise, [np.ones_like(drift), np.ones_like(drift), drift, heat], ladder[1])
    claimed = value(formulas["closure"], {**known, GAMMA: noise.relative_variance})
    bound = (np.abs(fine - coarse) + 3 * narrow + wide) / (2 * claimed)
    return measurement("c/p as p tends to 0", relative(3 * fine - coarse, 2 * claimed), bound, noise.labels)


def draw(rng: np.random.Generator, effort: str) -> Sequence[Noise]:
    """Drifts of both signs about the six ratios, p between 0.02 and 0.04, noise in 2 to 6 dimensions."""
    return [
        Noise(tuple(float(q) for q in np.array(RATIOS) * rng.uniform(0.8, 1.2, 6)), float(rng.uniform(0.02, 0.04)),
              float(np.exp(rng.uniform(-3, 3))), int(rng.integers(3, 7)), int(rng.integers(2**31)))
        for _ in range(1 if effort == "quick" else 6)
    ]  # fmt: skip


def check(formulas: Formulas, groups: Sequence[Noise]) -> tuple[Measurement, ...]:
    """Excess, ceiling and spread of every group, and how the spread vanishes."""
    return tuple(m for g in groups for m in (*_gaps(formulas, g, run(g)), _spread(formulas, g, run(g)), _vanishing(formulas, g)))


def _ordinary(seed: int, product: float = 0.1) -> Noise:
    return Noise((-0.5, 0.5), product, 0.5, 3, seed, replicates=128)


def _moving(formulas: Formulas, seed: int) -> NumericWitness:
    """The first steps of a run that begins far from rest."""
    noise = _ordinary(seed)
    kept, dropped = (_gaps(formulas, noise, run(noise, settled=settled))[0] for settled in (True, False))
    return NumericWitness("the first five steps", kept, dropped)


def _swelling(formulas: Formulas, seed: int) -> NumericWitness:
    noise = replace(_ordinary(seed), ratios=(0.0,))
    kept, dropped = (_gaps(formulas, noise, run(noise, heat_power=power))[0] for power in (0.0, 2.0))
    return NumericWitness("noise of one length whatever the norm", kept, dropped)


def _radial(formulas: Formulas, seed: int) -> NumericWitness:
    """Small, so that no row comes near norm 0: there 1/r^2 has a tail so heavy that an interval says nothing."""
    noise = _ordinary(seed, product=0.03)
    kept, dropped = (_vanishing(formulas, noise, jitter) for jitter in (0.0, 0.25))
    return NumericWitness("radial noise a quarter of the tangential", kept, dropped)


def _overshooting(formulas: Formulas, seed: int) -> NumericWitness:
    """With p = 2.5 a step more than reverses the row: nothing comes to rest."""
    noise = replace(_ordinary(seed), ratios=(2.0,))
    kept = _gaps(formulas, noise, run(noise))[0]
    return NumericWitness("p = 2.5: rows overshoot and grow", kept, _gaps(formulas, noise, run(noise, settled=False, product=2.5), 2.5)[0])


EVIDENCE = Evidence(draw, check, {"stationary": _moving, "steady-heat": _swelling, "steady-radial-part": _radial,
                                  "decay-in-range": _overshooting})  # fmt: skip
