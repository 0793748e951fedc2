"""Cosines of von Mises-Fisher draws with their mean direction, by Gauss-Legendre in the angle, and the rounding of it.

The density of the angle is smooth up to both ends, so a mean over it converges faster than any power of the nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from derivations.evidence import Floats
from derivations.evidence.rounding import gamma

WIDTHS = 12  # on either side of the mode: the rest of the mass is below 1e-30


@dataclass(frozen=True)
class Nodes:
    """``cosines``, their ``probabilities`` and, relatively, by how much these are rounded at most: each (nodes,)."""

    cosines: Floats
    probabilities: Floats
    rounding: Floats


@lru_cache(maxsize=8)
def _legendre(nodes: int) -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(nodes)


def _mode(half: float, concentration: float) -> float:
    """Where ``sin^(2 half) exp(concentration cos)`` is largest."""
    return float(np.arccos(concentration / (half + np.hypot(half, concentration)))) if concentration or half else np.pi / 2


def cosines(dimension: int, concentration: float, nodes: int, tilt: float = 0.0) -> Nodes:
    """Angles with density prop. to ``sin^(d-2) exp(concentration cos)``, within reach of its mode whatever a mean weighs them with

    between ``exp(-tilt cos)`` and ``exp(tilt cos)``. ``dimension`` from 3, ``concentration`` and ``tilt`` from 0. An exponent is
    off by four roundings of its terms, a sum by as many as it has.
    """
    y, w = _legendre(nodes)
    half, least = max(dimension - 2, 0) / 2, max(concentration - tilt, 0.0)
    width = WIDTHS / np.sqrt(max(dimension - 2, 1) + least)
    low = max(0.0, _mode(half, concentration + tilt) - width)
    high = min(np.pi, _mode(half, concentration - tilt) + width)
    angles = low + (high - low) * (y + 1) / 2
    pull, room = concentration * np.cos(angles), (dimension - 2) * np.log(np.sin(angles))
    largest = np.max(pull + room)
    density = w * np.exp(pull + room - largest)
    exponents = np.abs(pull) + np.abs(room) + np.abs(largest)
    return Nodes(np.cos(angles), density / density.sum(), np.asarray(gamma(nodes + 8 + 4 * exponents)))
