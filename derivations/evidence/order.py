"""Orders of convergence from a ladder of halved steps, with the uncertainty that the ladder itself gives."""

from __future__ import annotations

import numpy as np

from derivations.evidence import Floats

DISCRIMINATES = 0.45  # below 1/2: an order known worse cannot be told from its neighbours, and the ladder is void


def fitted(errors: Floats, ratio: float = 2.0, noise: Floats | float = 0.0) -> tuple[Floats, Floats]:
    """Order and its uncertainty from errors (..., m) at steps h, h/ratio, h/ratio^2, ...; m at least 4.

    With ``e(h) = C h^p (1 + D h + E h^2 + ...)`` the local slopes approach p linearly in h. One extrapolation
    removes the D term; what is left is at most of the size of the increments of the last two local slopes
    (the last one for D, the one before, four times larger, for E). ``noise`` bounds the rounding of every
    error: it moves the last slope by at most twice ``noise/e`` over ``ln ratio``, and the extrapolation by as
    much again. Non-positive errors give NaN.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.log(errors[..., :-1] / errors[..., 1:]) / np.log(ratio)
        increments = np.diff(slopes, axis=-1) / (ratio - 1)
        last, previous = increments[..., -1], increments[..., -2]
        rounding = 4 * (2 / (ratio - 1)) * noise / errors[..., -1] / np.log(ratio)
    return slopes[..., -1] + last, np.abs(last) + np.abs(previous) + rounding


def extrapolated(values: Floats, ratio: float = 2.0) -> tuple[Floats, Floats]:
    """Limit of values (..., m) at steps h, h/ratio, ..., m at least 3, and the uncertainty the ladder gives.

    ``value(h) = limit + D h + E h^2 + ...``: one extrapolation removes D. What is left is at most what the last
    halving still moved the extrapolation by, and, should that cancel by chance, the last halving itself. Both may
    cancel (D and E of unlike signs); what the halving before moved, ``ratio^2`` times as much, is then still there.
    """
    steps = np.diff(values, axis=-1)
    limits = values[..., 1:] + steps / (ratio - 1)
    moved = np.abs(np.diff(limits, axis=-1))
    before = moved[..., -2] / ratio**2 if moved.shape[-1] > 1 else 0.0
    return limits[..., -1], np.maximum(moved[..., -1], before) + np.abs(steps[..., -1])
