"""Orders of convergence from a ladder of halved steps, with the uncertainty that the ladder itself gives."""

from __future__ import annotations

import numpy as np

from derivations.evidence import Floats

DISCRIMINATES = 0.45  # an order known worse than this cannot be told from its neighbours: the ladder is void


def fitted(errors: Floats, ratio: float = 2.0) -> tuple[Floats, Floats]:
    """Order and its uncertainty from errors (..., m) at steps h, h/ratio, h/ratio^2, ...; m at least 3.

    With ``e(h) = C h^p (1 + D h + O(h^2))`` the local slopes approach p linearly in h, so one extrapolation
    removes the D term and the last increment bounds what is left. Non-positive errors give NaN.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.log(errors[..., :-1] / errors[..., 1:]) / np.log(ratio)
    last, previous = slopes[..., -1], slopes[..., -2]
    increment = (last - previous) / (ratio - 1)
    return last + increment, 2 * np.abs(increment)
