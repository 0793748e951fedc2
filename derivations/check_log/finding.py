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


@dataclass(frozen=True)
class Finding:
    """``deviation`` is how far ``observed`` is from ``predicted``, one-sided where the law is, and ``bound`` how far it may be.

    The figures are those of the comparison that comes closest to its bound, or exceeds it most; ``at`` says where, ``compared`` how many
    there were that could tell the law from a wrong one. ``reason`` says why a law does not speak of the log, ``note`` what else to know.
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
        """One comparison, of the whole log."""
        verdict = HOLDS if deviation <= bound else FAILS  # a NaN fails
        return Finding(
            self.name, self.claims, self.words, verdict, observed=float(observed), predicted=float(predicted), deviation=float(deviation),
            bound=float(bound), compared=compared, exceeding=int(verdict == FAILS), at=at,
        )  # fmt: skip

    def compared(self, of: Records, index: Any, observed: Any, predicted: Any, bound: Any, seen: Any, unseen: str,
                 deviation: Any = None) -> Finding:  # fmt: skip
        """Many comparisons, one for each record of ``index``. Those that are not ``seen`` are too small to tell the law from others.

        They may not exceed their bounds either; if there are no others the law says nothing, and ``unseen`` says why.
        """
        gap = np.abs(np.asarray(observed) - predicted) if deviation is None else deviation
        o, p, g, b, s = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (observed, predicted, gap, bound, seen)))
        exceeded = ~(g <= b)
        if not len(g) or (not s.any() and not exceeded.any()):
            return self.silent(unseen)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(g == 0, 0.0, g / b)
        ratio = np.where(np.isnan(ratio), np.inf, ratio)
        worst = int(np.argmax(np.where((s > 0) | exceeded, ratio, -1.0)))
        found = self.decided(o[worst], p[worst], g[worst], b[worst], int(np.sum((s > 0) | exceeded)), of.log.place(int(index[worst])))
        return replace(found, exceeding=int(np.sum(exceeded)), verdict=FAILS if exceeded.any() else HOLDS)
