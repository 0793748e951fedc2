"""The calibration error itself, out of what sampling adds to it: an estimate and an interval that covers it.

What `calibration_error` finds is ``E = sum_b |e_b|``, where ``e_b`` is the sum over a bin of confidence minus right, over all queries. Of
``e = d + Z``, with ``d`` the part that does not depend on chance and Z with mean 0, ``|d + Z|`` is ``|d|`` or more in the mean, so
that E is too large, by a share that shrinks as ``d`` grows; a bootstrap of E adds the same once more. What is meant is ``T = sum_b
|d_b|``. For any d, by the triangle inequality and with s the signs of d,

    T >= E - sum_b |Z_b|        and        T <= E - sum_b s_b Z_b,

where the right side needs Z alone. Z has about a normal distribution with covariance ``S = sum_g u_g u_g^T``, of sums u_g of a
group's queries in each bin; they are not centred, so that S is no less than the covariance whatever d is, and each bin's variance is no
less than that of an exact confidence. Student's t with groups - 1 degrees of freedom stands for few groups. As coarser bins have
no larger T, the lower end is the better of all bins and of one bin for all, each at half the tail.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri, stdtrit

from numerics import validation
from numerics.calibration.scores import Interval, _pairs
from numerics.validation import Floats, InvalidInput

_DRAWS = 4000  # of Z
_BEYOND = 10  # draws that have to lie beyond a quantile for it to be taken from them


@dataclass(frozen=True)
class Binned:
    """``gaps`` (bins,): e; ``covariance`` (bins, bins) of Z; by ``groups`` (G, bins), whose sum is e."""

    gaps: Floats
    groups: Floats
    covariance: Floats

    @property
    def freedom(self) -> int:
        """Of Student's t."""
        return max(1, len(self.groups) - 1)

    @property
    def plain(self) -> float:
        """E."""
        return float(np.sum(np.abs(self.gaps)))

    def minus(self, other: Binned) -> Binned:
        """Of gaps that two methods have on the same queries, bin by bin: what both share cancels."""
        groups = self.groups - other.groups
        return Binned(self.gaps - other.gaps, groups, groups.T @ groups)


