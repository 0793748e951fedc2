"""Ratios of modified Bessel functions, ``g_j = I_{j+1}(x)/(x I_j(x))``, by backward recurrence.

``I_{j-1} = I_{j+1} + (2 j/x) I_j`` is ``g_{j-1} = 1/(2 j + x^2 g_j)``: no cancellation, nothing to divide by at x = 0, and an error
of g_j is multiplied by ``(x^2 g_j)/(2 j + x^2 g_j) < 1`` on the way down (Gautschi, "Computational aspects of three-term
recurrence relations", SIAM Review 1967).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import inner, kernel

Floats = NDArray[np.float64]
_LOST = 40.0  # e^-40 of the error of the first guess is left, below a rounding
_TOGETHER = 16  # ratios, each above 1e-5, that are multiplied before a logarithm is taken


@inner
def start(order: float, x: float) -> int:
    """How many orders above ``order`` to begin: the factors of the error, ``(I_{j+1}/I_j)^2``, are multiplied up.

    ``I_{j+1}/I_j <= exp(-asinh((j + 1/2)/x))`` (Amos, "Computation of modified Bessel functions and their ratios", 1974),
    and ``asinh(s) >= s/sqrt(1 + s^2)``.
    """
    fallen, steps = 0.0, 0
    while fallen < _LOST and x > 0.0:
        s = order + steps + 0.5
        fallen += 2.0 * s / np.sqrt(x * x + s * s)
        steps += 1
    return steps


@inner
def ratio(order: float, x: float) -> float:
    """``g`` at ``order`` (from 0), for x from 0."""
    steps = start(order, x)
    j = order + steps
    # Amos' lower bound as the first guess: exact at x = 0
    g = 1.0 / (j + 0.5 + np.sqrt((j + 1.5) * (j + 1.5) + x * x))
    for k in range(steps):
        g = 1.0 / (2.0 * (j - k) + x * x * g)
    return g


@kernel
def ratios(stamp: int) -> Any:
    """Fill out (R, 2): g at ``order``, and the sum of ``ln g_j`` over ``order - 1, order - 2, ...`` down to below 1."""

    def rows(begin, end, order, at, out):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        for row in range(begin, end):
            x = at[row]
            g = ratio(order, x)
            out[row, 0], total, product, together = g, 0.0, 1.0, 0
            j = order
            while j >= 1.0:
                g = 1.0 / (2.0 * j + x * x * g)
                product *= g
                together += 1
                j -= 1.0
                if together == _TOGETHER:
                    total, product, together = total + np.log(product), 1.0, 0
            out[row, 1] = total + np.log(product)

    return rows
