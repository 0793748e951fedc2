"""How entries are drawn before training, and the norms that this gives."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
from scipy.special import gammaincinv, polygamma
from scipy.stats import norm as normal

from numerics.norm_signal.records import Floats


class EntryLaw(Protocol):
    """The law of independent entries of mean 0; norms are in units of their root mean square, sqrt(E norm^2)."""

    name: str

    def spread(self, dimension: int) -> float:
        """The standard deviation of the logarithm of a norm."""

    def log_quantiles(self, shares: Floats, dimension: int) -> Floats:
        """Quantiles of the logarithm of a norm."""

    def error(self, dimension: int) -> float:
        """How wrong a share of rows below a quantile may be."""


class NormalEntries:
    """Normal entries: norms chi_d / sqrt(d), exactly."""

    name = "normal"

    def spread(self, dimension: int) -> float:
        """sqrt(trigamma(d / 2)) / 2."""
        return float(np.sqrt(polygamma(1, dimension / 2))) / 2

    def log_quantiles(self, shares: Floats, dimension: int) -> Floats:
        """Those of a gamma law of shape d / 2, halved."""
        return 0.5 * np.log(2 * gammaincinv(dimension / 2, shares) / dimension)

    def error(self, dimension: int) -> float:  # noqa: ARG002
        """None."""
        return 0.0


class UniformEntries:
    """Entries uniform on [-a, a]: sums of d squares, by Cornish and Fisher's expansion with their skewness and kurtosis.

    The k-th power of the square of a uniform number on [0, 1] has mean 1 / (2 k + 1), from which its cumulants come.
    """

    name = "uniform"

    def spread(self, dimension: int) -> float:
        """To first order half the relative standard deviation of a squared norm."""
        mean, variance, _, _ = self._cumulants()
        return float(np.sqrt(variance / dimension)) / mean / 2

    def log_quantiles(self, shares: Floats, dimension: int) -> Floats:
        """Cornish and Fisher 1937, to order 1 / d."""
        mean, variance, third, fourth = self._cumulants()
        skew, excess = third / variance**1.5 / np.sqrt(dimension), fourth / variance**2 / dimension
        z = normal.ppf(shares)
        w = z + (z**2 - 1) * skew / 6 + (z**3 - 3 * z) * excess / 24 - (2 * z**3 - 5 * z) * skew**2 / 36
        return 0.5 * np.log(np.maximum(1 + w * np.sqrt(variance / dimension) / mean, np.finfo(float).tiny))

    def error(self, dimension: int) -> float:
        """The order that the expansion leaves out: d^(-3/2)."""
        return float(dimension) ** -1.5

    def _cumulants(self) -> tuple[float, float, float, float]:
        m1, m2, m3, m4 = (1 / (2 * k + 1) for k in range(1, 5))
        variance = m2 - m1**2
        third = m3 - 3 * m1 * m2 + 2 * m1**3
        return m1, variance, third, m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4 - 3 * variance**2


LAWS: Final[tuple[EntryLaw, ...]] = (NormalEntries(), UniformEntries())
