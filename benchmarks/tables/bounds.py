"""How far two correct trainings may be apart by rounding.

With E the largest error of a row, e the unit roundoff, r the least norm of a row, n candidates, temperature t: the slopes
of a pair in its scores add up to w at most in size (InfoNCE 2/t, SigLIP n/t), their own slopes to c (1/t^2, n/(4 t^2)) along
one vector and to k (2/t^2, n/(4 t^2)) when every score moves. A gradient has length at most g = w/r; it moves by
h E = (c + 2 w + w + k)/r^2 E with its own row and the others (as for `benchmarks.replicates.bounds`), and is computed to
((4 d + 8)/t + 2 n + 3.5 d + 20) e g. A row that occurs m times in a batch sums m such gradients, to m e more each; the
step moves the row by step size times that, under Adam by (1 + g'/epsilon)/epsilon times, g' = m g, and rounds the row,
once for each of its gradients where they are added one by one.
The batch's largest m is taken for all rows. A difference may be twice the sum.
"""

from __future__ import annotations

import numpy as np

from benchmarks.contest import Difference
from benchmarks.tables.setting import EPSILON, NORM, ROUNDOFF, TEMPERATURE, Result, Setting


def bound(setting: Setting, result: Result) -> float:
    """Of the length by which a row may differ."""
    e, t, n, d = ROUNDOFF[setting.precision], TEMPERATURE, 1 + setting.negatives, setting.dimension
    norms = np.concatenate([np.linalg.norm(table.astype(np.float64), axis=1) for table in (*setting.start, *result)])
    # gradients are orthogonal to the row, so a norm never falls under SGD; Adam's steps are looked at below
    least, largest = min(float(norms.min()), NORM), float(norms.max())
    w, c, k = (2 / t, 1 / t**2, 2 / t**2) if setting.loss == "infonce" else (n / t, n / (4 * t**2), n / (4 * t**2))
    often = _largest_occurrences(setting)
    if setting.rule == "adam":
        travelled = setting.step_size * float(np.sum(often)) * w / least / EPSILON
        least -= min(travelled, least / 2)
    g, h = w / least, (c + 3 * w + k) / least**2
    local = ((4 * d + 8) / t + 2 * n + 3.5 * d + 20) * e * g
    error = e * largest  # of the start, rounded to the precision
    worst = 0.0  # error of any gradient sum so far, which means carry on
    for m in often:
        of_sum = m * (h * error + local) + m**2 * e * g
        if setting.rule == "adam":
            worst = max(worst, of_sum + 4000 * e * m * g)  # roundings of means with weights down to 1/1000
            of_sum = (1 + m * g / EPSILON) / EPSILON * worst
        size = m * g / (EPSILON if setting.rule == "adam" else 1.0)
        error += setting.step_size * of_sum + e * (m * largest + 3 * setting.step_size * size)
    return 2 * error


def _largest_occurrences(setting: Setting) -> list[int]:
    """For each batch, how often its most frequent row occurs in it, in either table."""
    found = []
    for begin in range(0, setting.pairs, setting.batch):
        chosen = slice(begin, begin + setting.batch)
        found.append(max(int(np.bincount(part[chosen].ravel()).max()) for part in setting.stream))
    return found


def difference(setting: Setting, ours: Result, theirs: Result) -> Difference:
    """The row that is farthest off, over the bound."""
    allowed = bound(setting, ours)
    moved = max(float(np.max(np.abs(a.astype(np.float64) - b))) for a, b in zip(ours, setting.start, strict=True))
    if not moved > 4 * allowed:  # then who does nothing would pass
        return Difference(np.inf, f"rows that move by {moved:.2g}, where rounding may be {allowed:.2g},")
    worst = Difference(0.0)
    for name, mine, other in zip(Result._fields, ours, theirs, strict=True):
        apart = np.linalg.norm(np.asarray(other, np.float64) - mine, axis=1)
        found = Difference(float(apart.max()) / allowed, f"rows of the {name} table, row {int(apart.argmax())}")
        if np.isnan(found.relative):
            return found
        worst = max(worst, found, key=lambda one: one.relative)
    return worst
