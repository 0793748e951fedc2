"""Scores of probabilities and confidences. Lower is better for all but the area under the ROC curve.

``probabilities`` (n, items) with ``answers`` (n,) the items that were right; or ``confidence`` (n,) with ``correct`` (n,) of 0 and 1. Every
score takes ``weights`` (n,), how often each query counts: a bootstrap resample is the numbers of its draws. None counts all once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import validation
from numerics.validation import Floats, InvalidInput

Weights = NDArray[np.float64] | None
Score = Callable[..., float]


@dataclass(frozen=True)
class Interval:
    """A value with the ends of its interval."""

    value: float
    low: float
    high: float


def losses_of(log_probabilities: ArrayLike, answers: ArrayLike) -> Floats:
    """``-ln p`` of each query's right item (n,), in nats."""
    logs = np.asarray(log_probabilities, dtype=float)
    return -logs[np.arange(len(logs)), _answers(answers, logs.shape)]


def negative_log_likelihood(probabilities: ArrayLike, answers: ArrayLike, weights: Weights = None) -> float:
    """Mean ``-ln p`` of what was right, in nats; infinite where that had probability 0."""
    with np.errstate(divide="ignore"):
        return _mean(losses_of(np.log(_probabilities(probabilities)), answers), weights)


def squares_of(probabilities: ArrayLike, answers: ArrayLike) -> Floats:
    """``sum_i (p_i - [i right])^2`` of each query (n,): 0 to 2."""
    p = np.asarray(probabilities, dtype=float)
    right = p[np.arange(len(p)), _answers(answers, p.shape)]
    return np.sum(p**2, axis=1) - right**2 + (1 - right) ** 2


def brier(probabilities: ArrayLike, answers: ArrayLike, weights: Weights = None) -> float:
    """Brier's score over all items, 0 to 2 (twice what some call so for two items)."""
    return _mean(squares_of(_probabilities(probabilities), answers), weights)


def calibration_error(confidence: ArrayLike, correct: ArrayLike, weights: Weights = None, *, bins: int = 15) -> float:
    """Expected calibration error: mean over bins of equal size of ``|mean confidence - share correct|``.

    Bins follow the order of confidence and hold as many queries each (adaptive bins; Nguyen and O'Connor, EMNLP 2015); queries of one
    confidence that straddle an edge are shared out in proportion. It is above 0 for a perfect confidence too: see `calibrated_error`, and
    `numerics.calibration.error_interval` for the error without what chance adds.
    """
    c, hit = _pairs(confidence, correct)
    order = np.argsort(c, kind="stable")
    return _binned(c[order], hit[order], _weights(weights, len(c))[order], validation.integer("bins", bins, 1))


def calibrated_error(confidence: ArrayLike, *, bins: int = 15, resamples: int = 1000, level: float = 0.95, seed: int = 0) -> Interval:
    """What `calibration_error` is if confidence is exactly the probability of being right: mean, and the interval of ``level``."""
    c, _ = _pairs(confidence, np.zeros(len(np.atleast_1d(confidence))))
    c = np.sort(c)
    rng, ones = np.random.default_rng(validation.integer("seed", seed, 0)), np.ones(len(c))
    found = [_binned(c, (rng.random(len(c)) < c).astype(float), ones, bins) for _ in range(validation.integer("resamples", resamples, 2))]
    return Interval(float(np.mean(found)), *ends(np.array(found), level))


def area_under_roc(confidence: ArrayLike, correct: ArrayLike, weights: Weights = None) -> float:
    """How probable it is that a right answer has more confidence than a wrong one, ties counting half; NaN without either."""
    _, right, wrong = _levels(confidence, correct, weights)
    whole = right.sum() * wrong.sum()
    below = np.cumsum(wrong) - wrong
    return float(right @ (below + wrong / 2) / whole) if whole > 0 else float("nan")


def area_under_risk_coverage(confidence: ArrayLike, correct: ArrayLike, weights: Weights = None) -> float:
    """Mean over all coverages of the share of wrong answers among the most confident ones (Geifman and El-Yaniv, 2017).

    Answers of one confidence come in any order: the mean over the orders is taken, in which each is as risky as its level.
    """
    _, right, wrong = _levels(confidence, correct, weights)
    size = (right + wrong)[::-1]
    before, errors = np.cumsum(size) - size, np.cumsum(wrong[::-1]) - wrong[::-1]
    rate = wrong[::-1] / np.where(size > 0, size, 1)
    # after m of a level's answers errors are E + rate m of K + m: its sum over m = 1 .. s, in harmonic numbers
    harmonic = _harmonic(before + size) - _harmonic(before)
    return float(np.sum(rate * size + (errors - rate * before) * harmonic) / size.sum())


