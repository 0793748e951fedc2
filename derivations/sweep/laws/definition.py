"""What a law of the sweep is: the axes it reads, where it does not apply, and how it compares claim and simulation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.evidence import Floats
from derivations.sweep.cells import Cell, Setting
from theory.claims import Formulas

Ledger = Mapping[str, Formulas]  # by label: the formulas of the claims that a law names
LOOSE = 1.0  # width above which nothing was told apart: bounds are as large as what they are bounds for


@dataclass(frozen=True)
class Comparison:
    """What was seen at the setting, step and replicate that come closest to their bound, or exceed it most.

    ``deviation`` is how far ``observed`` is from what is claimed, one-sided where the claim is. ``power`` is the power of the norm
    that ``observed`` and ``predicted`` are, 0 where they are something else. ``size`` is that of the value that is compared (of an
    interval the lower end, if that is less), and ``interval`` half the length of what the law itself leaves open, 0 for an equation.
    ``reason`` says why nothing could be decided, ``at`` which of the settings that a claim's evidence drew it was.
    """

    observed: float = float("nan")
    predicted: float = float("nan")
    deviation: float = float("nan")
    bound: float = float("nan")
    power: int = 0
    reason: str = ""
    at: str = ""
    size: float = float("nan")
    interval: float = 0.0

    @property
    def width(self) -> float:
        """Half the length of all that would pass, over the size of the value; NaN where that has no size."""
        return float(widths(self.bound, self.size, self.interval))

    @property
    def verdict(self) -> str:
        """``holds``, ``loose`` (it would too if the value were another by more than its size), ``fails`` (so does a NaN), ``vacuous``."""
        if self.reason:
            return "vacuous"
        if not self.deviation <= self.bound:
            return "fails"
        return "loose" if self.width > LOOSE else "holds"


@dataclass(frozen=True)
class Law:
    """``reads(setting)`` names the axes that matter there; ``excuse(setting)`` says why the law does not speak of it, or nothing."""

    name: str
    words: str
    claims: tuple[str, ...]
    reads: Callable[[Setting], tuple[str, ...]]
    excuse: Callable[[Setting], str]
    compare: Callable[[Ledger, Cell], Comparison]


def outside(reason: str) -> Comparison:
    """Nothing to compare."""
    return Comparison(reason=reason)


def widths(bound: Any, size: Any, interval: Any = 0.0) -> Floats:
    """What a bound and the law's own interval let pass on either side, over sizes; NaN where there is no size."""
    passes = np.asarray(bound, dtype=float) + interval
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(passes == 0, 0.0 * np.asarray(size), passes / np.abs(size))


def worst(observed: Any, predicted: Any, bound: Any, seen: Any = True, *, unseen: str, deviation: Any = None, power: int = 0,
          size: Any = None, interval: Any = 0.0) -> Comparison:  # fmt: skip
    """From arrays that broadcast together. Entries that are not ``seen`` are too small to tell the law from its neighbours.

    They may not exceed their bounds either, but if there are no others, the comparison says nothing: ``unseen`` says why.
    ``size`` and ``interval`` are those of `Comparison`; the size is by default that of what was observed.
    """
    gap = np.abs(np.asarray(observed) - predicted) if deviation is None else deviation
    sizes = np.abs(observed) if size is None else size
    columns = (np.asarray(x, dtype=float) for x in (observed, predicted, gap, bound, sizes, interval))
    *figures, s = (x.ravel() for x in np.broadcast_arrays(*columns, np.asarray(seen)))
    at = decisive(figures[2], figures[3], widths(figures[3], figures[4], figures[5]), s.astype(bool))
    if at is None:
        return outside(unseen)
    o, p, g, b, z, i = (float(x[at]) for x in figures)
    return Comparison(o, p, g, b, power, size=z, interval=i)


def decisive(gap: Floats, bound: Floats, width: Floats, seen: Any) -> int | None:
    """Which of some comparisons decides: the one that comes nearest to its bound, or exceeds it most, of those that are seen and not loose.

    One that is loose decides where there is no other; None, where none is seen and none exceeds its bound.
    """
    exceeded = ~(gap <= bound)
    for counts in (exceeded | (seen & ~(width > LOOSE)), seen):
        if counts.any():
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = np.where(gap == 0, 0.0, gap / bound)
            return int(np.argmax(np.where(counts, np.where(np.isnan(ratio), np.inf, ratio), -1.0)))
    return None


def rounded_storage(bits: int, least_exponent: int, stochastic: bool) -> tuple[float, float]:
    """The error of storing a number: relative, and absolute where numbers are subnormal.

    A number ``m 2^e``, 1/2 <= |m| < 1, stands among neighbours ``2^(e - bits)`` apart; to nearest it is off by half of that,
    stochastically by all of it.
    """
    if not bits:
        return 0.0, 0.0
    share = 1.0 if stochastic else 0.5
    return share * 2.0 ** (1 - bits), share * 2.0 ** (least_exponent - bits)


def stored(shrunk: Floats, leg: Floats, dimension: int, errors: tuple[float, float], times: int = 2) -> Floats:
    """Bound of the length that storage moves ``shrunk - leg`` by: what was shrunk is stored, then the difference, (then the retraction).

    ``shrunk`` and ``leg`` are lengths. Every further storage is of a vector that is no longer than the sum of both, moved.
    """
    relative, absolute = errors
    size, moved = shrunk + leg, np.zeros_like(shrunk + leg)
    for _ in range(times):
        moved = moved + relative * (size + moved) + absolute * np.sqrt(dimension)
    return np.asarray(moved)
