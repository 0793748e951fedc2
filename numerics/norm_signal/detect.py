"""Is there a norm signal at all? Asked before anything is correlated with it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.norm_signal.floors import CODES, candidates, coarsest_precision, floor, holds, precision_of, rounding_variation
from numerics.norm_signal.levels import densest, equal_norms, is_spike, levels
from numerics.norm_signal.outliers import outliers, robust_spread
from numerics.norm_signal.quantised import codes, quantised
from numerics.norm_signal.records import QUANTISED, Floats, NormSignal, Outliers, Quantised
from numerics.norm_signal.scaling import back, exponent, restored, scaled
from numerics.norm_signal.short_group import short_group
from numerics.norm_signal.untrained import untrained, with_few
from numerics.norm_signal.variation import by_one, variation
from numerics.norm_signal.words import Findings, verdict
from numerics.resampling.bootstrap import fewest_clusters
from numerics.validation import InvalidInput, integer, number, real

_NAMED = 10


def detect(
    norms: ArrayLike,
    precision: str,
    dimension: int,
    *,
    entries: ArrayLike | None = None,
    resamples: int = 2000,
    seed: int = 0,
    level: float = 0.95,
) -> NormSignal:
    """Look at ``norms`` (n,) of rows of ``dimension`` entries stored in ``precision``; NaN is a row that is left out.

    Constant norms and which precision's rounding explains what is left; the variation with its interval; levels, equal norms,
    outliers, rows that look never trained. ``entries`` (m, d): some of the rows, from which it is seen to which precision their
    numbers were rounded, and whether they are multiples of a step, as of int8 quantisation; ``precision`` "int8" are such multiples
    themselves. Each test raises a false alarm at the rate `numerics.norm_signal.records.ERROR_RATE`. ``InvalidInput``
    for what is out of bounds.
    """
    precision_of(precision)
    width = integer("dimension", dimension, 1)
    share = number("level", level, above=0.5, most=1 - 2.0**-20)
    integer("resamples", resamples, 99, 10**6)
    integer("seed", seed, 0)
    given, some = _norms(norms), None if entries is None else _entries(entries, width)
    kept = np.flatnonzero(~np.isnan(given))
    if len(kept) < 2:
        raise InvalidInput(f"norms has {len(kept)} rows that are not NaN, must have at least 2")
    order = kept[np.argsort(given[kept], kind="stable")]
    power = exponent(given[kept])
    ordered = scaled(given[order], -power)
    seen = restored(_findings(order, ordered, precision, width, some, power), power)
    one = by_one(ordered)
    spread = variation(scaled(given[kept], -power), resamples, seed, share)
    spread = (spread[0], math.nan, math.nan) if one else spread
    kind, words = verdict(seen)
    fewest = fewest_clusters(share)
    if kind != "none" and len(kept) < fewest:
        kind, words = "undecided", (f"undecided: {len(kept)} rows have a norm; at level {share:g} nothing is said of less than {fewest}:"
                                    f" all of {len(kept)} are on one side by chance with probability 2^{1 - len(kept)}")  # fmt: skip
    return NormSignal(
        kind, words, len(kept), len(given) - len(kept), back(float(np.mean(ordered)), power), seen.median,
        float(given[order[0]]), seen.largest,
        *spread, robust_spread(np.log(ordered)), seen.floors, _expected(some, precision),
        seen.floor_of, seen.at_floor,
        1 + int(np.count_nonzero(np.diff(ordered))), seen.levels[:_NAMED], len(seen.levels), seen.in_levels, seen.outliers,
        seen.untrained, seen.equal, seen.quantised, seen.short, one,
    )


def _expected(some: Floats | None, precision: str) -> float | None:
    return None if some is None or precision == CODES else rounding_variation(some, precision)


def _quantised(some: Floats | None, precision: str, entries_in: str | None, rows: int) -> Quantised | None:
    if some is None or entries_in is None:
        return None
    return codes(some, rows) if precision == CODES else quantised(some, precision_of(entries_in).roundoff, rows)


def _findings(order: NDArray[np.int64], ordered: Floats, precision: str, width: int, some: Floats | None, power: int) -> Findings:
    """In the unit of ``ordered``, which are norms over 2^``power``."""
    median = float(np.median(ordered))
    entries_in = None if some is None else coarsest_precision(some)
    steps = _quantised(None if some is None else scaled(some, -power), precision, entries_in, len(ordered))
    floors = {name: floor(name, width, back(median, power)) for name in candidates(precision, entries_in)
              if name == precision or holds(name, width, back(float(ordered[0]), power), back(float(ordered[-1]), power))}  # fmt: skip
    floors |= {} if steps is None else {QUANTISED: steps.floor}
    found = next((several for size in floors.values() if (several := levels(ordered, size))), [])
    floor_of, far = (None, outliers(order, ordered, floors[precision])) if found else _explained(order, ordered, floors, precision)
    own = floors[floor_of or precision]
    spread = _variation(ordered, far)
    first, last = densest(ordered, own)
    spike = floor_of is not None or (spread > 3 * own and is_spike(ordered, first, last))
    never = untrained(ordered, width, own) if floor_of is None and not found else ()
    few = None if found else short_group(ordered, width, own)
    never = with_few(never, few)
    lattice = 2 * precision_of(precision).roundoff ** 2 / width + 2.0**-52
    if steps is not None and steps.scale == "all":  # squared norms are whole numbers of squared steps
        lattice = max(lattice, steps.step**2 / 2)
    equal, in_equal = ([], 0) if floor_of is not None else equal_norms(order, ordered, lattice)
    return Findings(
        len(ordered), width, precision, some is not None, median, float(ordered[-1]), floors, floor_of,
        (last - first) / len(ordered) if spike else 0.0,
        tuple(sorted(found, key=lambda one: -one.rows)), sum(one.rows for one in found) / len(ordered), far, never, tuple(equal), steps,
        few, in_equal,
    )


def _explained(order: NDArray[np.int64], ordered: Floats, floors: dict[str, float], precision: str) -> tuple[str | None, Outliers]:
    """The finest precision whose rounding can give the rows, but for outliers, the variation that they have; and the outliers."""
    for name, size in floors.items():
        far = outliers(order, ordered, size)
        if _variation(ordered, far) <= size:
            return name, far
    return None, outliers(order, ordered, floors[precision])


def _variation(ordered: Floats, far: Outliers) -> float:
    inner = ordered[far.low : len(ordered) - far.high]
    return float(np.std(inner) / np.mean(inner))


def _norms(norms: ArrayLike) -> Floats:
    given = np.asarray(real("norms", norms), np.float64)
    if given.ndim != 1:
        raise InvalidInput(f"norms has shape {given.shape}, must have one norm a row")
    wrong = np.flatnonzero(~np.isnan(given) & ~((given > 0) & (given < np.inf)))
    if len(wrong):
        raise InvalidInput(f"norms[{wrong[0]}] = {given[wrong[0]]:g} must be positive and finite, or NaN for a row that is left out")
    return given


def _entries(entries: ArrayLike, width: int) -> Floats:
    some = np.asarray(real("entries", entries), np.float64)
    if some.ndim != 2 or some.shape[1] != width or len(some) == 0:
        raise InvalidInput(f"entries has shape {some.shape}, must have shape (rows, {width})")
    if not np.all(np.isfinite(some)):
        raise InvalidInput("entries must be finite")
    return some
