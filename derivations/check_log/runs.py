"""Laws of whole runs of SGD: the norm at the end from the norm at the start, and the quartic law between its bounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.finding import NO_GRADIENT, Finding, Law, Ledger
from derivations.check_log.records import Records
from derivations.check_log.steps import NOT_SGD, next_square
from derivations.evidence import Floats
from derivations.evidence.formulas import value
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.notation import G, eta, r, z0

RUN = Law("run", ("B2", "B6"), "the norm at the end of the run, by the recursion from the first norm alone")
QUARTIC = Law("quartic", ("B3", "B4"), "r^4 grows by twice the summed drives eta^2 G, up to B4's logarithm")
GAPS = "steps between the records were left out: record with every=1 (the law quartic estimates sums from samples)"
SHORT = "no row has two steps in a row"
BELOW = "the run's growth is below its rounding"


def excuse(of: Records) -> str:
    """Why laws of SGD's runs do not speak, or nothing."""
    if of.no_rows or of.setting.optimizer != "sgd":
        return of.no_rows or NOT_SGD[of.setting.optimizer]
    return "" if of.has_gradient.all() else NO_GRADIENT


def run(of: Records, ledger: Ledger) -> Finding:
    """In ln r^2 a step brings two runs nearer to each other (B6), so that errors of steps add up at most."""
    if reason := excuse(of) or ("" if of.setting.every == 1 else GAPS):
        return RUN.silent(reason)
    rows = [s for s in of.complete() if not np.isnan(of.after[s.start : s.stop - 1]).any()]
    if not rows:
        return RUN.silent(SHORT)
    index, ends = np.array([s.start for s in rows]), np.array([s.stop - 1 for s in rows])
    last = ends - np.isnan(of.after[ends])  # the step whose end is known last
    present, at = of.before[index].copy(), index.copy()
    while (going := at <= last).any():
        k = at[going]
        present[going] = next_square(ledger, np.sqrt(present[going]), of.energy[k], of.eta[k], of.decay[k])
        at[going] += 1
    error = rounding.step(of)
    share = -np.log1p(-np.minimum(error / np.where(np.isnan(of.after), np.inf, of.after), 1 - 1e-12))
    bound = np.array([np.sum(share[low : high + 1]) for low, high in zip(index, last, strict=True)])
    seen, claimed = np.log(of.after[last]), np.log(present)
    moved = np.abs(claimed - np.log(of.before[index]))
    return RUN.compared(of, last, seen, claimed, bound, moved > 4 * bound, BELOW, relevant=moved > 0)


def quartic(of: Records, ledger: Ledger) -> Finding:
    """B4 where every step is there; an estimate of B3's growth by what was sampled where not."""
    if reason := excuse(of) or ("weight decay: r^4 relaxes instead (the law equilibrium)" if np.any(of.decay > 0) else ""):
        return QUARTIC.silent(reason)
    from derivations.check_log.sampled import quartic as estimated

    if of.setting.every > 1:
        return estimated(of, ledger)
    rows = of.complete()
    return _between(of, ledger, rows) if rows else QUARTIC.silent(SHORT)


def _between(of: Records, ledger: Ledger, rows: list[slice]) -> Finding:
    """z_K between both bounds of B4 for every row, with the rounding of fourth powers."""
    drives, error = of.eta**2 * of.energy, rounding.step(of)
    ends = np.array([s.stop - 1 for s in rows])
    start, end = of.before[[s.start for s in rows]] ** 2, of.before[ends] ** 2
    total = np.array([np.sum(drives[s.start : s.stop - 1]) for s in rows])
    largest = np.array([np.max(drives[s.start : s.stop - 1]) for s in rows])
    known: dict[Any, Any] = {z0: start, A: total, M: np.maximum(largest, 1e-300)}
    low = value(ledger["B4"]["lower"], known)
    high = low + np.where(total > 0, value(ledger["B4"]["upper_excess"], known), 0.0)
    bound = np.array([_fourth(of, drives, error, s) for s in rows])
    off = np.maximum(np.maximum(low - end, end - high), 0.0)
    off = np.where(np.isfinite(low) & np.isfinite(high), off, np.nan)
    nearest = np.where(end < (low + high) / 2, low, high)
    return QUARTIC.compared(of, ends, end, nearest, bound, total > 4 * bound, BELOW, deviation=off, relevant=total > 0)


def _fourth(of: Records, drives: Floats, error: Floats, s: slice) -> float:
    """A step adds 3 times its squared norm times its bound, and later steps multiply that by (a/z)^2 where that is above 1."""
    k = slice(s.start, s.stop - 1)
    added = 3 * np.maximum(of.after[k], of.before[k]) * error[k]
    gains = np.maximum(1, (drives[k] / of.before[k] ** 2) ** 2)
    return float(np.sum(added * np.cumprod(gains[::-1])[::-1] / gains))


def energies(of: Records, at: Any) -> dict[Any, Any]:
    """What formulas of a step are told."""
    return {r: of.norm[at], G: of.energy[at], eta: of.eta[at]}
