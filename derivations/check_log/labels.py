"""Whether a log is what its setting says: numbers of the precision named, slopes as long as their bound supposes.

Both decide how far laws may be off. A format that is coarser than the numbers, or a bound of slopes that nothing in the run comes near,
excuses what no rounding of the run can have made: laws that hold by it alone are not taken to hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.finding import FAILS, HOLDS, SILENT, Finding
from derivations.check_log.records import Records
from numerics.norm_signal.floors import rounded


@dataclass(frozen=True)
class Label:
    """Whether the log shows it to be right (None: it cannot tell), and whether a verdict rests on one that is not."""

    met: bool | None
    words: str
    misleads: bool = False


def precision(of: Records) -> Label:
    """Recorded coordinates of embeddings are numbers of the format, every one, or it is another."""
    name, values = of.setting.precision, of.log["coordinate"]
    known = np.flatnonzero(~np.isnan(values))
    if name == "float64":
        return Label(True, "float64: all recorded numbers are")
    if not len(known):
        return Label(None, "no coordinate of an embedding is in the log")
    wrong = known[rounded(values[known], name) != values[known]]
    if not len(wrong):
        return Label(True, f"all {len(known)} recorded coordinates are numbers of {name}")
    words = (f"{len(wrong)} of {len(known)} recorded coordinates are no numbers of {name}, such as {values[wrong[0]]!r} at"
             f" {of.log.place(int(wrong[0]))}: embeddings were kept in a finer format, and bounds are wider than its rounding")  # fmt: skip
    return Label(False, words, misleads=True)


def longest(of: Records) -> float:
    """The largest |u||g| of the run."""
    seen = of.sizes[of.has_gradient]
    return float(seen.max()) if len(seen) else 0.0


def within(of: Records) -> Records | None:
    """The log with the slopes that were seen for its bound, where that is longer; None where it is not."""
    given, seen = of.setting.slope_bound, longest(of)
    if given is None or not 0 < seen < given:
        return None
    return Records(replace(of.log, setting=replace(of.setting, slope_bound=seen)))


def judged(of: Records, check: Callable[[Records], tuple[Finding, ...]]) -> tuple[tuple[Finding, ...], Label]:
    """What laws say that allow for slopes; those that hold by the length of ``slope_bound`` alone say nothing.

    They hold with the bound and fail with the longest |u||g| of the run in its place. That proves no error of the bound, as slopes
    may cancel; but nothing in the log tells such an excuse from a law that is broken.
    """
    found, tight = check(of), within(of)
    given = of.setting.slope_bound
    if given is None:
        return found, Label(None, "not given: the largest |u||g| of a record, or the run's median, stands in for it")
    if tight is None:
        return found, Label(True, f"{given:g}, and the run has an |u||g| that is no shorter")
    times = f"slope_bound = {given:g} is {given / longest(of):.3g} times the largest |u||g| of the run"
    strict = {f.law: f for f in check(tight)}
    excused = [f.law for f in found if f.verdict == HOLDS and strict[f.law].verdict == FAILS]
    hidden = [f.law for f in found if f.verdict == SILENT and strict[f.law].verdict != SILENT]
    reason = f"{times}, and the law fails with that in its place: whether rounding or a wrong law is off so far cannot be said"
    found = tuple(replace(f, verdict=SILENT, reason=reason) if f.law in excused else f for f in found)
    wrong = bool(excused) or any(strict[name].verdict == FAILS for name in hidden)
    return found, Label(None if excused or hidden else True, _words(of, times, excused + hidden), misleads=wrong)


def _words(of: Records, times: str, undecided: Sequence[str]) -> str:
    """What cannot be told under the bound."""
    index = np.flatnonzero(of.has_gradient & (of.sizes > 0))
    share = float(np.median((rounding.radial(of) / np.where(of.sizes > 0, of.sizes, 1.0))[index]))
    told = f"{times}: a radial part of {100 * share:.2g} % of a gradient or less is taken for rounding"
    return told + (f", so that nothing can be said of: {', '.join(undecided)}" if undecided else "")
