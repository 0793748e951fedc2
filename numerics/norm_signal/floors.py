"""How far from constant norms get by rounding alone.

A row brought to length c in exact arithmetic and then stored has entries x (1 + e) + a, |e| <= u, |a| <= s / 2 (s the smallest
subnormal number), so its norm is c within c u + sqrt(d) s / 2. Brought to length c in the arithmetic of the precision, its norm is
rounded as well: two roundings, and the sum of squares, kept in float32 at least, adds (d / 2 + 1) of its own u. Measuring it
afterwards in float64 adds (d / 2 + 2) 2^-53. All of this is a sure bound; so is the coefficient of variation, which is at most the
half-width of an interval over its centre (Popoviciu 1935).
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from numerics.norm_signal.records import Floats
from numerics.validation import InvalidInput, real


class Precision(NamedTuple):
    """A binary floating-point format."""

    digits: int  # significant bits, the leading one counted
    smallest: float  # spacing of its subnormal numbers
    largest: float

    @property
    def roundoff(self) -> float:
        """Half the greatest relative spacing of normal numbers."""
        return 2.0**-self.digits


PRECISIONS: Final[dict[str, Precision]] = {  # from the finest to the coarsest
    "float64": Precision(53, 2.0**-1074, float(np.finfo(np.float64).max)),
    "float32": Precision(24, 2.0**-149, float(np.finfo(np.float32).max)),
    "float16": Precision(11, 2.0**-24, 65504.0),
    "bfloat16": Precision(8, 2.0**-133, 255 * 2.0**120),
}

CODES = "int8"  # entries that are whole numbers, in steps of a scale that is not known


def precision_of(name: object) -> Precision:
    """The format called ``name``; ``InvalidInput`` for another. Whole numbers of int8 are numbers of float64."""
    if name == CODES:
        return PRECISIONS["float64"]
    if name not in PRECISIONS:
        raise InvalidInput(f"precision = {name!r} must be one of {', '.join(PRECISIONS)}, {CODES}")
    return PRECISIONS[str(name)]


def floor(name: str, dimension: int, norm: float) -> float:
    """The relative distance from ``norm`` that rounding to precision ``name`` can give rows of this length: never exceeded."""
    kept = precision_of(name)
    summed = max(min(kept.roundoff, 2.0**-24), 2.0**-53)
    return (
        2 * kept.roundoff + kept.roundoff**2 + (dimension / 2 + 1) * summed
        + math.sqrt(dimension) * kept.smallest / 2 / norm + (dimension / 2 + 2) * 2.0**-53
    )


def holds(name: str, dimension: int, smallest: float, largest: float) -> bool:
    """Whether rows of norms from ``smallest`` to ``largest`` can be of precision ``name``: one of another would be 0, or infinite."""
    kept = precision_of(name)
    return smallest * (1 + 2.0**-20) >= kept.smallest and largest / math.sqrt(dimension) <= kept.largest * (1 + 2.0**-20)


def candidates(stored: str, entries_in: str | None = None) -> tuple[str, ...]:
    """Precisions whose rounding the values of a file in precision ``stored`` may have gone through, the finest first.

    ``entries_in``: the coarsest one that holds the entries exactly, where that is known: no coarser one comes into question then.
    """
    if stored == CODES:
        return (CODES,)
    names = list(PRECISIONS)
    fits = ["float16"] if stored == "float16" else names[names.index(stored) :]
    if entries_in is None:
        return tuple(fits)
    finer = set(names[: names.index(entries_in)]) - ({"float16"} if entries_in == "bfloat16" else set())  # neither holds the other
    return tuple(name for name in fits if name in (stored, entries_in) or name in finer)


def coarsest_precision(entries: ArrayLike) -> str:
    """The coarsest precision that holds all ``entries`` (any shape, finite) exactly: what they were rounded to, if only converted since."""
    values = np.asarray(real("entries", entries), np.float64)
    if not np.all(np.isfinite(values)):
        raise InvalidInput("entries must be finite")
    for name in ("bfloat16", "float16", "float32"):
        if np.array_equal(rounded(values, name), values):
            return name
    return "float64"


def rounded(values: Floats, name: str) -> Floats:
    """``values`` to the nearest number of precision ``name``, ties to even; infinite beyond its range."""
    kept = precision_of(name)
    _, exponent = np.frexp(values)
    spacing = np.ldexp(1.0, np.maximum(exponent - kept.digits, int(math.log2(kept.smallest))))
    with np.errstate(over="ignore"):
        nearest = np.rint(values / spacing) * spacing
    return np.where(np.abs(nearest) > kept.largest, np.copysign(np.inf, values), nearest)


def rounding_variation(entries: ArrayLike, name: str) -> float:
    """The coefficient of variation that storing rows like ``entries`` (n, d), all of one length, in precision ``name`` gives their norms.

    Rounding errors uniform within half a spacing and independent: sqrt(mean over rows of sum x^2 spacing^2 / 12) over |x|^2.
    Typically some sqrt(d) below the `floor`, which no rows exceed.
    """
    values, kept = np.asarray(real("entries", entries), np.float64), precision_of(name)
    values = values[np.any(values != 0, axis=1)]
    _, exponent = np.frexp(values)
    spacing = np.ldexp(1.0, np.maximum(exponent - kept.digits, int(math.log2(kept.smallest))))
    size = np.frexp(np.max(np.abs(values), axis=1, keepdims=True, initial=0.0))[1]  # so that no power overflows or underflows
    values, spacing = np.ldexp(values, -size), np.ldexp(spacing, -size)
    shares = np.sum(values**2 * spacing**2, axis=1) / 12 / np.sum(values**2, axis=1) ** 2
    return float(np.sqrt(np.mean(shares))) if len(shares) else math.nan
