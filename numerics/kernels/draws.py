"""Counter-based draws: each is a pure function of (seed, row, step), so a row can be run again by itself.

The generator is SplitMix64 read at a position (`numerics.sampling`), keyed by seed, then row, then step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.circle import circle
from numerics.arithmetic.logarithm import logarithm
from numerics.arithmetic.sums import dot
from numerics.compilation.compiled import inner
from numerics.sampling import random_bits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TWO_TO_MINUS_53 = 2.0**-53


_VISIT = np.uint64(1) << np.uint64(61)  # the counter of a step's stream that decides whether it visits the row


@inner
def row_key(seed: np.uint64, row: int) -> np.uint64:
    """The key of all draws of one row."""
    return random_bits(random_bits(seed, np.uint64(0)), np.uint64(row))


@inner
def at_step(own: np.uint64, step: int) -> np.uint64:
    """The key of the draws of one step of the row with the key ``own``."""
    return random_bits(own, np.uint64(step))


@inner
def step_key(seed: np.uint64, row: int, step: int) -> np.uint64:
    """The key of the draws of one step of one row."""
    return at_step(row_key(seed, row), step)


@inner
def visits(key: np.uint64, probability: float) -> bool:
    """Whether the step with this key visits its row."""
    return bool(np.float64(random_bits(key, _VISIT) >> np.uint64(11)) * _TWO_TO_MINUS_53 < probability)


@inner
def subset(key: np.uint64, kept: int, pool: Ints, chosen: Ints) -> None:
    """Fill ``chosen``: the first ``kept`` candidates, then others without replacement (Fisher and Yates).

    ``pool`` (n,) is scratch. An index is the high half of 32 bits times the number left: its
    probability is off by at most n / 2^32, relatively.
    """
    for j in range(len(pool)):
        pool[j] = j
    for j in range(len(chosen)):
        if j >= kept:
            left = np.uint64(len(pool) - j)
            bits = random_bits(key, np.uint64(j)) >> np.uint64(32)
            other = j + np.int64((bits * left) >> np.uint64(32))
            pool[j], pool[other] = pool[other], pool[j]
        chosen[j] = pool[j]


@inner
def gaussian(key: np.uint64, first: np.uint64, out: Floats) -> None:
    """Fill ``out`` with standard normals (Box and Muller) from the counters ``first``, ``first`` + 1, ..."""
    for k in range(len(out) // 2):
        out[2 * k], out[2 * k + 1] = _two_normals(key, first + np.uint64(2 * k))
    if len(out) % 2 == 1:
        out[-1] = _two_normals(key, first + np.uint64(len(out) - 1))[0]


@inner
def _two_normals(key: np.uint64, counter: np.uint64) -> tuple[float, float]:
    """Two standard normals from two counters."""
    radius = np.sqrt(-2.0 * logarithm(uniform(key, counter)))
    x, y = circle(np.float64(random_bits(key, counter + np.uint64(1)) >> np.uint64(11)) * _TWO_TO_MINUS_53)
    return radius * x, radius * y


@inner
def uniform(key: np.uint64, counter: np.uint64) -> float:
    """A number of (0, 1], so that its logarithm is finite."""
    return np.float64((random_bits(key, counter) >> np.uint64(11)) + np.uint64(1)) * _TWO_TO_MINUS_53


@inner
def von_mises_fisher(key: np.uint64, first: np.uint64, about: Floats, concentration: float, fresh: Floats, out: Floats) -> None:
    """Fill ``out`` with a draw about the unit vector ``about``; scratch: ``fresh`` (d,).

    Wood's rejection of the cosine (1994, algorithm VM*). Its proposal needs a variable of Beta((d-1)/2, (d-1)/2), which is
    (1 + x_1)/2 of a uniform direction x (its density is that of x_1, (1 - x_1^2)^((d-3)/2)); so each try uses d + 2 counters from
    ``first`` on. The tangential part is uniform.
    """
    dimension = len(out)
    m = dimension - 1.0
    b = m / (2.0 * concentration + np.sqrt(4.0 * concentration * concentration + m * m))
    x0 = (1.0 - b) / (1.0 + b)
    c = concentration * x0 + m * np.log1p(-x0 * x0)
    counter, cosine = first, 0.0
    while True:
        gaussian(key, counter, fresh)
        z = 0.5 + 0.5 * fresh[0] / np.sqrt(dot(fresh, fresh))
        cosine = (1.0 - (1.0 + b) * z) / (1.0 - (1.0 - b) * z)
        chance = uniform(key, counter + np.uint64(dimension + 1))
        counter += np.uint64(dimension + 2)
        if concentration * cosine + m * np.log1p(-x0 * cosine) - c >= np.log(chance):
            break
    gaussian(key, counter, fresh)
    along = dot(fresh, about)
    for i in range(dimension):
        fresh[i] -= along * about[i]
    across = np.sqrt(max(1.0 - cosine * cosine, 0.0)) / np.sqrt(dot(fresh, fresh))
    for i in range(dimension):
        out[i] = cosine * about[i] + across * fresh[i]


@inner
def scale_to(out: Floats, length: float) -> None:
    """Scale ``out`` to this length."""
    factor = out.dtype.type(length) / np.sqrt(dot(out, out))
    for i in range(len(out)):
        out[i] *= factor


@inner
def tangent_direction(key: np.uint64, unit: Floats, out: Floats) -> None:
    """Fill ``out`` with a unit vector, uniform among those orthogonal to ``unit``.

    The projection is taken twice: what the first leaves behind by cancellation, the second removes, down to
    rounding (Giraud, Langou, Rozloznik, "On the loss of orthogonality in the Gram-Schmidt process", 2005).
    """
    counter = np.uint64(0)
    for _ in range(8):
        gaussian(key, counter, out)
        for _ in range(2):
            along = dot(unit, out)
            for i in range(len(out)):
                out[i] -= along * unit[i]
        # a draw that was parallel up to rounding would leave only noise: draw again
        if dot(out, out) > 1e-12:
            break
        counter += np.uint64(len(out) + 1)
    scale_to(out, 1.0)
