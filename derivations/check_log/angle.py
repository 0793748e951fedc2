"""A1 and A8b: the gradient is orthogonal to the embedding, and how much of it is not because of rounding or an epsilon in the norm."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.finding import FAILS, Finding, Law, Ledger
from derivations.check_log.records import Records
from derivations.evidence import Floats
from derivations.evidence.formulas import value
from theory.losses.guarded_infonce import EPSILON
from theory.notation import r

RIGHT = Law("right angle", ("A1",), "the gradient is orthogonal to the embedding: the loss does not see its length")
GUARD = Law("guarded norm", ("A8b",), "the epsilon in the loss' norm leaves no larger radial part than it can")
NO_GRADIENT = "no gradient is in the log"
NOT_TOLD = "what an epsilon may leave is below rounding, or gradients are no longer than that"
TOO_SMALL = "gradients are no longer than what rounding may leave of their radial part"
ASSUMED = "slopes are taken to be at most the |u||g| of a record or the run's median, {:.3g}: give slope_bound where the loss is known"


def check(of: Records, ledger: Ledger) -> tuple[Finding, ...]:
    """Both laws; the second only where the loss guards its norms."""
    if not of.has_gradient.any():
        return (RIGHT.silent(NO_GRADIENT),)
    index = np.flatnonzero(of.has_gradient)
    radial, bound = of.radial[index], rounding.radial(of)[index]
    size = of.sizes[index]
    seen, relevant = size > 4 * bound, size > 0
    claimed = float(value(ledger["A1"]["radial_gradient"], {}))
    right = RIGHT.compared(of, index, radial, claimed, bound, seen, TOO_SMALL, relevant=relevant)
    if of.setting.slope_bound is None:
        right = right.noting(ASSUMED.format(of.usual))
    factor = share(of, ledger)[index]
    if not np.any(factor > 0):
        return (right.noting(_explained(of, ledger, right)) if right.verdict == FAILS else right,)
    left = factor * of.longest  # of slopes that may be all radial: a gradient's own size says nothing of them
    allowed = bound + left
    told = (left > bound) & (size > 4 * allowed)
    guarded = GUARD.compared(of, index, radial, 0.0, allowed, told, NOT_TOLD, relevant=relevant)
    if right.verdict == FAILS:
        right = RIGHT.silent(f"the loss guards its norms with an epsilon of {of.setting.norm_epsilon:g}: see guarded norm")
    return right, guarded


def share(of: Records, ledger: Ledger) -> Floats:
    """A8b: the radial part over the radial slope of what the loss was given, for the log's epsilon; 0 without one."""
    e = of.setting.norm_epsilon
    if not e:
        return np.zeros(len(of.log))
    known: dict[Any, Any] = {r: of.norm, EPSILON: e}
    if of.setting.epsilon_form == "added":
        return value(ledger["A8b"]["added"], known)
    inside, outside = (value(ledger["A8b"][name], known) for name in ("inside", "outside"))
    return np.where(of.norm < e, inside, outside)


def _explained(of: Records, ledger: Ledger, found: Finding) -> str:
    """What rounding or an epsilon would have to be to leave so much: the larger root of A8b's factor, at every record that exceeds."""
    index = np.flatnonzero(of.has_gradient)
    ratio = np.abs(of.radial[index]) / of.slopes[index]
    far = np.abs(of.radial[index]) > rounding.radial(of)[index]
    times = f"rounding leaves at most {found.bound:.2g}, this is {found.deviation / found.bound:.2g} times that"
    if not far.any():
        return times
    radial = np.median(np.abs(of.radial[index])[far] / (of.gradient * of.norm)[index][far])
    share_of = f"{100 * radial:.2g} % of the gradient is radial there"
    if np.any(ratio[far] > float(value(ledger["A8b"]["largest"], {}))):
        return f"{times}; {share_of}; no epsilon added to the norm can leave so much: the loss sees lengths"
    needed = _needed(ledger, of.norm[index][far], ratio[far])
    low, mid, high = np.quantile(needed, (0.05, 0.5, 0.95))
    return f"{times}; {share_of}; if it is an epsilon added to the norm, it is at least {mid:.2g} ({low:.2g} to {high:.2g} over records)"


def _needed(ledger: Ledger, norms: Floats, ratio: Floats) -> Floats:
    """The epsilon below the norm whose factor is ``ratio``: bisection of a factor that rises up to epsilon = r."""
    low, high = np.zeros_like(norms), norms.copy()
    for _ in range(60):
        middle = (low + high) / 2
        above = value(ledger["A8b"]["added"], {r: norms, EPSILON: np.maximum(middle, 1e-300)}) > ratio
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray((low + high) / 2)
