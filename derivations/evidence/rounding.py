"""Rounding bounds for binary64, composed as in Higham, *Accuracy and Stability of Numerical Algorithms*, ch. 3.

`gamma(k)` bounds the relative error of k roundings. A sum of d products in any fixed order costs d of them, a
norm d/2 + 1, a division or a product 1. Every bound below counts the roundings of the code it is about and
rounds the count up; none was fitted to what was measured.
"""

from __future__ import annotations

import numpy as np

from derivations.evidence import Floats

UNIT = 2.0**-53


def gamma(k: Floats | float) -> Floats | float:
    """``k u / (1 - k u)``."""
    return k * UNIT / (1 - k * UNIT)


def slope_sum(loss: str, temperatures: Floats) -> Floats:
    """Bound of ``sum_j |dL/dc_j|``: 2/tau for InfoNCE (``2 (1 - p_+)/tau``), 2 for cosine regression."""
    return np.full_like(temperatures, 2.0) if loss == "cosine_regression" else 2 / temperatures


def radial(loss: str, temperatures: Floats, dimension: int) -> Floats:
    """Bound of ``|<u, g>|`` for a gradient that is tangential in exact arithmetic.

    The projection of the pulled-back slopes rounds d + 4 times, the squared length of the unit vector d + 4,
    the coordinates 6, the inner product that measures it d: together at most 3 d + 30 of them, each relative
    to the length of the pulled-back slopes.
    """
    return gamma(3 * dimension + 30) * slope_sum(loss, temperatures)


def gradient(loss: str, temperatures: Floats, norms: Floats, dimension: int, candidates: int) -> Floats:
    """Bound of ``|g computed - g|``.

    A cosine is off by gamma(2 d + 8). That moves a logit by as much over tau and a probability, relatively, by
    twice that: 4 gamma/tau on the slopes, sum and exponentials add n + 20. Pulling back costs 3 d + n + 20.
    """
    sensitivity = 4 / temperatures if loss != "cosine_regression" else np.zeros_like(temperatures)
    relative = gamma(2 * dimension + 8) * sensitivity + gamma(3 * dimension + 2 * candidates + 40)
    return 2 * relative * slope_sum(loss, temperatures) / norms


def hessian(loss: str, temperatures: Floats, norms: Floats, dimension: int, candidates: int) -> Floats:
    """Bound of ``|H w computed - H w| / |w|``.

    The tangent of the gradient repeats each of its lines once: the same relative errors, doubled, on terms of
    total size at most ``(2/tau + 4) S / r^2``.
    """
    inverse = 1 / temperatures if loss != "cosine_regression" else np.zeros_like(temperatures)
    relative = gamma(2 * dimension + 8) * 4 * inverse + gamma(4 * dimension + 3 * candidates + 60)
    return 4 * relative * slope_sum(loss, temperatures) * (2 * inverse + 4) / norms**2


def step(slopes: Floats, before: Floats, after: Floats, growth: Floats, step_size: Floats, dimension: int) -> Floats:
    """Bound of the error of a squared norm after one step, against the recursion fed with measured energies.

    Squared norms round d times each, the energy (projection, length, product) 6 d + 20, the update 6, the
    leftover radial part enters as ``2 eta <u, g>``. ``slopes`` bounds the length of the pulled-back slopes.
    """
    return gamma(8 * dimension + 60) * (before + after + growth + 2 * step_size * slopes)
