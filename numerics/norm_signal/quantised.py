"""Entries that are small whole multiples of a step, as int8 quantisation leaves them, and what that does to norms.

A row has the step s if each entry is k s (1 + e), k whole, at most 255, |e| two roundings of its precision; the greatest entry is one
of 255 multiples, so all steps are tried. By chance: of a density that falls with |x|, an entry near k s is within t s of it with
probability at most 2 t (the step below it is no rarer); t counts those roundings, the greatest entry's, and the storing of both. A
dimension has a step if its entries are such multiples above the least one, as ranges for each dimension make them; of a density with
one mode the same holds of all multiples but the one at the mode, which is left out. Entries count as independent.

Rounded to the nearest multiple, a row moves by s e, |e_j| <= 1/2: its norm c by -s (e, x / c), and by at most rho^2 c / (2 (1 - rho)) on
top, rho = s sqrt(d) / (2 c). Where errors are independent of mean 0, the first is sub-Gaussian with proxy sigma^2 c^2 / 4, sigma =
s / c (Hoeffding 1963), so that of n rows of one length the mean of squares is above sigma^2 / 4 (1 + 2 sqrt(t / n) + 2 t / n) with
probability e^-t at most (Hsu, Kakade and Zhang 2012).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from numerics.norm_signal.records import ERROR_RATE, Floats, Quantised

MOST_STEPS = 255
_LOOKED_AT = 64  # rows, or columns
_ROUNDINGS = 4  # of entry and greatest entry, two each
_STORING = 2  # and once more, of what chance drew
_EXACT = 2.0**-50  # of the quotients here


def quantised(entries: Floats, roundoff: float, rows: int) -> Quantised | None:
    """What ``entries`` (m, d), kept with this ``roundoff``, are multiples of; None where chance could have made it. ``rows``: of all."""
    some = _spread(entries[np.any(entries != 0, axis=1)])
    if not len(some):
        return None
    multiples = _multiples(np.abs(some), np.max(np.abs(some), axis=1), _ROUNDINGS * roundoff, _STORING * roundoff)
    if np.all(multiples > 0):
        steps = np.max(np.abs(some), axis=1) / multiples
        same = np.ptp(steps) <= 2 * _ROUNDINGS * roundoff * np.max(steps) + _EXACT
        return _record("all" if same else "row", int(np.max(multiples)), some, steps[:, None], rows)
    return _by_dimension(entries, roundoff, rows)


def codes(entries: Floats, rows: int) -> Quantised:
    """Of whole numbers (m, d) as they are stored: the step is 1. ``scaled``: each row by its own greatest entry, beyond chance."""
    found = _record("all", int(np.max(np.abs(entries))), entries, np.ones((len(entries), 1)), rows)
    return replace(found, codes=True, scaled=_scaled(np.abs(entries)))


def _scaled(sizes: Floats) -> bool:
    """Whether every row reaches the end of the range, and so few of its entries do that a common scale would leave rows that do not.

    Under a common scale entries beyond the end are cut off to it: Poisson, with mean m a row, all n rows with (1 - e^-m)^n (less where
    rates differ). -128, which symmetric scales leave out, counts as 127.
    """
    ends = np.sum(np.minimum(sizes, 127) == min(float(np.max(sizes)), 127), axis=1)
    return bool(np.all(ends > 0)) and len(ends) * math.log(-math.expm1(-float(np.mean(ends)))) < math.log(ERROR_RATE)


def _by_dimension(entries: Floats, roundoff: float, rows: int) -> Quantised | None:
    """Each dimension on a grid of its own, that need not pass through 0."""
    columns = entries[:, np.ptp(entries, axis=0) > 0].T
    some = _spread(columns)
    if not len(some):
        return None
    least, widths = np.min(some, axis=1), np.ptp(some, axis=1)
    # roundings are of the entries, not of their distances from the least one
    sizes = np.max(np.abs(some), axis=1) / widths
    multiples = _multiples(some - least[:, None], widths, _ROUNDINGS * roundoff * sizes, _STORING * roundoff * sizes, fixed=True)
    if not np.all(multiples > 0):
        return None
    steps = np.zeros(entries.shape[1])
    varied = np.ptp(entries, axis=0) > 0
    steps[varied] = np.ptp(entries, axis=0)[varied] / np.min(multiples)  # of dimensions not looked at: no finer than the coarsest
    return _record("dimension", int(np.max(multiples)), entries, steps[None, :], rows)


def _multiples(
    sizes: Floats, tops: Floats, rounded: float | Floats, stored: float | Floats, fixed: bool = False
) -> NDArray[np.int64]:
    """For each row of sizes (m, d) the least K such that all are multiples of top / K, beyond chance; 0 without.

    Tolerances are relative to k, or with ``fixed`` to K: errors that do not shrink with the multiple, doubled for those of the least one.
    """
    found = np.zeros(len(sizes), np.int64)
    tolerance, chance = (np.broadcast_to(np.asarray(x, np.float64), len(sizes))[:, None] for x in (rounded, np.add(rounded, stored)))
    most = math.log(ERROR_RATE) - math.log(len(sizes)) - math.log(MOST_STEPS)
    shares = sizes / tops[:, None]
    for steps in range(1, MOST_STEPS + 1):
        exact = shares * steps
        whole = np.rint(exact)
        scale = np.full_like(whole, 2.0 * steps) if fixed else whole
        fits = np.all(np.abs(exact - whole) <= scale * tolerance + steps * _EXACT, axis=1) & (found == 0)
        for row in np.flatnonzero(fits):
            bounds = np.log(np.minimum(2 * scale[row] * chance[row] + 2 * steps * _EXACT, 1.0))
            bounds[whole[row] == 0] = 0.0
            bounds[np.argmax(shares[row])] = 0.0
            if fixed:
                levels = whole[row].astype(np.int64)
                bounds[levels == np.argmax(np.bincount(levels))] = 0.0
            if np.sum(bounds) < most:
                found[row] = steps
    return found


def _spread(table: Floats) -> Floats:
    return table[:: max(1, len(table) // _LOOKED_AT)][:_LOOKED_AT]


def _record(scale: str, steps: int, some: Floats, size: Floats, rows: int) -> Quantised:
    """``size``: of a step, (m, 1) or (1, d)."""
    size = np.broadcast_to(size, some.shape)
    norms = np.linalg.norm(some, axis=1)
    sigma = float(np.max(np.sqrt(np.sum(some**2 * size**2, axis=1)) / norms**2))
    rho = float(np.max(np.linalg.norm(size, axis=1) / norms)) / 2
    if rho >= 0.5:
        return Quantised(scale, steps, 1.0, sigma, False, False)
    t = -math.log(ERROR_RATE)
    floor = (sigma / 2 * math.sqrt(1 + 2 * math.sqrt(t / rows) + 2 * t / rows) + rho**2 / 4 / (1 - rho)) / (1 - rho) ** 2
    return Quantised(scale, steps, min(floor, 1.0), sigma, False, False)
