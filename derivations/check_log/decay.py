"""Whether a log can tell the weight decay of its setting from another, where a law supposes it.

A decay that takes less than rounding in a step is excused by the bound of any law, and so would be one of half or twice its size. A law
whose bounds excuse half as much, or half as much again, speaks of no decay. Both are asked: if the log's is twice or half of what is
true, the truth is on one side only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from derivations.check_log.finding import HOLDS, SILENT, Finding
from derivations.check_log.records import Records

UNTOLD = "weight decay takes too little in a step to be told from {}: whether it is {:.3g} cannot be said"
OTHERS = (("half of it", 0.5), ("half as much again", 1.5))


def told(of: Records, found: tuple[Finding, ...], check: Callable[[Records], tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """What laws say; those that hold say nothing where they hold with another decay too. ``check`` makes ``found`` of the log."""
    if not np.any(of.product > 0) or not any(f.verdict == HOLDS for f in found):
        return found
    for words, factor in OTHERS:
        others = {f.law: f.verdict for f in check(decaying(of, factor))}
        excused = (HOLDS, SILENT) if factor < 1 else (HOLDS,)  # a faster decay may be one that a law does not speak of
        reason = UNTOLD.format(words, float(of.decay.max()))
        found = tuple(replace(f, verdict=SILENT, reason=reason) if f.verdict == HOLDS and others[f.law] in excused else f for f in found)
    return found


def decaying(of: Records, factor: float) -> Records:
    """The log as if its decay were another."""
    return Records(replace(of.log, figures={**of.log.figures, "decay": factor * of.log["decay"]}))
