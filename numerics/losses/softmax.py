"""Cross entropy of the softmax of the scores over a temperature, candidate 0 being the right one.

L = log sum_j exp(s_j / t) - s_0 / t. Every exponent is taken after subtracting the largest, and 1 - p_0 is
summed from the other probabilities, so neither overflows nor cancels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.exponential import exponential_lanes, exponentials
from numerics.arithmetic.lanes import above, choose, like, load, store, wide, zeros
from numerics.arithmetic.sums import largest, total
from numerics.compilation.compiled import inner

Floats = NDArray[np.float64]


@inner
def value(scores: Floats, temperature: float) -> float:
    """L, the largest score's own term apart from the others, so that a small loss keeps its accuracy."""
    best = 0
    for j in range(1, len(scores)):
        if scores[j] > scores[best]:
            best = j
    others = 0.0
    for j in range(len(scores)):
        if j != best:
            others += np.exp((scores[j] - scores[best]) / temperature)
    return np.log1p(others) + (scores[best] - scores[0]) / temperature


@inner
def slopes(scores: Floats, temperature: float, out: Floats) -> None:
    """Fill dL/ds_j = (p_j - [j = 0]) / t."""
    kind = scores.dtype.type
    exponentials(scores, largest(scores), kind(1.0 / temperature), out)
    factor = kind(1.0 / (total(out) * temperature))
    for j in range(len(scores)):
        out[j] *= factor
    out[0] = -total(out[1:])


@inner
def lane_slopes(scores: Floats, temperatures: Floats, out: Floats) -> None:
    """`slopes` of eight rows: scores and out (m, WIDTH), temperatures (WIDTH,)."""
    factor, top = 1.0 / load(temperatures, 0), load(scores, 0)
    for j in range(1, len(scores)):
        score = load(scores, j)
        top = choose(above(score, top), score, top)
    sum_of_all = zeros(scores)
    for j in range(len(scores)):
        term = like(exponential_lanes(wide((load(scores, j) - top) * factor)), out)
        store(out, j, term)
        sum_of_all += term
    scale, wrong = factor / sum_of_all, zeros(scores)
    for j in range(1, len(scores)):
        slope = load(out, j) * scale
        store(out, j, slope)
        wrong += slope
    store(out, 0, wrong * -1.0)


@inner
def slope_tangents(scores: Floats, tangents: Floats, temperature: float, slopes: Floats, out: Floats) -> None:
    """Fill dp_j / t = p_j (ds_j - sum_k p_k ds_k) / t^2; differences from ds_0, so nothing large cancels."""
    mean = 0.0
    for j in range(1, len(scores)):
        mean += slopes[j] * temperature * (tangents[j] - tangents[0])
    moved = 0.0
    for j in range(1, len(scores)):
        out[j] = slopes[j] * ((tangents[j] - tangents[0]) - mean) / temperature
        moved += out[j]
    out[0] = -moved
