"""B13b measured: numbers stored stochastically, their mean, variance and square; and numbers that decay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed
from derivations.evidence.formulas import value
from derivations.evidence.noise import ROWS
from numerics.simulation.optimizers import FORMATS
from numerics.simulation.steps import Optimizer, descend
from theory.claims import Formulas
from theory.laws.dynamics.stochastic_rounding_is_unbiased import GAP, LOW, MOVE, SHARE, X

STORED = ("bfloat16", "float16", "float32")
FALSE_ALARMS = 1e-9  # a comparison
Terms = tuple[Floats, float]  # independent terms of mean 0, and the width of the range that they lie in
STANDING = 1e-300  # a step size with which no gradient moves anything


@dataclass(frozen=True)
class Between:
    """Numbers at ``share`` of the way between their neighbours; ``ROWS`` rows of ``dimension``."""

    stored: str
    share: float
    dimension: int
    seed: int
    stochastic: bool = True
    spacings: float = 0.0  # moved by one more than the share of this many spacings

    @property
    def bits(self) -> int:
        """Significant bits."""
        return FORMATS[self.stored][0]

    @property
    def label(self) -> str:
        """Enough to repeat it."""
        return f"{self.stored} d={self.dimension} f={self.share:.3g} seed={self.seed}"

    def numbers(self) -> tuple[Floats, Floats]:
        """Positive numbers of the format, no power of 2 among them, and their spacing, (ROWS, d); all rows are the same."""
        rng = np.random.default_rng([self.seed, 41])
        scale = 2.0 ** rng.integers(-4, 5, self.dimension)
        odd = rng.integers(2 ** (self.bits - 1) + 2, 2**self.bits - 1, self.dimension).astype(float)
        gap = np.broadcast_to(scale * 2.0**-self.bits, (ROWS, self.dimension))
        return odd * gap, gap

    def stored_as(self, numbers: Floats, product: float = 0.0) -> Floats:
        """What is kept of them after decay by ``product``."""
        candidates = np.ones((len(numbers), 1, self.dimension))
        optimizer = Optimizer(stored=self.stored, stochastic=self.stochastic)
        return descend("cosine_regression", numbers, candidates, 1.0, STANDING, product / STANDING, steps=1, optimizer=optimizer,
                       seed=self.seed).embeddings  # fmt: skip


def draw(rng: np.random.Generator, effort: str) -> Sequence[Between]:
    """Every format, shares of both halves."""
    return [
        Between(stored, float(share), int(rng.integers(64, 200)), int(rng.integers(2**31)))
        for stored in STORED
        for share in (rng.uniform(0.1, 0.4, 1 if effort == "quick" else 6), rng.uniform(0.6, 0.9, 1 if effort == "quick" else 6))
        for share in share
    ]


def _placed(k: Between) -> tuple[Floats, Floats, Floats]:
    """Numbers below, spacing, and what is stored of the numbers at the share between."""
    low, gap = k.numbers()
    return low, gap, k.stored_as(low + k.share * gap)


def mean(formulas: Formulas, k: Between) -> Terms:
    """What is stored less the claimed mean, in spacings."""
    low, gap, found = _placed(k)
    claim = value(formulas["mean"], {LOW: low, GAP: gap, SHARE: k.share})
    return (found - claim) / gap, 1.0


def _variance(formulas: Formulas, k: Between, name: str = "variance") -> Terms:
    """Its squared distance from the number itself, in squared spacings."""
    low, gap, found = _placed(k)
    claim = value(formulas[name], {GAP: gap, SHARE: k.share}) / gap**2
    return ((found - (low + k.share * gap)) / gap) ** 2 - claim, 1.0


def square(formulas: Formulas, k: Between) -> Terms:
    """Squares of decayed numbers less the claim, over number and spacing: of 2, 3 and 4 spacings, where heat is seen.

    The largest loses the share of a spacing, or that and so many ``spacings``.
    """
    bits, least, _ = FORMATS[k.stored]
    gap, product = 2.0 ** (least - bits), (k.share + k.spacings) / 4
    x = np.broadcast_to(gap * (2 + np.arange(k.dimension) % 3), (16 * ROWS, k.dimension))
    claim = value(formulas["next_square"], {X: x, MOVE: product * x, GAP: gap})
    return (k.stored_as(x, product) ** 2 - claim) / (x * gap), 2.0


def against(what: str, found: Sequence[Terms], labels: Sequence[str]) -> Measurement:
    """Means of independent terms that ought to be 0, by Hoeffding's inequality: ``P(|mean| > t) <= 2 exp(-2 n t^2/range^2)``."""
    deviations = listed([equal(np.mean(terms), 0.0) for terms, _ in found])
    bounds = np.array([span * np.sqrt(np.log(2 / FALSE_ALARMS) / (2 * terms.size)) for terms, span in found])
    return measurement(what, deviations, bounds, labels)


def check(formulas: Formulas, settings: Sequence[Between]) -> tuple[Measurement, ...]:
    """Mean, variance, the largest variance where it is reached, and the square after decay."""
    labels = [k.label for k in settings]
    half = [replace(k, share=0.5) for k in settings]
    return (
        against("mean of what is stored", [mean(formulas, k) for k in settings], labels),
        against("variance of what is stored", [_variance(formulas, k) for k in settings], labels),
        against("variance half way", [_variance(formulas, k, "largest_variance") for k in half], [k.label for k in half]),
        against("square after decay", [square(formulas, k) for k in settings], labels),
    )


def _ordinary(seed: int) -> Between:
    return Between("bfloat16", 0.3, 128, seed)


def _stochastic(formulas: Formulas, seed: int) -> NumericWitness:
    ways = (_ordinary(seed), replace(_ordinary(seed), stochastic=False))
    kept, dropped = (against("mean of what is stored", [mean(formulas, k)], [k.label]) for k in ways)
    return NumericWitness("rounding to nearest", kept, dropped)


def _within(formulas: Formulas, seed: int) -> NumericWitness:
    ways = (_ordinary(seed), replace(_ordinary(seed), spacings=2.5))
    kept, dropped = (against("square after decay", [square(formulas, k)], [k.label]) for k in ways)
    return NumericWitness("a decay of nearly three spacings", kept, dropped)


EVIDENCE = Evidence(draw, check, {"stochastic": _stochastic, "within-spacing": _within})
