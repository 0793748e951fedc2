"""Steps of signs: every coordinate that moves does so by the learning rate, so that |a|^2 is a whole number, d at most."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.finding import HOLDS, Finding, Law
from derivations.check_log.records import Records
from derivations.check_log.rules.applied import Applied, applied
from derivations.evidence import Floats

TOO_SMALL = "rounding hides whether the squared length of a step is a whole number of squared learning rates"


def bound(of: Records, a: Applied) -> Floats:
    """How far |a|^2 may be off."""
    return np.asarray(rounding.measured(of, a.reach**2) + 2 * a.reach * a.bent + a.bent**2)


def check(of: Records, rule: Law) -> Finding:
    """|a|^2 against the nearest whole number from 0 to d; told where rounding is below a quarter."""
    a, index = applied(of), _known(of)
    off, seen = bound(of, a)[index], a.aa[index]
    nearest = np.clip(np.round(seen), 0, of.dimension[index])
    moved = of.log["step_square"][index] > 0
    return rule.compared(of, index, seen, nearest, off, 4 * off < 1, TOO_SMALL, relevant=moved)


def are_signs(of: Records, rule: Law) -> bool:
    """Whether more than half of the records that move have |a|^2 = d to rounding while gradients change, and none another.

    An Adam whose gradients never change steps by signs too; one whose gradients do does not, but for the first step.
    """
    a, index = applied(of), _known(of)
    first = np.zeros(len(of.log), dtype=bool)
    first[of.starts[:-1]] = True
    changed = np.append(False, of.gradient[1:] != of.gradient[:-1]) & ~first
    index = index[changed[index] & (of.log["step_square"][index] > 0)]
    off = bound(of, a)[index]
    found = rule.compared(of, index, a.aa[index], of.dimension[index], off, 4 * off < 1, TOO_SMALL)
    return found.verdict == HOLDS


def _known(of: Records) -> Any:
    return np.flatnonzero(of.has_move & of.has_gradient & (of.eta > 0))
