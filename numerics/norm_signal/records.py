"""What the detector found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Of each of the detector's tests to speak up where there is nothing; thresholds follow from it and from the number of rows.
ERROR_RATE = 2.0**-10
QUANTISED = "quantised"  # beside the names of precisions: steps that the entries are multiples of


@dataclass(frozen=True)
class Level:
    """Norms so close together that rounding explains it, with nothing else for that distance around them."""

    norm: float  # their mean
    rows: int


@dataclass(frozen=True)
class Outlier:
    """One row far from the others."""

    row: int
    norm: float
    z: float  # distance of log norm from the median, in robust standard deviations


@dataclass(frozen=True)
class Outliers:
    """Rows whose log norm is more than ``threshold`` robust standard deviations from the median."""

    threshold: float
    low: int  # how many
    high: int
    named: tuple[Outlier, ...]  # the farthest ones, at most ten

    @property
    def count(self) -> int:
        """How many on both sides."""
        return self.low + self.high


@dataclass(frozen=True)
class Stretch:
    """Rows with norms from ``lowest`` to ``highest``."""

    rows: int  # how many
    lowest: float
    highest: float

    def numbers(self, norms: Floats) -> NDArray[np.int64]:
        """Which of ``norms`` (n,), those that were looked at, NaN among them, are of the group."""
        return np.flatnonzero((norms >= self.lowest) & (norms <= self.highest))


@dataclass(frozen=True)
class Untrained(Stretch):
    """Rows with norms as independent entries of one law give them."""

    entries: str  # their law: normal or uniform
    scale: float  # root mean square norm
    small: bool  # below the median of all other rows
    everything: bool  # no other rows


@dataclass(frozen=True)
class ShortGroup(Stretch):
    """Few short norms apart from all others. ``looks``: as "random" rows do; "too few" to tell; "other": not as random rows do."""

    looks: str
    entries: str  # the laws of random entries whose spread they may have, or nothing
    scale: float  # their geometric mean
    spread_low: float  # interval of the spread of their logarithms, over that of random normal entries
    spread_high: float


@dataclass(frozen=True)
class EqualNorms:
    """Rows of exactly one norm, more of them than would meet by chance."""

    norm: float
    rows: int
    first: int  # the number of one of the rows, the first


@dataclass(frozen=True)
class Quantised:
    """Entries that are whole multiples, ``steps`` of them at most, of a step: one for "all", for each "row", or for each "dimension".

    ``floor``: the coefficient of variation that such rounding gives norms that were equal, exceeded with `ERROR_RATE` at most where
    its errors are independent; 1 where steps are no small part of a norm. ``step``: greatest step over norm of the rows looked at.
    ``codes``: the entries are the multiples themselves. ``scaled``: and each row was scaled by its own greatest entry: no length is left.
    """

    scale: str
    steps: int
    floor: float
    step: float
    codes: bool
    scaled: bool


@dataclass(frozen=True)
class NormSignal:
    """Whether the norms of a table of embeddings mean anything, in words and numbers."""

    kind: Literal["signal", "none", "mixed", "undecided"]  # undecided: fewer rows than an interval needs
    verdict: str
    rows: int
    excluded: int  # rows without a norm
    mean: float
    median: float
    smallest: float
    largest: float
    variation: float  # standard deviation over mean
    variation_low: float
    variation_high: float
    robust_variation: float  # 1.4826 median absolute deviations of the logarithm: outliers do not move it
    floors: dict[str, float]  # the most that rounding to a precision can move a norm, and the most it can make of the variation
    expected_floor: float | None  # the variation that rounding the given entries would make; None without entries
    floor_of: str | None  # the precision, or QUANTISED, whose rounding explains the spread, but for outliers
    at_floor: float  # share of rows within that floor of the median, or of the densest place
    distinct: int  # different norms, as float64 numbers
    levels: tuple[Level, ...]  # at least two, else empty: by rows, at most ten
    level_count: int
    in_levels: float  # share of rows
    outliers: Outliers
    untrained: tuple[Untrained, ...]
    equal: tuple[EqualNorms, ...]  # by rows, at most ten
    quantised: Quantised | None = None  # what the given entries are multiples of
    short_group: ShortGroup | None = None  # short norms apart from all others, also such as are in ``untrained``
    decided_by_one: bool = False  # one row has more than half of all squared deviations from the mean; the interval is NaN then
