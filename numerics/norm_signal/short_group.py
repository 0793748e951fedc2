"""A group of short norms apart from all others, however few: does it look like rows as they were drawn?

Apart: were the density of log norms of one mode M, it would rise below M and fall above it. Of k rows below M, given the shortest,
the others are less dense near M than evenly spread ones would be, so an empty stretch a below M is met with probability at most
(w / (w + a))^(k - 1), w the width of the group; likewise above M. M cuts a gap g into two, of which one is at least g / 2. The sum
of both chances is held against `ERROR_RATE` / (k (k + 1)), which sums to less than `ERROR_RATE` over all k.

Like random rows: the variance of log norms has the interval of chi-squared, its degrees of freedom those that the kurtosis of the
law leaves (Box 1953, Biometrika 40). The law's variance must be in it, at `ERROR_RATE`; and to be told from a short group of
trained rows, whose norms spread like those of the others, that of the others must not. Trained rows that are short, apart and of
a spread between the two may pass, the more so the fewer they are: norms alone do not tell them.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2

from numerics.norm_signal.entry_laws import LAWS, EntryLaw
from numerics.norm_signal.outliers import robust_spread
from numerics.norm_signal.records import ERROR_RATE, Floats, ShortGroup

_GRID = (np.arange(4096) + 0.5) / 4096


def short_group(ordered: Floats, dimension: int, floor: float) -> ShortGroup | None:
    """The short group of ascending norms that is most surely apart, or None. ``floor``: how far storage may have moved a norm."""
    logs = np.log(ordered)
    rows = apart(logs, floor)
    if rows == 0:
        return None
    few, others = logs[:rows], robust_spread(logs[rows:])
    fits, told, ratios = [], False, (0.0, float("inf"))
    for law in LAWS:
        low, high = _interval(few, law, dimension, floor)
        spread = law.spread(dimension)
        if law is LAWS[0]:
            ratios = (low / spread, high / spread)
        if low <= spread <= high:
            fits.append(law.name)
            told |= not low <= others <= high
    looks = "random" if fits and told else "too few" if fits else "other"
    scale = float(np.exp(np.mean(few)))
    return ShortGroup(rows, float(ordered[0]), float(ordered[rows - 1]), looks, " or ".join(fits), scale, *ratios)


def apart(logs: Floats, floor: float) -> int:
    """How many of ascending ``logs``, at most half, are a group below a gap that no density of one mode leaves; 0 where none is."""
    count = np.arange(2, len(logs) // 2 + 1)
    if not len(count):
        return 0
    different = 1 + np.concatenate([[0], np.cumsum(np.diff(logs) > 0)])  # copies of one row are one draw
    half = (logs[count] - logs[count - 1]) / 2
    wide = logs[count - 1] - logs[0] + 2 * floor + 2.0**-52
    reach = np.maximum(logs[-1] - logs[count - 1], 2.0**-52)
    below = (different[count - 1] - 1) * np.log(wide / (wide + half))
    above = (different[-1] - different[count - 1] - 1) * np.log1p(-np.minimum(half / reach, 0.5))
    chance = np.logaddexp(below, above) + np.log(count * (count + 1.0))
    best = int(np.argmin(chance))
    return int(count[best]) if chance[best] < np.log(ERROR_RATE) else 0


def _interval(few: Floats, law: EntryLaw, dimension: int, floor: float) -> tuple[float, float]:
    """Of the standard deviation of log norms, were they of ``law`` up to a scale."""
    quantiles = law.log_quantiles(_GRID, dimension)
    z = (quantiles - np.mean(quantiles)) / np.std(quantiles)
    n, spread = len(few), float(np.std(few, ddof=1))
    freedom = 2 / (2 / (n - 1) + (float(np.mean(z**4)) - 3) / n)
    low, high = (spread * np.sqrt(freedom / chi2.isf(p, freedom)) for p in (ERROR_RATE / 2, 1 - ERROR_RATE / 2))
    return max(0.0, float(low) - floor), float(high) + floor
