"""Sums over the entries of vectors: what the kernels spend their time on.

These functions, and no others, may be summed in any order and with fused multiplications, so that a machine's vector
instructions can be used. The order depends on the length of the vectors and on the machine, not on threads. The usual bound
does not depend on the order: with unit roundoff e, a sum of d products is exact to d e sum |a_i b_i|, to first order.
Results have the type of the first argument's entries, float64 or float32; so has the arithmetic.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import inner, summed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@inner
def copy(source: Floats, target: Floats) -> None:
    """target = source; numba's own copy of an array is several times slower, and counts references."""
    for i in range(len(target)):
        target[i] = source[i]


@inner
def fill(value: float, target: Floats) -> None:
    """Every entry becomes ``value``."""
    for i in range(len(target)):
        target[i] = value


@summed
def dot(left: Floats, right: Floats) -> float:
    """The inner product."""
    total = left.dtype.type(0.0)
    for i in range(len(left)):
        total += left[i] * right[i]
    return total


@summed
def two_dots(left: Floats, other: Floats, right: Floats) -> tuple[float, float]:
    """<left, right> and <other, right>."""
    at_left, at_other = left.dtype.type(0.0), left.dtype.type(0.0)
    for i in range(len(right)):
        at_left += left[i] * right[i]
        at_other += other[i] * right[i]
    return at_left, at_other


@summed
def square(values: Floats) -> float:
    """|values|^2, summed in float64 whatever the entries are: products of float32 are exact there."""
    total = np.float64(0.0)
    for i in range(len(values)):
        total += np.float64(values[i]) * np.float64(values[i])
    return total


@inner
def add_exactly(value: float, high: float, low: float) -> tuple[float, float]:
    """high + low + value as a sum of two float64, |low| at most half a unit in the last place of ``high``.

    Off by 2 e^2 of the sum at most, e = 2^-53 (Joldes, Muller, Popescu, "Tight and rigorous error bounds for basic building
    blocks of double-word arithmetic", ACM TOMS 44, 2017, algorithm 4): n terms of one sign are added up to 2 n e^2. Compiled
    without leave to reassociate, which would take ``low`` away.
    """
    total = high + value
    part = total - high
    rest = ((high - (total - part)) + (value - part)) + low
    first = total + rest
    return first, rest - (first - total)


@summed
def total(values: Floats) -> float:
    """The sum of the entries."""
    found = values.dtype.type(0.0)
    for i in range(len(values)):
        found += values[i]
    return found


@summed
def largest(values: Floats) -> float:
    """The largest entry of a vector that has one and no NaN."""
    found = values[0]
    for i in range(1, len(values)):
        found = values[i] if values[i] > found else found
    return found


@summed
def four_dots(a: Floats, b: Floats, c: Floats, d: Floats, vector: Floats) -> tuple[float, float, float, float]:
    """The inner products of four rows with one vector."""
    zero = vector.dtype.type(0.0)
    at_a, at_b, at_c, at_d = zero, zero, zero, zero
    for i in range(len(vector)):
        at_a += a[i] * vector[i]
        at_b += b[i] * vector[i]
        at_c += c[i] * vector[i]
        at_d += d[i] * vector[i]
    return at_a, at_b, at_c, at_d


@inner
def dots(rows: Floats, chosen: Ints, vector: Floats, out: Floats) -> None:
    """Fill out_j = <rows[chosen_j], vector>; four rows at a time, so that the vector is read once for all of them."""
    whole = len(chosen) - len(chosen) % 4
    for j in range(0, whole, 4):
        out[j], out[j + 1], out[j + 2], out[j + 3] = four_dots(
            rows[chosen[j]], rows[chosen[j + 1]], rows[chosen[j + 2]], rows[chosen[j + 3]], vector
        )
    for j in range(whole, len(chosen)):
        out[j] = dot(rows[chosen[j]], vector)


@summed
def _add_four(
    rows: Floats, a: int, b: int, c: int, d: int, at_a: float, at_b: float, at_c: float, at_d: float, out: Floats
) -> None:
    for i in range(len(out)):
        out[i] += (at_a * rows[a, i] + at_b * rows[b, i]) + (at_c * rows[c, i] + at_d * rows[d, i])


@summed
def _add(rows: Floats, row: int, weight: float, out: Floats) -> None:
    for i in range(len(out)):
        out[i] += weight * rows[row, i]


@inner
def accumulate(weights: Floats, rows: Floats, chosen: Ints, out: Floats) -> None:
    """out += sum over j of weights_j rows[chosen_j]; four rows at a time, so that ``out`` is read once for all of them."""
    whole = len(chosen) - len(chosen) % 4
    for j in range(0, whole, 4):
        _add_four(
            rows, chosen[j], chosen[j + 1], chosen[j + 2], chosen[j + 3],
            weights[j], weights[j + 1], weights[j + 2], weights[j + 3], out,
        )  # fmt: skip
    for j in range(whole, len(chosen)):
        _add(rows, chosen[j], weights[j], out)


@inner
def combine(weights: Floats, rows: Floats, chosen: Ints, out: Floats) -> None:
    """out = sum over j of weights_j rows[chosen_j]."""
    fill(0.0, out)
    accumulate(weights, rows, chosen, out)
