"""How a vector is prepared before it is compared: by its own length, by no length, or by a length kept away from 0.

Each preparation is ``x / s(|x|)``; its reverse takes derivatives in what was prepared back to the vector.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.validation import InvalidInput

Floats = NDArray[np.float64]


class Preparation(NamedTuple):
    """``divisor(norms, epsilon)`` and its derivative in the norm, both (rows,)."""

    name: str
    divisor: Callable[[Floats, float], Floats]
    slope: Callable[[Floats, float], Floats]


PREPARATIONS = {
    p.name: p
    for p in (
        Preparation("cosine", lambda r, _: r, lambda r, _: np.ones_like(r)),
        Preparation("inner_product", lambda r, _: np.ones_like(r), lambda r, _: np.zeros_like(r)),
        Preparation("epsilon_added", lambda r, e: r + e, lambda r, _: np.ones_like(r)),
        Preparation("epsilon_at_least", lambda r, e: np.maximum(r, e), lambda r, e: np.where(r > e, 1.0, 0.0)),
    )
}


def preparation(name: str) -> Preparation:
    """By name. Raises ``InvalidInput``."""
    if name not in PREPARATIONS:
        raise InvalidInput(f"similarity = {name!r} must be one of {', '.join(PREPARATIONS)}")
    return PREPARATIONS[name]


def prepare(kind: Preparation, x: Floats, epsilon: float) -> Floats:
    """Rows of ``x`` (n, d), prepared."""
    return np.asarray(x / kind.divisor(np.linalg.norm(x, axis=1), epsilon)[:, None])


def pull_back(kind: Preparation, x: Floats, cotangents: Floats, epsilon: float) -> Floats:
    """From derivatives in the prepared rows to derivatives in the rows: ``(w - s'(r) <w, x> x/(r s))/s``."""
    r = np.linalg.norm(x, axis=1)
    s = kind.divisor(r, epsilon)
    directions = x / r[:, None]
    radial = np.sum(cotangents * directions, axis=1) * kind.slope(r, epsilon) * (r / s)
    return np.asarray((cotangents - radial[:, None] * directions) / s[:, None])