def binned(confidence: ArrayLike, correct: ArrayLike, groups: ArrayLike | None = None, bins: int = 15) -> Binned:
    """The bins of `calibration_error`: of equal size by the order of confidence, queries of one confidence shared out in proportion."""
    c, hit = _pairs(confidence, correct)
    of = np.arange(len(c)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    if of.shape != c.shape:
        raise InvalidInput(f"groups has shape {of.shape}, must have shape ({len(c)},)")
    _, run, count = np.unique(c, return_inverse=True, return_counts=True)
    begin = (np.cumsum(count) - count)[run]
    edges = np.linspace(0, len(c), validation.integer("bins", bins, 1) + 1)
    sums, implied = np.empty((of.max() + 1, bins)), np.empty(bins)
    for b in range(bins):
        within = np.minimum(begin + count[run], edges[b + 1]) - np.maximum(begin, edges[b])
        share = np.maximum(within, 0) / count[run] / len(c)
        sums[:, b] = np.bincount(of, share * (c - hit), len(sums))
        implied[b] = np.sum(share**2 * np.clip(c * (1 - c), 0, None))
    covariance = sums.T @ sums
    covariance[np.diag_indices(bins)] = np.maximum(np.diag(covariance), implied)
    return Binned(sums.sum(axis=0), sums, covariance)


def error_interval(
    confidence: ArrayLike, correct: ArrayLike, *, groups: ArrayLike | None = None, bins: int = 15, level: float = 0.95, seed: int = 0
) -> Interval:
    """The expected calibration error of ``confidence`` (n,), with ``correct`` (n,) of 0 and 1, out of what chance adds to it.

    What is meant is the mean over ``bins`` bins of equal size of ``|mean confidence - probability of being right|``. ``value``: what
    `calibration_error` finds less the bias that it has at gaps as large as the data's squared gaps less their variance (Kumar,
    Liang and Ma, NeurIPS 2019). The interval covers at ``level`` or more, whatever the gaps are, and holds ``value``; ``groups`` (n,)
    names queries that depend on each other.
    """
    return interval_of(binned(confidence, correct, groups, bins), level, seed)


def error_difference(
    first: ArrayLike, second: ArrayLike, correct: tuple[ArrayLike, ArrayLike], *, groups: ArrayLike | None = None, bins: int = 15,
    level: float = 0.95, seed: int = 0,
) -> Interval:  # fmt: skip
    """How much larger the calibration error of confidences ``first`` (n,) is than that of ``second`` (n,) on the same queries.

    ``correct``: of 0 and 1, (n,) for each of the two. See `error_interval` for the rest.
    """
    one, two = (binned(c, hit, groups, bins) for c, hit in zip((first, second), correct, strict=True))
    if len(one.groups) != len(two.groups):
        raise InvalidInput(f"second has {len(two.groups)} confidences, must have {len(one.groups)}, as first has")
    return difference_of(one, two, level, seed)


def interval_of(of: Binned, level: float, seed: int) -> Interval:
    """See `error_interval`."""
    tail = (1 - validation.number("level", level, above=0.0, most=1 - 1e-12)) / 2
    value, low, high = _value(of, seed), _low(of, tail, seed), _high(of, tail)
    return Interval(max(value, low), low, high)


def difference_of(first: Binned, second: Binned, level: float, seed: int) -> Interval:
    """How much larger the error of ``first`` is than that of ``second`` on the same queries.

    It lies between the ends that both intervals leave to it; and by the triangle inequality it is no larger than the error of the gaps'
    differences, in which what both methods share cancels. Each of the three has a third of the tail.
    """
    tail = (1 - validation.number("level", level, above=0.0, most=1 - 1e-12)) / 6
    one, two = interval_of(first, level, seed), interval_of(second, level, seed)
    value, most = one.value - two.value, _high(first.minus(second), tail)
    low = max(_low(first, tail, seed) - _high(second, tail), -most)
    high = min(_high(first, tail) - _low(second, tail, seed), most)
    return Interval(value, min(low, value), max(high, value))


def _value(of: Binned, seed: int) -> float:
    squares, noise = float(of.gaps @ of.gaps), float(np.trace(of.covariance))
    gaps = of.gaps * np.sqrt(max(0.0, 1 - noise / squares)) if squares > 0 else of.gaps
    bias = float(np.mean(np.sum(np.abs(gaps + _drawn(of, seed)), axis=1))) - float(np.sum(np.abs(gaps)))
    return min(of.plain, max(0.0, of.plain - max(0.0, bias)))


def _low(of: Binned, tail: float, seed: int) -> float:
    one = abs(float(of.gaps.sum())) - float(stdtrit(of.freedom, 1 - tail / 2)) * float(np.sqrt(max(0.0, of.covariance.sum())))
    return max(0.0, of.plain - _quantile(of, tail / 2, seed), one)


def _high(of: Binned, tail: float) -> float:
    return of.plain + float(stdtrit(of.freedom, 1 - tail)) * _spread(of)


def _spread(of: Binned) -> float:
    """The signs s are not known: the largest standard error that ``s Z`` can have is at most each of two bounds."""
    s = of.covariance
    return float(np.sqrt(max(0.0, min(float(np.sum(np.abs(s))), len(s) * float(np.linalg.eigvalsh(s)[-1])))))


def _quantile(of: Binned, tail: float, seed: int) -> float:
    """What ``sum |Z|`` exceeds with probability ``tail`` or less, Z being Student's.

    Where too few draws lie beyond it, by concentration: a normal ``sum |Z|`` exceeds its median by t standard errors with
    probability at most that of one normal number (Borell 1975, Tsirelson, Ibragimov and Sudakov 1976), half the tail; and Student's
    divisor is smaller than what it is taken for with probability of the other half.
    """
    sums = np.sum(np.abs(_drawn(of, seed)), axis=1)
    if tail * _DRAWS >= _BEYOND:
        scaled = np.sort(sums * np.sqrt(of.freedom / np.random.default_rng([seed, 4]).chisquare(of.freedom, _DRAWS)))
        return float(scaled[min(_DRAWS, int(np.ceil((1 - tail) * (_DRAWS + 1)))) - 1])
    divisor = float(np.sqrt(of.freedom / chdtri(of.freedom, 1 - tail / 2)))
    return max(1.0, divisor) * float(np.median(sums)) + float(stdtrit(of.freedom, 1 - tail / 2)) * _spread(of)


def _drawn(of: Binned, seed: int) -> Floats:
    """Z (draws, bins), normal."""
    values, vectors = np.linalg.eigh(of.covariance)
    return _normal(validation.integer("seed", seed, 0), len(values)) @ (np.sqrt(np.maximum(values, 0))[:, None] * vectors.T)


@lru_cache(maxsize=4)
def _normal(seed: int, bins: int) -> Floats:
    return np.random.default_rng([seed, 3]).standard_normal((_DRAWS, bins))
