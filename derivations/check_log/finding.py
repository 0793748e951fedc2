"""What one law says of one log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.check_log.records import Records
from theory.claims import Formulas

Ledger = Mapping[str, Formulas]  # formulas by the label of their claim
HOLDS, FAILS, SILENT = "holds", "fails", "not applicable"
NO_GRADIENT = "no gradient is in the log"
NO_MOVE = "what the embedding was after a step is not in the log"
UNDECIDED = "a figure of it is no finite number, which neither agrees with a law nor contradicts it: beyond float64's range"
TOO_SMALL = "every step is smaller than what rounding at this precision may move"


@dataclass(frozen=True)
class Finding:
    """``deviation`` is how far ``observed`` is from ``predicted``, one-sided where the law is, and ``bound`` how far it may be.

    The figures are those of the comparison that comes closest to its bound, or exceeds it most; ``at`` says where, ``compared`` how many
    there were that could tell the law from a wrong one, of the ``relevant`` ones, of which the law claims anything. ``reason`` says why
    a law does not speak of the log, ``note`` what else to know.
    """

    law: str
    claims: tuple[str, ...]
    words: str
    verdict: str
    reason: str = ""
    note: str = ""
    observed: float = float("nan")
    predicted: float = float("nan")
    deviation: float = float("nan")
    bound: float = float("nan")
    compared: int = 0
    relevant: int = 0
    exceeding: int = 0
    at: str = ""

    def noting(self, note: str) -> Finding:
        """With one more note."""
        return replace(self, note="; ".join(n for n in (self.note, note) if n))


@dataclass(frozen=True)
class Law:
    """A law's name, the claims whose formulas it compares, and what it says."""

    name: str
    claims: tuple[str, ...]
    words: str

    def silent(self, reason: str) -> Finding:
        """It does not speak of this log."""
        return Finding(self.name, self.claims, self.words, SILENT, reason)

    def decided(self, observed: float, predicted: float, deviation: float, bound: float, compared: int, at: str = "") -> Finding:
        """One comparison, of the whole log; none where a figure is no number."""
        if np.isfinite(bound) and not undecided(observed, predicted, deviation, bound).any():
            return self._decided(observed, predicted, deviation, bound, compared, at)
        return replace(self.silent(UNDECIDED), compared=0, relevant=compared, at=at)

    def _decided(self, observed: float, predicted: float, deviation: float, bound: float, compared: int, at: str) -> Finding:
        verdict = HOLDS if deviation <= bound else FAILS
        return Finding(
            self.name, self.claims, self.words, verdict, observed=float(observed), predicted=float(predicted), deviation=float(deviation),
            bound=float(bound), compared=compared, relevant=compared, exceeding=int(verdict == FAILS), at=at,
        )  # fmt: skip

    def compared(self, of: Records, index: Any, observed: Any, predicted: Any, bound: Any, seen: Any, unseen: str,
                 deviation: Any = None, relevant: Any = True) -> Finding:  # fmt: skip
        """Many comparisons, one for each record of ``index``. Those that are not ``seen`` are too small to tell the law from others.

        They may not exceed their bounds either. A law holds only if more than half of the ``relevant`` records could have told: then
        a training that breaks it at half of them or more, however these are chosen, breaks it where it is seen (pigeonhole). If no
        more could, the law says nothing, and ``unseen`` says why.
        """
        gap = np.abs(np.asarray(observed) - predicted) if deviation is None else deviation
        o, p, g, b, s, about = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (observed, predicted, gap, bound, seen, relevant)))
        unknown = undecided(o, p, g, b)
        exceeded = ~(g <= b) & ~unknown
        if unknown.any() and not exceeded.any():
            where = of.log.place(int(index[int(np.argmax(unknown))]))
            return replace(self.silent(f"{UNDECIDED} ({where})"), relevant=int(np.sum(about > 0)), at=where)
        g = np.where(unknown, 0.0, g)
        told, asked = int(np.sum((s > 0) & (about > 0))), int(np.sum(about > 0))
        if not exceeded.any() and 2 * told <= asked:
            some = f"only {told} of {asked} records could tell this law from a wrong one, more than half must: " if told else ""
            return replace(self.silent(some + unseen), compared=told, relevant=asked)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(g == 0, 0.0, g / b)
        ratio = np.where(np.isnan(ratio), np.inf, ratio)
        worst = int(np.argmax(np.where(((s > 0) & ~unknown) | exceeded, ratio, -1.0)))
        count = int(np.sum(((s > 0) & (about > 0)) | exceeded))
        found = self._decided(o[worst], p[worst], g[worst], b[worst], count, of.log.place(int(index[worst])))
        return replace(found, relevant=max(asked, count), exceeding=int(np.sum(exceeded)), verdict=FAILS if exceeded.any() else HOLDS)


def undecided(observed: Any, predicted: Any, deviation: Any, bound: Any) -> Any:
    """Where figures are no finite numbers; an infinite bound is one that allows anything, and tells nothing apart."""
    finite = np.isfinite(np.asarray(observed)) & np.isfinite(np.asarray(predicted)) & np.isfinite(np.asarray(deviation))
    return ~finite | ~(np.asarray(bound) > -np.inf)