def bootstrap(
    score: Callable[[NDArray[np.float64]], float], size: int, *, resamples: int = 2000, level: float = 0.95, seed: int = 0
) -> Interval:
    """``score`` of weights (size,), with the percentile interval over resamples of the queries. NaN resamples are left out."""
    found = np.array([score(w) for w in resampled(size, resamples, seed)])
    return Interval(float(score(np.ones(size))), *ends(found, level))


def resampled(size: int, resamples: int, seed: int) -> list[Floats]:
    """How often each of ``size`` queries is drawn, in each resample: (size,) each."""
    rng = np.random.default_rng(validation.integer("seed", seed, 0))
    count, size = validation.integer("resamples", resamples, 2), validation.integer("size", size, 1)
    return [np.bincount(rng.integers(size, size=size), minlength=size).astype(float) for _ in range(count)]


def ends(values: Floats, level: float) -> tuple[float, float]:
    """The quantiles that leave out ``1 - level``, half on each side; NaN if nothing is left."""
    tail = (1 - validation.number("level", level, above=0.0, most=1 - 1e-12)) / 2
    kept = values[~np.isnan(values)]
    if not len(kept):
        return float("nan"), float("nan")
    low, high = np.quantile(kept, [tail, 1 - tail])
    return float(low), float(high)


def _binned(confidence: Floats, correct: Floats, weights: Floats, bins: int) -> float:
    """Of what is sorted: sums up to each edge, linear within a query and within a run of one confidence."""
    last = np.flatnonzero(np.append(np.diff(confidence) > 0, True))
    sums = [np.concatenate([[0.0], np.cumsum(weights * x)[last]]) for x in (np.ones(len(confidence)), confidence, correct)]
    edges = np.linspace(0, sums[0][-1], bins + 1)
    said, was = (np.diff(np.interp(edges, sums[0], s)) for s in sums[1:])
    return float(np.sum(np.abs(said - was)) / sums[0][-1])


def _levels(confidence: ArrayLike, correct: ArrayLike, weights: Weights) -> tuple[Floats, Floats, Floats]:
    """Values of confidence, rising, and how many right and wrong answers have each."""
    c, hit = _pairs(confidence, correct)
    w = _weights(weights, len(c))
    values, at = np.unique(c, return_inverse=True)
    right, wrong = (np.asarray(np.bincount(at, x, len(values)), dtype=float) for x in (w * hit, w * (1 - hit)))
    return values, right, wrong


def _harmonic(counts: Floats) -> Floats:
    """``1 + 1/2 + ... + 1/n`` of whole numbers."""
    whole = np.rint(counts).astype(np.int64)
    return np.concatenate([[0.0], np.cumsum(1 / np.arange(1, whole.max() + 1))])[whole]


def _mean(values: Floats, weights: Weights) -> float:
    return float(np.average(values, weights=None if weights is None else _weights(weights, len(values))))


def _weights(weights: Weights, size: int) -> Floats:
    if weights is None:
        return np.ones(size)
    w = validation.per_row("weights", weights, size, least=0.0)
    if np.any(w != np.rint(w)) or not w.any():
        raise InvalidInput("weights must be whole numbers, not all 0: how often each query counts")
    return w


def _pairs(confidence: ArrayLike, correct: ArrayLike) -> tuple[Floats, Floats]:
    c = validation.table("confidence", confidence, (None,))
    hit = validation.table("correct", np.asarray(correct, dtype=float), (len(c),))
    if np.any((hit != 0) & (hit != 1)):
        raise InvalidInput(f"correct has {hit[(hit != 0) & (hit != 1)][0]:g}, must be 0 or 1")
    return c, hit


def _probabilities(value: ArrayLike) -> Floats:
    p = validation.table("probabilities", value, (None, None), least=0.0)
    off = np.abs(p.sum(axis=1) - 1)
    # each of k probabilities is rounded once, and their sum k times
    if np.any(off > 4 * p.shape[1] * np.finfo(np.float32).eps):
        raise InvalidInput(f"probabilities[{int(np.argmax(off))}] sum to {p[np.argmax(off)].sum():g}, must sum to 1")
    return p


def _answers(answers: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.int64]:
    y = np.asarray(answers)
    if y.shape != shape[:1] or y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= shape[1]:
        raise InvalidInput(f"answers has shape {y.shape} and dtype {y.dtype}: must be {shape[0]} whole numbers from 0 to {shape[1] - 1}")
    return y.astype(np.int64)
