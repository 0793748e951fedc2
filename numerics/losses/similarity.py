"""What a loss compares: a similarity is an inner product of *prepared* vectors, by cosine or by dot product.

Preparing is ``a = u / |u|`` for COSINE and ``a = u`` for DOT; then ``score_j = <a, b_j>``. Each function here
is one direction of differentiating the preparation: forward, tangent, reverse, tangent of the reverse.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import copy, dot
from numerics.compilation.compiled import inner

Floats = NDArray[np.float64]

COSINE = 0
DOT = 1


@inner
def prepare(similarity: int, vector: Floats, prepared: Floats) -> float:
    """Fill ``prepared``; return the length that it was divided by (1 for DOT)."""
    if similarity == COSINE:
        return normalized(vector, dot(vector, vector), prepared)
    copy(vector, prepared)
    return vector.dtype.type(1.0)


@inner
def normalized(vector: Floats, squared: float, unit: Floats) -> float:
    """Fill ``unit``, the direction of a vector of this squared length; return the length."""
    length = np.sqrt(squared)
    for i in range(len(vector)):
        unit[i] = vector[i] / length
    return length


@inner
def prepare_tangent(
    similarity: int, vector: Floats, direction: Floats, prepared: Floats, length: float, tangent: Floats
) -> float:
    """Fill ``tangent``, the derivative of ``prepared`` along ``direction``; return that of the length."""
    growth = dot(vector, direction) / length if similarity == COSINE else 0.0
    for i in range(len(vector)):
        tangent[i] = (direction[i] - prepared[i] * growth) / length
    return growth


@inner
def pull_back(similarity: int, prepared: Floats, length: float, cotangent: Floats, gradient: Floats) -> float:
    """Reverse of `prepare`: from d/d(prepared) to d/d(vector); return <prepared, cotangent> (0 for DOT)."""
    radial = dot(prepared, cotangent) if similarity == COSINE else prepared.dtype.type(0.0)
    for i in range(len(cotangent)):
        gradient[i] = (cotangent[i] - radial * prepared[i]) / length
    return radial


@inner
def pull_back_tangent(
    similarity: int, prepared: Floats, tangent: Floats, length: float, growth: float,
    cotangent: Floats, cotangent_tangent: Floats, gradient: Floats,
) -> None:  # fmt: skip
    """Tangent of `pull_back`, each input moving by its tangent; ``gradient`` holds it on return."""
    radial = pull_back(similarity, prepared, length, cotangent, gradient)
    turn = 0.0
    if similarity == COSINE:
        turn = dot(tangent, cotangent) + dot(prepared, cotangent_tangent)
    for i in range(len(gradient)):
        bent = cotangent_tangent[i] - turn * prepared[i] - radial * tangent[i]
        gradient[i] = (bent - gradient[i] * growth) / length
