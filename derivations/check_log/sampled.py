"""Sums over all steps from those that were recorded: one in each window, at a place drawn uniformly."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import t

from derivations.check_log import rounding
from derivations.check_log.finding import NO_MOVE, Finding, Ledger
from derivations.check_log.records import Records
from derivations.evidence import Floats
from derivations.evidence.formulas import value
from theory.notation import G, a, eta, r, z

ERROR_RATE = 1e-6  # of one comparison of a log, both sides together
RESOLVED = 0.5  # a figure known worse than this, relatively, says too little
FEWEST = 16  # windows: eight differences, with which Student's interval at the error rate is 16 standard errors


def quantile(degrees: int) -> float:
    """Student's, for the error rate."""
    return float(t.isf(ERROR_RATE / 2, degrees))


def quartic(of: Records, ledger: Ledger) -> Finding:
    """The growth of r^4 by B3 at recorded steps, times the steps that each stands for, against the growth of the whole run.

    Rows weigh as one over their last r^4. The interval is that of differences between windows side by side, which errs to the safe side:
    a change from one window to the next counts as chance (Cochran, *Sampling Techniques*, 5A.12).
    """
    from derivations.check_log.runs import QUARTIC

    if of.setting.burst != 1:
        return QUARTIC.silent("steps were recorded in bursts, which are not a uniform sample of steps")
    if not of.has_move.all():
        return QUARTIC.silent(NO_MOVE)
    rows, steps = _common(of)
    if len(steps) < FEWEST:
        return QUARTIC.silent(f"{len(steps)} recorded steps, {FEWEST} are needed for an interval")
    known: dict[Any, Any] = {r: of.norm, G: of.energy, eta: of.eta}
    fourth = value(ledger["B3"]["variable"], known)
    grown = value(ledger["B3"]["next_fourth_power"], {z: fourth, a: value(ledger["B3"]["drive"], known)}) - fourth
    weight = 1 / fourth[rows[:, -1]]
    counts = stands_for(steps, of.setting.every)
    predicted = float(np.sum(weight[:, None] * grown[rows[:, :-1]] * counts))
    each = np.sum(weight[:, None] * (of.after**2 - of.before**2)[rows[:, :-1]], axis=0) * counts  # what was seen: the claim sets no bound
    observed = float(np.sum(weight * (fourth[rows[:, -1]] - fourth[rows[:, 0]])))
    pairs = len(each) // 2
    apart = each[: 2 * pairs : 2] - each[1 : 2 * pairs : 2]
    rounded = np.sum(weight[:, None] * (2 * of.after * rounding.step(of))[rows[:, :-1]], axis=0)
    bound = quantile(pairs) * float(np.sqrt(np.sum(apart**2))) + float(np.sum(rounded * counts))
    if not bound <= RESOLVED * abs(observed):
        return QUARTIC.silent(f"sampled growth is known to {bound:.2g} of {observed:.2g} only, too little to tell the law from others")
    found = QUARTIC.decided(observed, predicted, abs(observed - predicted), bound, len(rows), f"{len(rows)} rows together")
    return found.noting(f"of {len(steps)} sampled steps; interval of error rate {ERROR_RATE:g}")


def stands_for(steps: Floats, every: int) -> Floats:
    """How many steps between the first recorded one and the last each but the last stands for: those of its window; fewer at the ends.

    Of the last window, whose own record closes the run, the steps before it are added to the record before.
    """
    window = steps // every
    counts = np.full(len(steps) - 1, float(every))
    counts[0] = (window[0] + 1) * every - steps[0]
    counts[-1] += steps[-1] - window[-1] * every
    return counts


def _common(of: Records) -> tuple[Any, Any]:
    """Records (rows, steps) of the rows that are there at every recorded step, and those steps; windows without a gap."""
    steps = np.unique(of.log.step)
    counts = np.diff(of.starts)
    full = [np.arange(low, low + n) for low, n in zip(of.starts[:-1], counts, strict=True) if n == len(steps)]
    whole = bool(np.all(np.diff(steps // of.setting.every) == 1))
    return (np.array(full), steps) if full and whole else (np.zeros((0, 0), dtype=int), steps[:0])
