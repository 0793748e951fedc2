"""Rows that look never trained: their norms are those of random vectors.

Independent entries of one law, times any decay that all rows shared, have norms of free scale but of known spread: for normal
entries scale * chi_d / sqrt(d), whose logarithm spreads by sqrt(trigamma(d / 2)) / 2, near 1 / sqrt(2 d). A group of rows is looked
for apart from the others: between them lies a place with fewer rows than either side has in as wide a place. On a fixed grid of
cells two spreads wide, a density with one mode gives the cell between at least the chance of the rarer of the two beside it, so
the counts are binomial; the p-value is corrected for all triples of cells. Then the group must have the law's shape. A group on
the shoulder of others, with no valley between, is not seen.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr
from scipy.stats import norm as normal

from numerics.norm_signal.entry_laws import LAWS, EntryLaw
from numerics.norm_signal.records import ERROR_RATE, Floats, ShortGroup, Untrained
from numerics.resampling.proportions import binomial_interval

_CENTRAL = (0.5, 0.9, 0.99)  # shares of rows by which the shape is judged
_HALF = np.array([0.5])
_PEAK = 1 / math.sqrt(2 * math.pi)  # of the normal density


def untrained(ordered: Floats, dimension: int, floor: float) -> tuple[Untrained, ...]:
    """Groups of ascending norms that look never trained. ``floor``: how far storage may have moved a norm, relatively."""
    logs, found = np.log(ordered), []
    seen: set[tuple[int, int]] = set()
    for law in LAWS:
        for start, end, strays in _apart(logs, 2 * law.spread(dimension)):
            if (start, end) not in seen and looks_random(logs[start:end], dimension, law, strays, floor):
                seen.add((start, end))
                scale = float(np.exp(np.median(logs[start:end]) - law.log_quantiles(_HALF, dimension)[0]))
                rest = np.concatenate([ordered[:start], ordered[end:]])
                small = bool(len(rest)) and float(ordered[end - 1]) < float(np.median(rest))
                found.append(Untrained(end - start, float(ordered[start]), float(ordered[end - 1]), law.name, scale, small, not len(rest)))
        if found:
            break
    return tuple(found)


def with_few(groups: tuple[Untrained, ...], few: ShortGroup | None) -> tuple[Untrained, ...]:
    """``groups`` and a short group that looks random, if it shares no row with one of them."""
    if few is None or few.looks != "random" or any(g.lowest <= few.highest and few.lowest <= g.highest for g in groups):
        return groups
    return (Untrained(few.rows, few.lowest, few.highest, few.entries, few.scale, small=True, everything=False), *groups)


def looks_random(logs: Floats, dimension: int, law: EntryLaw, strays: float = 0.0, floor: float = 0.0) -> bool:
    """Whether ascending ``logs`` are log norms of random rows, up to a scale, of which at most ``strays`` are strangers or missing.

    The scale is that of the median. The share of rows in the central 50, 90 and 99 % of the law must be within its binomial
    interval, `ERROR_RATE` for all three, widened by what strays, the median's error and storage can do to it. False where too
    few rows, or too many strays, would hide twice the spread, or half of it.
    """
    rows, spread = len(logs), law.spread(dimension)
    moved = 2 * floor * _PEAK / spread + law.error(dimension)
    if not (rows and _can_tell(rows, strays, moved)):
        return False
    middle = float(np.median(logs)) - law.log_quantiles(_HALF, dimension)[0]
    for share in _CENTRAL:
        low, high = law.log_quantiles(np.array([(1 - share) / 2, (1 + share) / 2]), dimension) + middle
        inside = int(np.searchsorted(logs, high, side="right") - np.searchsorted(logs, low, side="left"))
        least, most = binomial_interval(inside, rows, 1 - ERROR_RATE / len(_CENTRAL))
        slack = _slack(share, rows, strays) + moved
        if not least - slack <= share <= most + slack:
            return False
    return True


def _can_tell(rows: int, strays: float, moved: float) -> bool:
    """Whether some central share of a normal law of twice the spread would be refused, and of half the spread, up to `ERROR_RATE`."""
    z = float(normal.isf(ERROR_RATE / len(_CENTRAL) / 2))
    told = [False, False]
    for share in _CENTRAL:
        edge = float(normal.ppf((1 + share) / 2))
        for k, factor in enumerate((0.5, 2.0)):
            other = 2 * float(normal.cdf(edge * factor)) - 1
            noise = z * (math.sqrt(share * (1 - share) / rows) + math.sqrt(other * (1 - other) / rows))
            told[k] |= abs(other - share) > noise + 2 * (_slack(share, rows, strays) + moved)
    return all(told)


def _slack(share: float, rows: int, strays: float) -> float:
    """What strays, all inside or all outside, and an error d of the median take from a central share of a normal law.

    A window [-a, a] loses phi(a) a d^2, at most phi(1) d^2, of its share when it is moved by d; the median is wrong by
    d = sqrt(pi / 2) (z / sqrt(n) + strays / n), z for `ERROR_RATE`.
    """
    off = math.sqrt(math.pi / 2) * (float(normal.isf(ERROR_RATE / 2)) / math.sqrt(rows) + strays / rows)
    return max(share, 1 - share) * strays / rows + float(normal.pdf(1)) * off**2


def _apart(logs: Floats, width: float) -> list[tuple[int, int, float]]:
    """Parts of ascending ``logs`` with valleys between them: first, last + 1, and how many rows of a part may belong to another.

    On its way through a valley and on, the density of another part does not rise: a cell has no more of it than the valley, whose
    expectation, after b rows, is b + 1.
    """
    cells = np.floor(logs / width).astype(np.int64)
    counts = np.bincount(cells - cells[0])
    rate = ERROR_RATE / float(len(counts)) ** 3
    valleys = sorted(_valleys(counts, rate))
    rows = np.concatenate([[0], np.cumsum(counts)])  # before each cell
    edges = [(int(rows[v]), int(rows[v + 1])) for v in valleys]
    starts, ends = [0, *(after for _, after in edges)], [*(before for before, _ in edges), len(logs)]
    parts = []
    for k, (start, end) in enumerate(zip(starts, ends, strict=True)):
        beside = [after - before + 1 for before, after in edges[max(k - 1, 0) : k + 1]]
        wide = float(logs[end - 1] - logs[start]) / width + 1
        parts.append((start, end, wide * sum(beside)))
    return parts


def _valleys(counts: NDArray[np.int64], rate: float) -> list[int]:
    """Cells with fewer rows than some cell on either side, each beyond chance at ``rate``; one between two modes, the emptiest."""
    found, left = [], [(0, len(counts))]
    while left:
        first, last = left.pop()
        part = counts[first:last]
        before = np.maximum.accumulate(part)
        after = np.maximum.accumulate(part[::-1])[::-1]
        p = np.maximum(bdtr(part, part + before, 0.5), bdtr(part, part + after, 0.5))
        low = np.flatnonzero((p < rate) & (part < before) & (part < after))
        if len(low):
            valley = first + int(low[np.argmin(part[low])])
            found.append(valley)
            left += [(first, valley), (valley + 1, last)]
    return found
