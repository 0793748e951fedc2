"""Closed forms of repeated steps of a row, as numbers: powers, sums, walks. `numerics.kernels.table_coast` applies them."""

from __future__ import annotations

import numpy as np

from numerics.compiled import inner

_NEGLIGIBLE = 2.0**-60  # of a sum of falling terms, below the rounding of its first


@inner
def geometric(ratio: float, count: int) -> float:
    """1 + ratio + ... + ratio^(count - 1)."""
    return float(count) if ratio == 1.0 else (1.0 - ratio**count) / (1.0 - ratio)


@inner
def walk(length: float, stride: float, count: int) -> float:
    """Where ``count`` steps lead that each go by ``stride`` towards 0, or past it: from ``length``, at least 0.

    From within a stride of 0 they go back and forth; at 0 they end.
    """
    whole = np.floor(length / stride)
    if count <= whole:
        return length - count * stride
    rest = length - whole * stride
    if rest == 0.0 or (count - int(whole)) % 2 == 0:
        return rest
    return rest - stride


@inner
def linear_power(a: float, b: float, c: float, d: float, count: int) -> tuple[float, float, float, float]:
    """The matrix ((a, b), (c, d)) to the power ``count``, row by row; by squaring."""
    p, q, r, s = 1.0, 0.0, 0.0, 1.0
    while count > 0:
        if count % 2 == 1:
            p, q, r, s = p * a + q * c, p * b + q * d, r * a + s * c, r * b + s * d
        a, b, c, d = a * a + b * c, a * b + b * d, c * a + d * c, c * b + d * d
        count //= 2
    return p, q, r, s


@inner
def coasting(first: float, second: float, keep: float, done: int, missed: int) -> float:
    """The sum over i = 1 .. missed of keep^(missed - i) (beta_1 / sqrt(beta_2))^i c_i, where c_i corrects Adam's bias.

    Terms are left out when they have become negligible; with a bias that is negligible the sum is geometric.
    """
    if first == 0.0 or second == 0.0:  # v, and with it the step, is 0 from the first step on
        return 0.0
    ratio = first / np.sqrt(second) / keep
    mean_bias, square_bias = first**done, second**done
    if square_bias < _NEGLIGIBLE and mean_bias < _NEGLIGIBLE and ratio != 1.0:
        return keep**missed * ratio * (1.0 - ratio**missed) / (1.0 - ratio)
    weight, total = 1.0, 0.0
    for _ in range(missed):
        weight *= ratio
        if weight < _NEGLIGIBLE * (1.0 - ratio):
            break
        mean_bias *= first
        square_bias *= second
        total += weight * np.sqrt(1.0 - square_bias) / (1.0 - mean_bias)
    return keep**missed * total


@inner
def shrinking_length(
    length: float, start: float, b: float, stride: float, decay: float, count: int, square: bool
) -> tuple[float, float]:
    """Coupled decay by AdaGrad-norm (``square``: b is the sum of squares, besides ``start``) or WNGrad; the length and b.

    Step by step, until all that b has still to gain is negligible; from there on the length shrinks by a power.
    """
    for step in range(count):
        gain = decay * decay * length * length
        b += gain if square else gain / b
        size = np.sqrt(start + b) if square else b
        keep = 1.0 - stride * decay / size if size > 0.0 else 1.0
        length *= keep
        if abs(keep) < 1.0 and gain * keep * keep < _NEGLIGIBLE * (1.0 - keep * keep) * size * size:
            return length * keep ** (count - step - 1), b
    return length, b
