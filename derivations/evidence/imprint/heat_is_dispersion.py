"""C2 measured: InfoNCE gradients of one row with many positives, drawn in batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, replicates, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed, relative
from derivations.evidence.formulas import value
from derivations.evidence.gathering import gathered, paired
from numerics.lookup.rows import uniform_directions, von_mises_fisher
from numerics.simulation.steps import evaluate
from theory.claims import Formulas
from theory.laws.imprint.heat_is_dispersion import MEAN, SIZE, SPREAD

GRADIENTS = 64  # that may be drawn
BATCHES = 2048


@dataclass(frozen=True)
class Positives:
    """Positives about a row's meaning, ``tilt`` (radians) from the row, with four fixed negatives."""

    dimension: int
    concentration: float
    temperature: float
    tilt: float
    size: int  # of a batch
    seed: int

    def label(self) -> str:
        """Enough to repeat it."""
        return (f"d={self.dimension} kappa={self.concentration:.3g} tau={self.temperature:.3g} tilt={self.tilt:.3g}"
                f" B={self.size} seed={self.seed}")  # fmt: skip


@lru_cache(maxsize=128)
def gradients(p: Positives) -> Floats:
    """Gradients (GRADIENTS, d) at a row of norm 1, one a positive."""
    row, away, *negatives = uniform_directions(6, p.dimension, seed=p.seed)
    away -= (away @ row) * row
    meaning = np.cos(p.tilt) * row + np.sin(p.tilt) * away / np.linalg.norm(away)
    positives = von_mises_fisher(np.tile(meaning, (GRADIENTS, 1)), p.concentration, seed=p.seed)
    pool = np.concatenate((positives[:, None], np.broadcast_to(negatives, (GRADIENTS, 4, p.dimension))), axis=1)
    return evaluate("infonce", np.tile(row, (GRADIENTS, 1)), pool, p.temperature).gradients


def _moments(g: Floats) -> dict[object, Floats]:
    """Squared length of the mean, and trace of the covariance, as they are defined."""
    centre = np.mean(g, axis=0)
    return {MEAN: np.array([centre @ centre]), SPREAD: np.array([np.mean(np.sum((g - centre) ** 2, axis=1))])}


def _heat(formulas: Formulas, p: Positives) -> tuple[Floats, float, str]:
    g = gradients(p)
    squares = np.mean(np.sum(g**2, axis=1))
    # sums of n and of d terms, a few roundings each, all relative to the mean square
    return equal(squares, value(formulas["heat"], _moments(g))), 4 * rounding.gamma(GRADIENTS + p.dimension + 20) * squares, p.label()


def batches(p: Positives, repeated: bool = False, summed: bool = False, centred: bool = False) -> Floats:
    """Squared lengths (BATCHES,) of means over batches of independent draws."""
    g = gradients(p) - (np.mean(gradients(p), axis=0) if centred else 0)
    rng = np.random.default_rng([p.seed, 29])
    chosen = rng.integers(GRADIENTS, size=(BATCHES, 1 if repeated else p.size))
    total = np.sum(g[chosen], axis=1) * (p.size if repeated else 1)
    return np.sum((total / (1 if summed else p.size)) ** 2, axis=1)


def _batch(formulas: Formulas, p: Positives, formula: str = "batch_heat", centred: bool = False, **changed: bool) -> Measurement:
    """The mean over batches, relative to the claimed heat."""
    mean, interval = replicates.mean(batches(p, centred=centred, **changed))
    claimed = float(value(formulas[formula], {**_moments(gradients(p)), SIZE: np.array([p.size])})[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        return measurement("", listed([relative(mean, claimed)]), interval / abs(claimed), [p.label()])


def draw(rng: np.random.Generator, effort: str) -> Sequence[Positives]:
    """Concentrations from 1 to 256 in 2 to 128 dimensions, batches of 1 to 32."""
    sizes = [1, 2, 4, 8, 16, 32] * (1 if effort == "quick" else 8)
    return [Positives(int(np.exp(rng.uniform(np.log(2), np.log(128)))), float(np.exp(rng.uniform(0, np.log(256)))),
                      float(rng.uniform(0.1, 1)), float(rng.uniform(0.2, 1.5)), size, int(rng.integers(2**31)))
            for size in sizes]  # fmt: skip


def check(formulas: Formulas, drawn: Sequence[Positives]) -> tuple[Measurement, ...]:
    """Heat to rounding; heat of batches, at the row and with the mean gradient taken away, in intervals."""
    heat = [_heat(formulas, p) for p in drawn]
    return (
        paired("heat against mean and covariance", [h[:2] for h in heat], [h[2] for h in heat]),
        gathered("heat of batches", [_batch(formulas, p) for p in drawn]),
        gathered("heat of batches at a stationary direction", [_batch(formulas, p, "stationary_heat", centred=True) for p in drawn]),
    )  # fmt: skip


def _witness(words: str, formula: str, kept: dict[str, bool], dropped: dict[str, bool]) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        ordinary = Positives(16, 20.0, 0.5, 1.0, 8, seed)
        return NumericWitness(words, *(_batch(formulas, ordinary, formula, **with_) for with_ in (kept, dropped)))

    return drop


EVIDENCE = Evidence(draw, check, {
    "independent-draws": _witness("one draw repeated", "batch_heat", {}, {"repeated": True}),
    "mean-over-batch": _witness("the sum over the batch", "batch_heat", {}, {"summed": True}),
    "stationary-direction": _witness("a row tilted from its meaning", "stationary_heat", {"centred": True}, {}),
})  # fmt: skip
