"""Norms beyond the range of float32, brought to where their squares and products neither overflow nor underflow.

A power of two changes no digit. Only float64 has numbers out there; what is within float32's range is left as it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from numerics.norm_signal.records import Floats
from numerics.norm_signal.words import Findings
from numerics.validation import InvalidInput

_WITHIN = 150  # float32's numbers are from 2^-149 to 2^128; fourth powers of those, and of their spacings, are well within float64


def exponent(norms: Floats) -> int:
    """Of the largest of positive ``norms`` (n,), if it or the smallest is out of float32's range, else 0: the power to divide by.

    ``InvalidInput`` where the smallest would not be a normal number then: no arithmetic in float64 has both.
    """
    largest, smallest = float(np.max(norms)), float(np.min(norms))
    high, low = int(np.frexp(largest)[1]), int(np.frexp(smallest)[1])
    if max(abs(high), abs(low)) <= _WITHIN:
        return 0
    if low - high <= -1021:
        raise InvalidInput(f"norms range from {smallest:g} to {largest:g}, must be within a factor of 2^1020 of each other")
    return high


def scaled(values: Floats, power: int) -> Floats:
    """``values`` times 2^``power``; those that are too small for that are 0."""
    return np.asarray(np.ldexp(values, power)) if power else values


def back(value: float, power: int) -> float:
    """A single number times 2^``power``."""
    return float(np.ldexp(value, power))


def restored(found: Findings, power: int) -> Findings:
    """What was found of norms that had been divided by 2^``power``, in their own unit."""
    if not power:
        return found
    return replace(
        found, median=back(found.median, power), largest=back(found.largest, power),
        levels=tuple(replace(one, norm=back(one.norm, power)) for one in found.levels),
        outliers=replace(found.outliers, named=tuple(replace(one, norm=back(one.norm, power)) for one in found.outliers.named)),
        untrained=tuple(
            replace(one, lowest=back(one.lowest, power), highest=back(one.highest, power), scale=back(one.scale, power))
            for one in found.untrained
        ),
        short=None if found.short is None else replace(
            found.short, lowest=back(found.short.lowest, power), highest=back(found.short.highest, power),
            scale=back(found.short.scale, power),
        ),
        equal=tuple(replace(one, norm=back(one.norm, power)) for one in found.equal),
    )  # fmt: skip
