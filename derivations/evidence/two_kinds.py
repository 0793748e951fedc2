"""A word between two directions, its own contexts' and the others': gradients of InfoNCE for candidates of both kinds."""

from __future__ import annotations

import numpy as np

from derivations.evidence import Floats, rounding
from numerics.simulation.steps import evaluate

DIMENSION = 3


def placed(own: Floats, other: Floats, angles: Floats) -> Floats:
    """Unit vectors (rows, 3, 3): the word, v_o and v_c, with the word's cosines ``own`` and ``other``; ``angles`` are around it."""
    out = np.zeros((len(own), 3, DIMENSION))
    out[:, 0, 0] = 1
    for place, cosine, angle in ((1, own, 0 * angles), (2, other, angles)):
        sine = np.sqrt(1 - cosine**2)
        out[:, place] = np.stack((cosine, sine * np.cos(angle), sine * np.sin(angle)), axis=1)
    return out


def gradients(vectors: Floats, own: np.ndarray[tuple[int], np.dtype[np.int64]], size: int, own_positive: bool, temperature: Floats,
              loss: str = "infonce") -> Floats:  # fmt: skip
    """The word's gradients (rows, 3) among ``size`` candidates, of which ``own`` (rows,) are own ones; vectors (rows, 3, 3).

    Where there is no candidate of the positive's kind the row is 0.
    """
    place = np.arange(size)
    is_own = place < own[:, None] if own_positive else place >= size - own[:, None]  # the positive is candidate 0
    pool = np.where(is_own[:, :, None], vectors[:, 1:2], vectors[:, 2:3])
    found = evaluate(loss, vectors[:, 0].copy(), pool, temperature).gradients
    return np.asarray(np.where((is_own[:, 0] == own_positive)[:, None], found, 0.0))


def slip(temperature: Floats, size: int) -> Floats:
    """Rounding of ``|g|^2`` at norm 1, at most 4/tau^2: a gradient is off by what `rounding.gradient` says, its square by twice that."""
    ones = np.ones_like(temperature)
    error = rounding.gradient("infonce", temperature, ones, DIMENSION, size)
    return np.asarray((4 / temperature + error) * error + rounding.gamma(8 * DIMENSION + 60) * 4 / temperature**2 * (1 + 1 / temperature))
