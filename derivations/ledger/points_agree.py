"""Whether the points of a run are those of its ledger: of each comparison the same worst setting, and deviations that are the points' own.

A point has six digits, so that each number is off by half a unit in the sixth; no more than that is let pass.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from derivations.ledger.points import ClaimPoints, Points

HALF_A_DIGIT = 5.0e-6 * 1.001  # of the first digit being 1, with room for the arithmetic here
Document = Mapping[str, Any]


def disagreement(ledger: Document, points: Mapping[str, ClaimPoints]) -> str:
    """The first comparison whose points are not those of the ledger, in words; empty if there is none."""
    for claim in ledger["claims"]:
        for found, m in _pairs(claim, points[claim["id"]]):
            if what := _of_comparison(found, m):
                return f"{claim['id']}: {m['what']}: {what}"
    return ""


def _pairs(claim: Document, of: ClaimPoints) -> Iterator[tuple[Points, Document]]:
    """Points beside what the ledger says of them, of the law's comparisons and its witnesses'; not where one has none."""
    both = list(zip(of.measurements, claim["evidence"]["measurements"], strict=True))
    for hypothesis in claim["hypotheses"]:
        if (numeric := hypothesis["numeric"]) is not None:
            both += zip(of.witnesses[hypothesis["id"]], (numeric["kept"], numeric["dropped"]), strict=True)
    yield from ((p, m) for p, m in both if p is not None and m is not None)


def _of_comparison(found: Points, m: Document) -> str:
    if (found.what, found.settings) != (m["what"], m["settings"]):
        return f"points.json has {found.settings} settings of {found.what!r}, and the ledger {m['settings']}"
    if not found.labels:
        return ""
    told, seen = _share(*(float("nan") if m[name] is None else float(m[name]) for name in ("observed", "bound"))), _worst(found)
    if not (seen == told or (math.isnan(seen) and math.isnan(told)) or abs(seen - told) <= 2 * HALF_A_DIGIT * abs(told)):
        return f"the worst of its points is at {seen:.6g} times the bound, and the ledger says {told:.6g}"
    return _of_points(found)


def _of_points(found: Points) -> str:
    """A deviation is the distance of what was observed and predicted, in the direction that counts."""
    if found.observed is None or found.predicted is None:
        return ""
    for seen, said, deviation, label in zip(found.observed, found.predicted, found.deviations, found.labels, strict=True):
        over = {"equal": abs(seen - said), "at least": max(0.0, said - seen), "at most": max(0.0, seen - said)}[found.side]
        if not math.isfinite(over + deviation):
            continue
        if abs(over - deviation) > HALF_A_DIGIT * (abs(seen) + abs(said) + abs(deviation)):
            return f"observed {seen:.6g} and predicted {said:.6g} do not differ by {deviation:.6g}, for {label}"
    return ""


def _worst(found: Points) -> float:
    """The largest share of the bound; NaN if one is."""
    shares = [_share(d, b) for d, b in zip(found.deviations, found.bounds, strict=True)]
    return math.nan if any(map(math.isnan, shares)) else max(shares)


def _share(deviation: float, bound: float) -> float:
    if bound == 0:
        return 0.0 if deviation == 0 else math.inf
    return deviation / bound
