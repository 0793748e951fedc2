"""How much of what is known of an association each cluster holds: Student's tails by that, and whether one cluster holds all of it.

A correlation or slope is a sum over clusters of products of what controls leave of both variables. Given the one, x, the variance of
these follows from how the other, y, varies: its rows of one cluster have a correlation rho. A cluster of m of the n rows pulls the
slope by its share h of the sum of squares S of x (k, of y), and the mean by its sum s of x. In units of `numerics.resampling.tails`,
with p = sum x y / S^(1/2) and Y = sum y / n^(1/2) by cluster:

    own part                          taken away from it                                gain
    leaving out       p + t Y,        (1 - c) sum p + t sum Y, t = s (n / S)^(1/2) / (n - m)   (1 - m / n) / c
    of correlations   p               (h + k) / 2 sum p + s / (n S)^(1/2) sum Y                1
    of slopes         p               h sum p + s / (n S)^(1/2) sum Y                          1

c^2 is the product of what is left of both sums of squares about their mean without the cluster. Each variable takes the part of x
in turn for a correlation. Ranks have lighter tails than normal numbers, so that variances taken from them are surer (their fourth
cumulant is negative). Heavier tails are not counted: they swell the error with the sum (Efron 1969).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from numerics.association.ranks import Floats
from numerics.resampling.tails import Tails, Working

Taken = Literal["left out", "influence", "slope"]
_NAMES: Final = ("the norm", "the covariate")


@dataclass(frozen=True)
class Leverage:
    """Of what is left of two variables: sums of squares and sums by cluster (2, G), rows (G,), excess kurtosis of either, 0 at most."""

    squares: Floats
    sums: Floats
    sizes: Floats
    excess: tuple[float, float]

    @classmethod
    def of_rows(cls, residuals: Floats, codes: NDArray[np.integer], sizes: Floats) -> Leverage:
        """Of ``residuals`` (2, n), with ``codes`` (n,) of clusters that have ``sizes`` rows. O(n)."""
        squares, sums = np.empty((2, 2, len(sizes)))
        for j, e in enumerate(residuals):
            squares[j] = np.bincount(codes, weights=e**2, minlength=len(sizes))
            sums[j] = np.bincount(codes, weights=e, minlength=len(sizes))
        return cls(squares, sums, sizes, light_tails(residuals))

    @property
    def alone(self) -> tuple[bool, ...]:
        """Of which variable nothing but a mean is left without one cluster, to the rounding of a sum over the rows."""
        rounding = np.sum(self.sizes) * 2.0**-50
        return tuple(np.any(self._kept[:, self.sizes > 0] <= rounding, axis=1).tolist())

    def tails(self, taken: Taken) -> Tails:
        """The less favourable of both variables in the part of x; of the second alone for a slope in it."""
        if taken == "slope":
            return self._of(1, taken)
        return self._of(0, taken).wider(self._of(1, taken))

    @property
    def _kept(self) -> Floats:
        """What is left of the sums of squares without each cluster, about the mean of the rest: shares (2, G)."""
        rest = np.maximum(np.sum(self.sizes) - self.sizes, 1)
        return 1 - (self.squares + self.sums**2 / rest) / np.sum(self.squares, axis=1)[:, None]

    def _of(self, j: int, taken: Taken) -> Tails:
        rows, total, rho = float(np.sum(self.sizes)), float(np.sum(self.squares[j])), self._within(1 - j)
        m, s, square = self.sizes, self.sums[j] / np.sqrt(total), self.squares[j] / total
        own, crossed, mean = ((1 - rho) * a + rho * b for a, b in (
            (square, s**2), (s / np.sqrt(rows), s * m / np.sqrt(rows)), (m / rows, m**2 / rows)))  # fmt: skip
        sums = np.array([[np.sum(own), np.sum(crossed)], [np.sum(crossed), np.sum(mean)]])
        gains, through, by_sum, by_mean = self._taken(j, taken, s, square)
        working = Working(
            own + 2 * through * crossed + through**2 * mean,
            np.stack([own + through * crossed, crossed + through * mean], axis=1),
            np.stack([by_sum, by_mean], axis=1), sums, gains, int(np.count_nonzero(m)),
        )  # fmt: skip
        # the fourth powers of rows add up to no less than they would if they were alike
        fourth = self.excess[1 - j] * (rho**2 + (1 - rho) ** 2 / np.maximum(m, 1))
        return working.tails(fourth, np.stack([np.sqrt(own), np.sign(s) * np.sqrt(mean)], axis=1))

    def _taken(self, j: int, taken: Taken, s: Floats, square: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Gain, t, and what is taken away by the sum and by the mean: the table of the module."""
        m, rows = self.sizes, float(np.sum(self.sizes))
        if taken == "left out":
            kept = np.sqrt(np.maximum(np.prod(self._kept, axis=0), 2.0**-52))
            through = s * np.sqrt(rows) / np.maximum(rows - m, 1)
            return (1 - m / rows) / kept, through, 1 - kept, through
        other = self.squares[1 - j] / np.sum(self.squares[1 - j])
        return np.ones(len(m)), np.zeros(len(m)), square if taken == "slope" else (square + other) / 2, s / np.sqrt(rows)

    def _within(self, j: int) -> float:
        """The correlation of two rows of a cluster, from 0 to 1; clusters count by their rows."""
        several = self.sizes > 1
        if not np.any(several):
            return 0.0
        sizes = self.sizes[several]
        pairs = (self.sums[j, several] ** 2 - self.squares[j, several]) / (sizes - 1)
        mean = float(np.sum(self.squares[j]) / np.sum(self.sizes))
        return float(np.clip(np.sum(pairs) / np.sum(sizes) / mean, 0.0, 1.0))


def light_tails(residuals: Floats) -> tuple[float, float]:
    """Excess kurtosis of two ``residuals`` (2, n), 0 where it is positive."""
    squares = np.mean(residuals**2, axis=1)
    found = np.mean(residuals**4, axis=1) / np.where(squares > 0, squares, 1.0) ** 2 - 3
    return float(min(found[0], 0.0)), float(min(found[1], 0.0))


def one_holds_all(alone: tuple[bool, ...], unit: str, controls: bool) -> str:
    """Why nothing can be said where without one ``unit`` nothing of a variable is left; empty where something is left of both."""
    names = [name for name, held in zip(_NAMES, alone, strict=True) if held]
    if not names:
        return ""
    given = "given the other columns, " if controls else ""
    return f"{given}{' and '.join(names)} {'differ' if len(names) > 1 else 'differs'} in one {unit} only"
