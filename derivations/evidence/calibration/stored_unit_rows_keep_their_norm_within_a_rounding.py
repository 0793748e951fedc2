"""D3 measured: rows divided by their norm and stored in three formats; and rows that are made to round all one way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal
from derivations.evidence.deviations import within as outside_of
from derivations.evidence.formulas import value
from numerics.arithmetic.formats import held
from numerics.simulation.optimizers import FORMATS
from theory.claims import Formulas
from theory.laws.calibration.stored_unit_rows_keep_their_norm_within_a_rounding import E

STORED = ("bfloat16", "float16", "float32")
DIMENSIONS = (1, 1024)
ROWS = 64
LEVELS = 26  # most powers of 4 of which a sum of squares is made: 4^-26 is 2^-52


@dataclass(frozen=True)
class Rows:
    """Random rows of lengths over decades, divided by their norm, in a format."""

    stored: str
    dimension: int
    seed: int

    def label(self) -> str:
        """Enough to repeat it."""
        return f"{self.stored} d={self.dimension} seed={self.seed}"

    @property
    def unit(self) -> float:
        """The largest relative rounding e."""
        return 2.0 ** -FORMATS[self.stored][0]

    def rows(self) -> Floats:
        """(ROWS, d) of norm 1, no entry so small that it underflows in any of the formats."""
        rng = np.random.default_rng([self.seed, 1])
        x = rng.uniform(0.25, 1, (ROWS, self.dimension)) * rng.choice([-1, 1], (ROWS, self.dimension))
        return np.asarray(x / np.linalg.norm(x, axis=1, keepdims=True))


def levels(stored: str) -> int:
    """Of entries of `one_way`: down to the smallest normal number, 2^(least exponent - 1)."""
    return min(LEVELS, 1 - FORMATS[stored][1])


def one_way(stored: str, way: int) -> Floats:
    """A row whose entries all round by ``way e/(1 + e)``: they lie a hair from the middle of two numbers, 1 and 1 + 2 e.

    Entries are ``c 2^-k``, and their squares ``c^2`` times the digits of 1/c^2 in base 4: their sum is short of 1 by ``4^-levels`` at most.
    """
    unit = 2.0 ** -FORMATS[stored][0]
    c = 1 + unit + way * unit * 2.0**-12
    left, entries = 1 / c**2, []
    for level in range(levels(stored) + 1):
        digit = int(left * 4.0**level)
        entries += [c * 2.0**-level] * digit
        left -= digit * 4.0**-level
    return np.array(entries)


def within(formulas: Formulas, x: Rows, length: float = 1.0, small: float = 1.0) -> Measurement:
    """How far squared norms are outside of the bounds; ``small``: a factor of one half of the entries before they are stored."""
    u = x.rows() * length
    scale = np.where(np.arange(x.dimension) % 2 == 0, 1.0, small)
    u = u * scale / np.linalg.norm(u * scale / length, axis=1, keepdims=True)
    # what a format of few bits does near its smallest number happens to numbers of any size, so the row is stored smaller and undone
    stored = held(u * small, x.stored) / small
    square = np.sum(stored**2, axis=1)
    upper, lower = (float(value(formulas[name], {E: x.unit})) for name in ("upper", "lower"))
    beyond = outside_of(square, lower, upper)
    # the norm is divided out with d/2 + 3 roundings of float64, and the square sums d products
    bound = rounding.gamma(2 * x.dimension + 20) * np.maximum(square, 1)
    return measurement("squared norm outside the bounds", beyond, bound, [f"{x.label()} row={i}" for i in range(ROWS)])


def nearly_met(formulas: Formulas, x: Rows) -> Measurement:
    """Both bounds and the spread, against rows that round all one way.

    Their roundings are at least ``e' = e/(1 + e) - e 2^-11``, so a bound that is met is off by what e - e' makes of it.
    """
    up, down = (held(one_way(x.stored, way), x.stored) for way in (1, -1))
    norms = [float(np.linalg.norm(row)) for row in (up, down)]
    claimed = [float(value(formulas[name], {E: x.unit})) for name in ("upper", "lower", "spread")]
    e, less = x.unit, x.unit / (1 + x.unit) - x.unit * 2.0**-11
    short = [(1 + e) ** 2 - (1 + less) ** 2, (1 - less) ** 2 - (1 - e) ** 2, 2 * e / (1 - e) - 2 * less / (1 - less)]
    found = [norms[0] ** 2, norms[1] ** 2, norms[0] / norms[1] - 1]
    noise = float(rounding.gamma(4 * len(up) + 40)) + 4 * 4.0 ** -levels(x.stored)
    labels = [f"{x.label()} {name}" for name in ("upper", "lower", "spread")]
    return measurement("bounds against rows that round one way", equal(np.array(found), np.array(claimed)), np.array(short) + noise, labels)


def draw(rng: np.random.Generator, effort: str) -> Sequence[Rows]:
    """Every format at both ends of the dimensions and between."""
    count = 3 if effort == "quick" else 30
    low, high = np.log(DIMENSIONS)
    return [Rows(stored, int(d), int(rng.integers(2**31))) for stored in STORED
            for d in (*DIMENSIONS, *np.exp(rng.uniform(low, high, count)))]  # fmt: skip


def check(formulas: Formulas, settings: Sequence[Rows]) -> tuple[Measurement, ...]:
    """Random rows within the bounds; rows that nearly meet them."""
    return tuple(m for x in settings for m in (within(formulas, x), nearly_met(formulas, x)))


def _witness(words: str, **changed: float) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        x = Rows("float16", 16, seed)
        return NumericWitness(words, within(formulas, x), within(formulas, x, **changed))

    return drop


EVIDENCE = Evidence(draw, check, {
    "unit-before": _witness("rows of norm 1.01", length=1.01),
    "relative-roundings": _witness("entries of 1e-7, below the smallest normal number of float16", small=1e-7),
})  # fmt: skip
