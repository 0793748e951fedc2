"""The heat of InfoNCE by quadrature, with an error bound: what C3a predicts, and D1 will invert.

One positive is von Mises-Fisher about the row and n negatives are uniform on the sphere. Means over a cosine are
Gauss-Legendre sums over the angle; the outer integral over x is a trapezoid in ln x, whose integrand falls off
exponentially on one side and doubly so on the other. Both converge faster than any power, so the change from half the
nodes to all of them bounds what is left. Rounding is counted beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from derivations.evidence.cosines import Nodes, cosines
from derivations.evidence.formulas import value
from derivations.evidence.rounding import gamma
from theory.claims import Formulas
from theory.laws.imprint.infonce_heat_is_one_integral import F1, F2, FORMULAS, MOMENT, NEGATIVES, PSI, T0, T1, F, X
from theory.notation import n as count
from theory.notation import tau

Floats = NDArray[np.float64]
ANGLES, POINTS = 192, 512  # nodes of the inner means and of the outer integral, at the finer level
TINY = 1e-300


@dataclass(frozen=True)
class Integrand:
    """The means over one cosine at every x, the trapezoid's weights in x, and relative rounding of a product of all: (POINTS,)."""

    x: Floats
    weights: Floats
    means: dict[sp.Symbol, Floats]
    rounding: Floats


@lru_cache(maxsize=256)
def integrand(dimension: int, concentration: float, temperature: float, negatives: int, level: int) -> Integrand:
    """With the finest nodes at ``level`` 1, half as many at 2. Exponentials are taken over the largest, ``exp(1/tau)``."""
    # means weigh a positive with exp(-2 t/tau) at most, where it is in the denominator, and negatives with exp(2 s/tau)
    positive, negative = (cosines(dimension, k, ANGLES // level, 2 / temperature) for k in (concentration, 0.0))
    t, s, weight_t, weight_s = positive.cosines, negative.cosines, positive.probabilities, negative.probabilities
    a, z = np.exp((t - 1) / temperature), np.exp((s - 1) / temperature)
    # below the lower end x^2 is e^-37 of its size where b x = 1; above the upper one x (a + Z) is over 700
    scale = (weight_t @ a) + negatives * (weight_s @ z)
    y, step = np.linspace(-18.5 - np.log(scale), np.log(700 / a.min()), POINTS // level, retstep=True)
    x = np.exp(y)
    one = np.ones_like(t)
    first = _Side(x, np.exp(-np.outer(x, a)), positive, a, {T0: (one, 0), T1: (1 - t**2, 0)})
    other = _Side(x, np.exp(-np.outer(x, z)), negative, z, {F: (one, 0), F1: (one, 1), F2: (one, 2), PSI: (1 - s**2, 2)})
    rounding = first.rounding(temperature) + negatives * other.rounding(temperature)
    return Integrand(x, x * step, {**first.means(), **other.means()}, rounding)


@dataclass(frozen=True)
class _Side:
    """One cosine: ``fall = exp(-x size)`` (POINTS, ANGLES) and parts ``factor size^power`` of which means are taken with it."""

    x: Floats
    fall: Floats
    at: Nodes
    size: Floats
    parts: dict[sp.Symbol, tuple[Floats, int]]

    def means(self) -> dict[sp.Symbol, Floats]:
        """Of every part, at every x."""
        return {name: self._mean(factor * self.size**power) for name, (factor, power) in self.parts.items()}

    def _mean(self, values: Floats) -> Floats:
        return np.maximum(self.fall @ (self.at.probabilities * values), TINY)

    def rounding(self, temperature: float) -> Floats:
        """Of the worst mean, relative.

        A cosine is off by 8 roundings of 1, its angle's and its own, so that a factor is off by 20, a size, relatively, by
        ten over tau and ten, and its exponential by x times that.
        """
        off, worst = gamma(10) * (1 + 1 / temperature), np.zeros_like(self.x)
        for factor, power in self.parts.values():
            whole = factor * self.size**power
            noise = self._mean(whole * (self.at.rounding + power * off) + gamma(20) * self.size**power)
            worst = np.maximum(worst, (noise + off * self.x * self._mean(whole * self.size)) / self._mean(whole))
        return worst + gamma(len(self.size) + 10)


def infonce_heat(
    dimension: int, concentration: float, temperature: float, negatives: int, formulas: Formulas = FORMULAS
) -> tuple[float, float]:
    """``E|g~|^2`` for a row with ``negatives`` uniform negatives, and a bound of its error.

    ``dimension`` from 3, ``concentration`` from 0, ``temperature`` above 0, ``negatives`` from 1.
    """
    levels, ends, noise = [], [], []
    for level in (1, 2):
        part = integrand(dimension, concentration, temperature, negatives, level)
        known = {**part.means, count: np.full_like(part.x, negatives), X: part.x, tau: np.full_like(part.x, temperature)}
        inside = {MOMENT: value(formulas["second_moment"], known), NEGATIVES: value(formulas["negatives"], known)}
        density = value(formulas["heat_density"], {**known, **inside})
        levels.append(float(part.weights @ density))
        # beyond the ends: density falls as x below, and faster than any power above
        ends.append(float(np.sum(np.abs(part.x * density)[[0, -1]])))
        # products of at most n means over negatives and one over the positive, and the sum over x; where a mean underflows
        # its rounding is of no size, and the density of none
        off = np.expm1(np.minimum(part.rounding + gamma(POINTS + 20), 1.0))
        noise.append(float(part.weights @ (np.abs(density) * off)))
    return levels[0], abs(levels[0] - levels[1]) + ends[0] + noise[0] + noise[1]
