"""Schedules: the factor of the step size at each of K steps, as an array (K,) to be given to `Optimizer`.

All are 1 at most. Sources: cosine, Loshchilov and Hutter 2017 (without restarts); warm-up, Goyal et al. 2017;
warm-up, stable, decay, Hu et al. 2024; 1/k, Robbins and Monro 1951.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics import validation

Floats = NDArray[np.float64]


def _counted(steps: Any) -> NDArray[np.int64]:
    return np.arange(validation.integer("steps", steps, 1))


def constant(steps: int) -> Floats:
    """1."""
    return np.ones(len(_counted(steps)))


def linear(steps: int) -> Floats:
    """1 - k / K."""
    return 1.0 - _counted(steps) / steps


def cosine(steps: int) -> Floats:
    """(1 + cos(pi k / K)) / 2."""
    return 0.5 * (1.0 + np.cos(np.pi * _counted(steps) / steps))


def warm_up(steps: int, rising: int) -> Floats:
    """(k + 1) / W at the first W = ``rising`` steps, at most all of them, then 1."""
    rising = validation.integer("rising", rising, 1, len(_counted(steps)))
    return np.asarray(np.minimum((_counted(steps) + 1) / rising, 1.0), np.float64)


def warm_up_stable_decay(steps: int, rising: int, falling: int) -> Floats:
    """As `warm_up`; the last D = ``falling`` of the remaining steps are 1 - j / D, j = 0 .. D - 1."""
    factors = warm_up(steps, rising)
    falling = validation.integer("falling", falling, 1, max(steps - rising, 1))
    factors[-falling:] = 1.0 - np.arange(falling) / falling
    return factors


def inverse_square_root(steps: int) -> Floats:
    """1 / sqrt(k + 1)."""
    return np.asarray(np.sqrt(harmonic(steps)))


def harmonic(steps: int) -> Floats:
    """1 / (k + 1)."""
    return np.asarray(1.0 / (_counted(steps) + 1.0), np.float64)
