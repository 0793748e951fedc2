"""Do norms help beyond cosine, margin and length? A claim needs an interval that excludes 0; otherwise, what could have been seen.

Both the norm and being right are held against the controls in any shape that trees can learn (`flexible_controls`), each query by
fits on others. What is left of the norm is then asked whether it moves what is left of being right: an error in either fit moves
this only times the error in the other (Robinson 1988; Chernozhukov et al., "Double/debiased machine learning", 2018; Shah and
Peters, "The hardness of conditional independence testing", 2020), so that a norm that is a function of the controls is given no
credit for what the control of being right has missed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from scipy.stats import t

from numerics import validation
from numerics.calibration.flexible_controls import FOLDS, expected_share, expected_value, folds_of, noise_of
from numerics.calibration.logistic import fit_logistic, log_losses
from numerics.resampling.bootstrap import resample
from numerics.resampling.clusters import clusters_of
from numerics.validation import Floats, InvalidInput

PENALTY = 1.0  # of squared coefficients, the same as `LogisticConfidence`'s
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Usefulness:
    """``effect``: of the part of a norm that the controls do not tell, in log odds of being right per standard deviation of the norm,
    with its interval. Of several norms the clearest is told, ``column``; intervals of all of them hold together at ``level``.

    ``gain``: mean loss without norms minus that with them, in nats a query, each on queries that nothing was fitted on, with its interval.
    What the fits of the controls do not get right makes an effect look smaller than it is. ``told``: the share of that norm's variance
    that the controls tell. ``smallest`` is the effect that would have been found with probability ``power`` (infinite if none can be
    named), and ``smallest_gain`` what it is worth in nats.
    """

    effect: float
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float
    level: float
    column: int
    told: float
    smallest: float
    smallest_gain: float
    power: float
    queries: int
    groups: int

    @property
    def useful(self) -> bool:
        """The interval of the effect excludes 0, and the loss on queries that nothing was fitted on is less with norms."""
        return (self.low > 0 or self.high < 0) and self.gain > 0

    @property
    def verdict(self) -> str:
        """``norms help`` or ``no effect found``, with its size."""
        found = f"{self.effect:+.2g} log odds a standard deviation ({100 * self.level:g} %: {self.low:+.2g} to {self.high:+.2g})"
        if self.useful:
            return f"norms help beyond the controls: {found}, {self.gain:.2g} nats a query ({self.gain_low:.2g} to {self.gain_high:.2g})"
        if not np.isfinite(self.smallest):
            return f"no effect found: {found}; the controls are too little known to say which would have been"
        unused = "" if self.low <= 0 <= self.high else ", which makes no held-out query better told"
        return (f"no effect found: {found}{unused}; one of {self.smallest:.2g} ({self.smallest_gain:.2g} nats a query) would have been"
                f" found with power {self.power:g}")  # fmt: skip


def usefulness(
    correct: ArrayLike, controls: ArrayLike, norms: ArrayLike, *, groups: ArrayLike | None = None, level: float = 0.95, power: float = 0.8,
    resamples: int = 2000, seed: int = 0, progress: Progress | None = None,
) -> Usefulness:  # fmt: skip
    """``correct`` (n,) of 0 and 1, ``controls`` (n, c): cosine, margin, length; ``norms`` (n,) or (n, m), logarithms as a rule.

    Folds are drawn from ``seed``; ``groups`` (n,), whose queries belong together, stay in one of them, and intervals resample them
    whole. Needs scikit-learn (the extra ``audit``). Raises ``InvalidInput``.
    """
    hit = validation.table("correct", np.asarray(correct, dtype=float), (None,))
    if not np.all((hit == 0) | (hit == 1)):
        raise InvalidInput("correct must be 0 (wrong) or 1 (right) for every query")
    if hit.min() == hit.max():
        raise InvalidInput("correct has only right or only wrong queries: nothing can be told apart")
    known, more = _columns("controls", controls, len(hit)), _columns("norms", norms, len(hit))
    start = validation.integer("seed", seed, 0)
    clusters = clusters_of(groups, len(hit), start)
    if clusters.count < 8:
        raise InvalidInput(f"groups has {clusters.count} groups, must have 8 groups or more")
    cluster = clusters.codes
    wanted = validation.number("power", power, above=0.0, most=1 - 1e-9)
    confidence = validation.number("level", level, above=0.0, most=1 - 1e-9)
    return _measured(hit, known, more, cluster, confidence, wanted, validation.integer("resamples", resamples, 2), start, progress)


def _measured(
    hit: Floats, known: Floats, more: Floats, cluster: NDArray[np.int32], level: float, power: float, resamples: int, seed: int,
    progress: Progress | None,
) -> Usefulness:  # fmt: skip
    folds = folds_of(cluster, np.random.default_rng([seed, 2]))
    parts = more.shape[1] + 1
    odds = logit(expected_share(hit, known, folds, seed))
    own = np.empty_like(more)
    for j in range(more.shape[1]):
        if progress is not None:
            progress((j + 1) / parts)
        own[:, j] = more[:, j] - expected_value(more[:, j], known, folds, seed)
    each = 1 - (1 - level) / more.shape[1]  # Bonferroni's: all intervals hold together
    effects = [_effect(hit, odds, own[:, j], cluster, each, resamples, seed) for j in range(more.shape[1])]
    clearest = int(np.argmax([abs(e.value) / e.error if e.error > 0 else 0.0 for e in effects]))
    gain = _gain(hit, odds, own, folds, cluster, level)
    e, told = effects[clearest], 1 - float(np.mean(own[:, clearest] ** 2))
    # where an effect must lie for its interval to leave out 0 with that probability; the noise of both fits hides a part of it
    noise = noise_of(hit, known, folds, expected_share, seed), noise_of(more[:, clearest], known, folds, expected_value, seed)
    seen = max(1 - noise[0] / e.spread, 0.0) * max(1 - noise[1] / max(1 - told, np.finfo(float).tiny), 0.0) if e.spread > 0 else 0.0
    smallest = ((e.high - e.low) / 2 + float(t.ppf(power, cluster.max())) * e.error) / seen if seen > 0 else float("inf")
    worth = smallest**2 * e.information * seen / 2 if seen > 0 else float("inf")
    if progress is not None:
        progress(1.0)
    return Usefulness(e.value, e.low, e.high, *gain, level, clearest, max(told, 0.0), smallest, worth, power,
                      len(hit), int(cluster.max()) + 1)  # fmt: skip


@dataclass(frozen=True)
class _Effect:
    value: float
    error: float
    low: float
    high: float
    information: float  # Fisher's, of a query
    spread: float  # mean variance of being right at what is known


def _effect(
    hit: Floats, odds: Floats, own: Floats, cluster: NDArray[np.int32], level: float, resamples: int, seed: int
) -> _Effect:
    """The root b of ``sum own (hit - expit(odds + b own))``, with an interval by the sums over groups."""
    calibrated = fit_logistic(odds[:, None], hit, PENALTY).coefficients
    base = calibrated[0] + calibrated[1] * odds
    value = _root(hit, base, own)
    p = expit(base + value * own)
    sums, information = (np.bincount(cluster, x).astype(np.float64) for x in (own * (hit - p), own**2 * p * (1 - p)))
    if not information.sum() > 0:
        return _Effect(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    drawn = resample(np.array([value]), sums[:, None], information[:, None], resamples, seed)
    low, high = drawn.interval(0, level)
    return _Effect(value, float(drawn.errors[0]), low, high, float(information.sum()) / len(hit), float(np.mean(p * (1 - p))))


def _root(hit: Floats, base: Floats, own: Floats, most_rounds: int = 50) -> float:
    """By Newton's method, on a slope that only falls, with a ridge of one observation's worth so that there is a root."""
    value = 0.0
    for _ in range(most_rounds):
        p = expit(base + value * own)
        slope = float(own @ (hit - p)) - PENALTY * value * float(np.mean(own**2))
        curvature = float(own**2 @ (p * (1 - p))) + PENALTY * float(np.mean(own**2))
        if curvature <= 0:
            return 0.0
        step = float(np.clip(slope / curvature, -1.0, 1.0))
        value += step
        if abs(step) <= 1e-12 * (1 + abs(value)):
            break
    return value


def _gain(
    hit: Floats, odds: Floats, own: Floats, folds: NDArray[np.int64], cluster: NDArray[np.int32], level: float
) -> tuple[float, float, float]:
    """Mean loss without less that with the norms, a query, each by a fit on the other folds, with Student's interval over groups."""
    less = np.empty(len(hit))
    for held in (folds == k for k in range(FOLDS)):
        if not np.any(held):
            continue
        losses = []
        for x in (odds[:, None], np.column_stack([odds, own])):
            fit = fit_logistic(x[~held], hit[~held], PENALTY)
            losses.append(log_losses(x[held], hit[held], fit.coefficients))
        less[held] = losses[0] - losses[1]
    sizes, sums = np.bincount(cluster), np.bincount(cluster, less)
    mean = float(sums.sum() / sizes.sum())
    # a ratio of sums over groups: the spread of its linear part
    error = np.std(sums - mean * sizes, ddof=1) * np.sqrt(len(sizes)) / sizes.sum()
    reach = float(t.isf((1 - level) / 2, len(sizes) - 1) * error)
    return mean, mean - reach, mean + reach


def _columns(name: str, value: ArrayLike, rows: int) -> Floats:
    """(n, m), standardised; a constant column becomes 0."""
    x = np.asarray(value, dtype=float)
    table = validation.table(name, x[:, None] if x.ndim == 1 else x, (rows, None))
    spread = table.std(axis=0)
    return np.asarray((table - table.mean(axis=0)) / np.where(spread > 0, spread, 1.0))
