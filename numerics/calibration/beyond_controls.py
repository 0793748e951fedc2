"""Do norms help beyond cosine, margin and length? A claim needs an interval that excludes 0; otherwise, what could have been seen.

Two logistic regressions of being right, without and with the norms, are fitted on one half of the queries; on the other half the
difference of their losses is measured, query by query.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from scipy.stats import binomtest, t

from numerics import validation
from numerics.calibration.logistic import fit_logistic, log_losses
from numerics.validation import Floats, InvalidInput

PENALTY = 1.0  # of squared standardised coefficients, the same as `LogisticConfidence`'s
_STEPS = 12  # of the ladder of effects, each 1.5 times the one before
_FACTOR = 1.5
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Usefulness:
    """``gain`` is the mean loss without norms minus that with them, in nats a query on the held-out half, with its interval.

    ``effect``: the coefficient of the first norm column, in log odds per standard deviation, controlled for the others. If no effect was
    found: ``smallest`` is the smallest such effect of which, planted in these very data, this very test would have found at least the
    share ``power``, and ``smallest_gain`` what it would have been in nats; NaN if none of the tried ones.
    """

    gain: float
    low: float
    high: float
    level: float
    effect: float
    fitting: int
    testing: int
    smallest: float
    smallest_gain: float
    power: float

    @property
    def useful(self) -> bool:
        """The interval excludes 0 from above."""
        return self.low > 0

    @property
    def verdict(self) -> str:
        """``norms help`` or ``no effect found``, with its size."""
        gain = f"{self.gain:.2g} nats a query ({100 * self.level:g} %: {self.low:.2g} to {self.high:.2g})"
        if self.useful:
            return f"norms help beyond the controls: {gain}"
        if not np.isfinite(self.smallest):
            return f"no effect found: {gain}; none of the effects tried would have been found with power {self.power:g}"
        return (f"no effect found: {gain}; an effect of {self.smallest:.2g} log odds a standard deviation ({self.smallest_gain:.2g} nats)"
                f" would have been found with power {self.power:g}")  # fmt: skip


def usefulness(
    correct: ArrayLike, controls: ArrayLike, norms: ArrayLike, *, groups: ArrayLike | None = None, level: float = 0.95, power: float = 0.8,
    replicates: int = 200, seed: int = 0, progress: Progress | None = None,
) -> Usefulness:  # fmt: skip
    """``correct`` (n,) of 0 and 1, ``controls`` (n, c): cosine, margin, length; ``norms`` (n,) or (n, m), logarithms as a rule.

    Halves are drawn from ``seed``; ``groups`` (n,), whose queries belong together, stay in one of them, and the interval (Student's) is
    over their sums. ``replicates`` of data with a planted effect for each size of it give the power; 0 leaves it out.
    """
    hit = validation.table("correct", np.asarray(correct, dtype=float), (None,))
    if not np.all((hit == 0) | (hit == 1)):
        raise InvalidInput("correct must be 0 (wrong) or 1 (right) for every query")
    base = _columns("controls", controls, len(hit))
    more = _columns("norms", norms, len(hit))
    cluster = np.arange(len(hit)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    names = np.unique(cluster)
    if cluster.shape != hit.shape or len(names) < 8:
        raise InvalidInput(f"groups has shape {cluster.shape} and {len(names)} groups, must have shape ({len(hit)},) and 8 groups or more")
    rng = np.random.default_rng([validation.integer("seed", seed, 0), 2])
    first = np.isin(cluster, rng.permutation(names)[: len(names) // 2])
    test = _Test(base, np.column_stack([base, more]), first, cluster, validation.number("level", level, above=0.0, most=1 - 1e-9))
    if min(hit[first].sum(), (1 - hit)[first].sum()) < 1:
        raise InvalidInput("correct has only right or only wrong queries in the half that is fitted: nothing can be told apart")
    gain, low, high, effect = test.measure(hit)
    wanted = validation.number("power", power, above=0.0, most=1.0)
    smallest = (float("nan"), float("nan"))
    if low <= 0 and validation.integer("replicates", replicates, 0):
        smallest = _smallest(test, hit, more[:, 0], wanted, replicates, rng, progress)
    return Usefulness(gain, low, high, level, effect, int(first.sum()), int((~first).sum()), *smallest, wanted)


@dataclass(frozen=True)
class _Test:
    controls: Floats
    both: Floats
    first: NDArray[np.bool_]
    cluster: NDArray[np.int64]
    level: float

    def measure(self, hit: Floats) -> tuple[float, float, float, float]:
        """Gain, its interval, and the coefficient of the first norm; a half of one kind only tells nothing."""
        fits = [fit_logistic(x[self.first], hit[self.first], PENALTY) for x in (self.controls, self.both)]
        held = [log_losses(x[~self.first], hit[~self.first], f.coefficients) for x, f in zip((self.controls, self.both), fits, strict=True)]
        _, at = np.unique(self.cluster[~self.first], return_inverse=True)
        sizes = np.bincount(at)
        sums = np.bincount(at, held[0] - held[1])
        mean = float(sums.sum() / sizes.sum())
        # a ratio of sums over groups: the spread of its linear part
        error = np.std(sums - mean * sizes, ddof=1) * np.sqrt(len(sizes)) / sizes.sum()
        reach = float(t.isf((1 - self.level) / 2, len(sizes) - 1) * error)
        return mean, mean - reach, mean + reach, float(fits[1].coefficients[1 + self.controls.shape[1]])


def _smallest(
    test: _Test, hit: Floats, norm: Floats, power: float, replicates: int, rng: np.random.Generator, progress: Progress | None
) -> tuple[float, float]:
    """The first rung of a ladder of effects whose power is at least that, twice in a row; and its mean gain.

    Outcomes are drawn from the model without norms plus the effect times the part of the norm that the controls do not have.
    """
    fit = fit_logistic(test.controls, hit, PENALTY)
    odds = fit.coefficients[0] + test.controls @ fit.coefficients[1:]
    p = expit(odds)
    design = np.column_stack([np.ones(len(hit)), test.controls]) * np.sqrt(p * (1 - p))[:, None]
    own = norm - np.column_stack([np.ones(len(hit)), test.controls]) @ np.linalg.lstsq(design, norm * np.sqrt(p * (1 - p)), rcond=None)[0]
    # the standard error of the coefficient in one half is where the ladder starts
    effect = 1 / np.sqrt(max(np.sum(p * (1 - p) * own**2) / 2, np.finfo(float).tiny))
    met: list[tuple[float, float]] = []
    for rung in range(_STEPS):
        found = 0
        gains: list[float] = []
        for _ in range(replicates):
            drawn = (rng.random(len(hit)) < expit(odds + effect * own)).astype(float)
            gain, low, _, _ = test.measure(drawn)
            found, gains = found + (low > 0), [*gains, gain]
        met = [*met, (effect, float(np.mean(gains)))] if found >= power * replicates else []
        if progress is not None:
            progress((rung + 1) / _STEPS)
        if len(met) == 2:
            return met[0]
        effect *= _FACTOR
    return met[0] if met else (float("nan"), float("nan"))


def power_interval(found: int, replicates: int, level: float = 0.95) -> tuple[float, float]:
    """Of a share measured over so many replicates: Clopper and Pearson's."""
    ends = binomtest(found, replicates).proportion_ci(level, "exact")
    return float(ends.low), float(ends.high)


def _columns(name: str, value: ArrayLike, rows: int) -> Floats:
    """(n, m), standardised; a constant column becomes 0."""
    x = np.asarray(value, dtype=float)
    table = validation.table(name, x[:, None] if x.ndim == 1 else x, (rows, None))
    spread = table.std(axis=0)
    return (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
