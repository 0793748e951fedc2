"""Heavy ball and Nesterov: what a step says that the momentum is after it is what the next step says that it was before.

The momentum m is not logged. A heavy ball applies m itself, a_k = m_k = beta m_{k-1} + f_k; Nesterov a_k = f_k + beta m_k. So |m_k|^2 and
<m_k, u_{k+1}> follow from the products of step k, and again from those of step k + 1. No start is needed, and no law of norms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.finding import Finding, Law
from derivations.check_log.records import Records
from derivations.check_log.rules.applied import Applied, applied, followed
from derivations.evidence import Floats

ALONE = "no two steps in a row are in the log, and momentum is told by nothing less"
TOO_SMALL = "what two steps say of the momentum is below rounding"


@dataclass(frozen=True)
class Seen:
    """|m|^2 and <m, v> for an embedding v, and how far each may be off."""

    square: Floats
    square_off: Floats
    along: Floats
    along_off: Floats


def check(of: Records, rule: Law) -> Finding:
    """Every pair of steps in a row; the product that is worse decides."""
    index = followed(of, of.has_move & of.has_gradient & (of.eta > 0))
    if not len(index):
        return rule.silent(ALONE)
    a, beta, nesterov = applied(of), of.setting.momentum, of.setting.optimizer == "nesterov"
    after = _seen(of, a, *((1.0, beta) if nesterov else (0.0, 1.0)), following=True)
    before = _seen(of, a, *((1 + beta, beta**2) if nesterov else (1.0, beta)), following=False)
    found = []
    for name in ("square", "along"):
        told, again = getattr(after, name)[index], getattr(before, name)[index + 1]
        bound = getattr(after, f"{name}_off")[index] + getattr(before, f"{name}_off")[index + 1]
        relevant = (after.square > 0)[index] | (before.square > 0)[index + 1]
        found.append(rule.compared(of, index + 1, again, told, bound, np.abs(told) > 4 * bound, TOO_SMALL, relevant=relevant))
    return worse(*found)


def worse(*found: Finding) -> Finding:
    """The finding that fails, or comes nearest to it; one that is silent only if all are."""
    def badness(f: Finding) -> float:
        return -1.0 if f.reason else np.inf if not f.deviation <= f.bound else f.deviation / f.bound if f.bound else 0.0

    return max(found, key=badness)


def _seen(of: Records, a: Applied, c: float, over: float, *, following: bool) -> Seen:
    """Of ``m = (a - c f)/over``: with the embedding after the step if ``following``, else with the one before it."""
    square = (a.aa - 2 * c * a.af + c**2 * a.ff) / over**2
    along, arm = a.au - c * a.fu, of.norm
    if following:
        along, arm = along + a.a_s - c * a.fs, of.norm + np.sqrt(of.log["step_square"])
    reach = a.reach + c * a.fed
    measured: Any = rounding.measured(of, reach**2)
    off = (measured + 2 * reach * a.bent + a.bent**2) / over**2
    along_off = (rounding.measured(of, reach * arm) + a.bent * arm) / over
    return Seen(square, off, along / over, along_off)
