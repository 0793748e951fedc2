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


@dataclass(frozen=True)
class Comparison:
    """What was seen at the setting, step and replicate that come closest to their bound, or exceed it most.

    ``deviation`` is how far ``observed`` is from what is claimed, one-sided where the claim is. ``power`` is the power of the norm
    that ``observed`` and ``predicted`` are, 0 where they are something else. ``reason`` says why nothing could be decided, ``at`` which
    of the settings that a claim's evidence drew it was.
    """

    observed: float = float("nan")
    predicted: float = float("nan")
    deviation: float = float("nan")
    bound: float = float("nan")
    power: int = 0
    reason: str = ""
    at: str = ""

    @property
    def verdict(self) -> str:
        """``holds``, ``fails`` (so does a NaN) or ``vacuous``."""
        if self.reason:
            return "vacuous"
        return "holds" if self.deviation <= self.bound else "fails"


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


def worst(observed: Any, predicted: Any, bound: Any, seen: Any = True, *, unseen: str, deviation: Any = None, power: int = 0) -> Comparison:
    """From arrays that broadcast together. Entries that are not ``seen`` are too small to tell the law from its neighbours.

    They may not exceed their bounds either, but if there are no others, the comparison says nothing: ``unseen`` says why.
    """
    gap = np.abs(np.asarray(observed) - predicted) if deviation is None else deviation
    o, p, g, b, s = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (observed, predicted, gap, bound)), np.asarray(seen))
    exceeded = ~(g <= b)
    if not s.any() and not exceeded.any():
        return outside(unseen)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(g == 0, 0.0, g / b)
    ratio = np.where(np.isnan(ratio), np.inf, ratio)
    at = int(np.argmax(np.where(s.astype(bool) | exceeded, ratio, -1.0)))
    observed_there, predicted_there, gap_there, bound_there = (float(x.flat[at]) for x in (o, p, g, b))
    return Comparison(observed_there, predicted_there, gap_there, bound_there, power)


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
