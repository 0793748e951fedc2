"""Closed forms of repeated steps of a row, as numbers: powers, sums, walks. `numerics.kernels.table_coast` applies them."""

from __future__ import annotations

import numpy as np

from numerics.compilation.compiled import inner

_NEGLIGIBLE = 2.0**-60  # of a sum of falling terms, below the rounding of its first
_FEW = 16
_SMALL, _MOST_TERMS = 0.25, 30  # 4^-30 = 2^-60


@inner
def geometric(ratio: float, count: int) -> float:
    """1 + ratio + ... + ratio^(count - 1); near ratio 1 without the cancellation of 1 - ratio^count."""
    if ratio == 1.0:
        return float(count)
    if ratio > 0.5:  # then ratio - 1 is exact
        return np.expm1(count * np.log1p(ratio - 1.0)) / (ratio - 1.0)
    return (1.0 - ratio**count) / (1.0 - ratio)


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
    """The sum over i = 1 .. missed of keep^(missed - i) (beta_1 / sqrt(beta_2))^i c_(done + i), where c_k corrects Adam's bias:
    c_k = sqrt(1 - beta_2^k) / (1 - beta_1^k).

    Few terms are added up, and many while they are not negligible; if the bias of the first moment is negligible, so that
    sums to infinity are known, their difference is taken instead.
    """
    if first == 0.0 or second == 0.0:  # v, and with it the step, is 0 from the first step on
        return 0.0
    ratio = first / np.sqrt(second) / keep
    mean_bias, square_bias = _bias(first, done), _bias(second, done)
    if missed > _FEW and mean_bias < _NEGLIGIBLE and square_bias < _SMALL and ratio < 1.0:
        rest = ratio**missed
        later = rest * _to_infinity(ratio, second, square_bias * second**missed) if rest > _NEGLIGIBLE else 0.0
        return keep**missed * (_to_infinity(ratio, second, square_bias) - later)
    if ratio > 1.0:
        return _from_the_end(first, second, keep, done, missed)
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
def _from_the_end(first: float, second: float, keep: float, done: int, missed: int) -> float:
    """`coasting` where decay is the faster: the last terms are the largest, and the powers of the first would overflow."""
    fall = first / np.sqrt(second)
    ratio, weight, total = keep / fall, 1.0, 0.0
    for step in range(done + missed, done, -1):
        total += weight * np.sqrt(1.0 - _bias(second, step)) / (1.0 - _bias(first, step))
        weight *= ratio
        if weight < _NEGLIGIBLE * (1.0 - ratio):
            break
    return fall**missed * total


@inner
def _bias(beta: float, done: int) -> float:
    """beta^done, and 0 where that is below exp(-45) < 2^-60."""
    return 0.0 if done * (1.0 - beta) > 45.0 else beta**done


@inner
def _to_infinity(ratio: float, second: float, square_bias: float) -> float:
    """The sum over i = 1, 2, ... of ratio^i sqrt(1 - x second^i) for x = ``square_bias``, below 1.

    By the binomial series in x, a geometric sum for each of its terms; at most 30 of them while x < 1/4.
    """
    total, term, power = 0.0, 1.0, 1.0
    for k in range(_MOST_TERMS):
        falling = ratio * power
        total += term * falling / (1.0 - falling)
        term *= square_bias * (k - 0.5) / (k + 1.0)
        power *= second
        if abs(term) < _NEGLIGIBLE:
            break
    return total


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
