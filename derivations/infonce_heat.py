"""The heat of InfoNCE by quadrature, with an error bound: what C3a predicts, and D1 will invert.

One positive is von Mises-Fisher about the row and n negatives are uniform on the sphere. Means over a cosine are
Gauss-Legendre sums over the angle, in which the density is smooth up to the ends; the outer integral over x is a
trapezoid in ln x, whose integrand falls off exponentially on one side and doubly so on the other. Both converge
faster than any power, so the change from half the nodes to all of them bounds what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from derivations.evidence.formulas import value
from theory.claims import Formulas
from theory.laws.imprint.saturation_cools_specific_rows import F1, F2, FORMULAS, MOMENT, NEGATIVES, PSI, T0, T1, F, X
from theory.notation import n as count
from theory.notation import tau

Floats = NDArray[np.float64]
ANGLES, POINTS = 192, 512  # nodes of the inner means and of the outer integral, at the finer level
TINY = 1e-300


@dataclass(frozen=True)
class Integrand:
    """The means over one cosine at every x, and the trapezoid's weights in x: all (POINTS,)."""

    x: Floats
    weights: Floats
    means: dict[sp.Symbol, Floats]


def _cosines(dimension: int, concentration: float, nodes: int) -> tuple[Floats, Floats]:
    """Cosines with the mean direction and their probabilities: density prop. to exp(concentration t) (1 - t^2)^((d-3)/2)."""
    y, w = _legendre(nodes)
    # nearly all of the mass is within 12 widths of the mode of sin^(d-2) exp(kappa cos): the rest is below 1e-30
    width = 12 / np.sqrt(max(dimension - 2, 1) + concentration)
    half = max(dimension - 2, 0) / 2
    mode = np.arccos(concentration / (half + np.sqrt(half**2 + concentration**2))) if concentration or half else np.pi / 2
    low, high = max(0.0, mode - width), min(np.pi, mode + width)
    angles = low + (high - low) * (y + 1) / 2
    logs = concentration * np.cos(angles) + (dimension - 2) * np.log(np.sin(angles))
    density = w * np.exp(logs - logs.max())
    return np.cos(angles), density / density.sum()


@lru_cache(maxsize=8)
def _legendre(nodes: int) -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(nodes)


@lru_cache(maxsize=256)
def integrand(dimension: int, concentration: float, temperature: float, negatives: int, level: int) -> Integrand:
    """With the finest nodes at ``level`` 1, half as many at 2. Exponentials are taken over the largest, ``exp(1/tau)``."""
    t, weight_t = _cosines(dimension, concentration, ANGLES // level)
    s, weight_s = _cosines(dimension, 0.0, ANGLES // level)
    a, z = np.exp((t - 1) / temperature), np.exp((s - 1) / temperature)
    # below the lower end x^2 is e^-37 of its size where b x = 1; above the upper one x (a + Z) is over 700
    scale = (weight_t @ a) + negatives * (weight_s @ z)
    y, step = np.linspace(-18.5 - np.log(scale), np.log(700 / a.min()), POINTS // level, retstep=True)
    x = np.exp(y)
    fall_t, fall_s = np.exp(-np.outer(x, a)), np.exp(-np.outer(x, z))
    means = {
        T0: fall_t @ weight_t, T1: fall_t @ (weight_t * (1 - t**2)), F: np.maximum(fall_s @ weight_s, TINY),
        F1: fall_s @ (weight_s * z), F2: fall_s @ (weight_s * z**2), PSI: fall_s @ (weight_s * (1 - s**2) * z**2),
    }  # fmt: skip
    return Integrand(x, x * step, means)


def infonce_heat(
    dimension: int, concentration: float, temperature: float, negatives: int, formulas: Formulas = FORMULAS
) -> tuple[float, float]:
    """``E|g~|^2`` for a row with ``negatives`` uniform negatives, and a bound of the quadrature's error.

    ``dimension`` from 3, ``concentration`` from 0, ``temperature`` above 0, ``negatives`` from 1.
    """
    levels = []
    for level in (1, 2):
        part = integrand(dimension, concentration, temperature, negatives, level)
        known = {**part.means, count: np.full_like(part.x, negatives), X: part.x, tau: np.full_like(part.x, temperature)}
        inside = {MOMENT: value(formulas["second_moment"], known), NEGATIVES: value(formulas["negatives"], known)}
        levels.append(float(part.weights @ value(formulas["heat_density"], {**known, **inside})))
    return levels[0], abs(levels[0] - levels[1]) + 1e-12 * abs(levels[0])
