"""How much of a design a law was put to: cells by law, and by every value of every axis, with their verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from derivations.evidence import Floats
from derivations.sweep.axes import axes
from derivations.sweep.cell_work import VERDICTS
from derivations.sweep.dataset import FIGURES
from derivations.sweep.table import COMPARED, Rows

BLUNT = 0.1  # a bound as wide as this lets a formula pass that is off by a tenth
BINS = 5  # of an axis with more values than that
WORST = 10


def by_law(rows: Rows) -> list[dict[str, Any]]:
    """One line a law: verdicts, the largest share of its bound that a cell that holds takes up, and how wide bounds are.

    ``width`` is the median over cells that were compared, ``blunt`` the share of them above `BLUNT`,
    ``widest`` the largest of those that hold; None where a law has no size.
    """
    ratios, found = rows.ratios, []
    for law in sorted(set(rows.columns["law"])):
        mine = rows.columns["law"] == law
        held = ratios[mine & rows.are("holds")]
        widths, tight = rows.columns["width"][mine & rows.are(*COMPARED)], rows.columns["width"][mine & rows.are("holds")]
        found.append({"law": law, "cells": int(mine.sum()), **_verdicts(rows, mine), "closest": float(held.max()) if len(held) else None,
                      "width": _known(widths, np.median),
                      "blunt": _known(widths, lambda w: np.mean(w > BLUNT)), "widest": _known(tight, np.max)})  # fmt: skip
    return found


def _known(widths: Floats, figure: Callable[[Floats], Any]) -> float | None:
    """Of those that are numbers."""
    there = widths[~np.isnan(widths)]
    return float(figure(there)) if len(there) else None


def by_axis(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """For every axis that takes more than one value: each value, or each of some intervals, with its verdicts."""
    found = {}
    for axis in axes().values():
        if axis.name == "law":
            continue
        column = rows.columns[axis.name]
        groups = _intervals(np.asarray(column, dtype=float)) if axis.ranged else _values(column)
        if len(groups) > 1:
            found[axis.name] = [{"value": words, "cells": int(mine.sum()), **_verdicts(rows, mine)} for words, mine in groups]
    return found


def _values(column: Any) -> list[tuple[str, Any]]:
    present = sorted({str(v) for v in column if v is not None})
    words = np.array([str(v) if v is not None else "" for v in column])
    return [(value, words == value) for value in present]


def _intervals(column: Any) -> list[tuple[str, Any]]:
    present = np.unique(column[~np.isnan(column)])
    if len(present) <= BINS:
        return [(f"{v:g}", column == v) for v in present]
    edges = np.unique(np.quantile(column[~np.isnan(column)], np.linspace(0, 1, BINS + 1)))
    found = []
    for i, (low, high) in enumerate(pairwise(edges)):
        last = i == len(edges) - 2
        inside = (column >= low) & ((column <= high) if last else (column < high))
        found.append((f"{low:.3g} to {high:.3g}", inside))
    return found


def _verdicts(rows: Rows, mine: Any) -> dict[str, int]:
    counts = Counter(rows.columns["verdict"][mine])
    return {word: counts[word] for word in VERDICTS}


def reasons(rows: Rows) -> list[dict[str, Any]]:
    """Why laws did not speak, and how often."""
    counts = Counter(rows.columns["note"][rows.are("vacuous")])
    return [{"note": note, "cells": count} for note, count in counts.most_common()]


def short(rows: Rows) -> list[dict[str, Any]]:
    """Every cell that fails or has an error."""
    return [_row(rows, int(i)) for i in np.flatnonzero(rows.are("fails", "error"))]


def closest(rows: Rows) -> list[dict[str, Any]]:
    """Of the cells that hold, those nearest to their bound; at most two a law, so that one law does not hide the others."""
    ratios, found, seen = rows.ratios, list[dict[str, Any]](), Counter[str]()
    for i in np.argsort(np.where(rows.are("holds"), -ratios, np.inf), kind="stable"):
        law = rows.columns["law"][i]
        if not rows.are("holds")[i] or len(found) == WORST:
            break
        if seen[law] < 2:
            seen[law] += 1
            found.append(_row(rows, int(i)))
    return found


def _row(rows: Rows, place: int) -> dict[str, Any]:
    figures = {name: float(rows.columns[name][place]) for name in FIGURES}
    return {"cell": rows.columns["cell"][place], "verdict": rows.columns["verdict"][place], "note": rows.columns["note"][place],
            **figures, "share": float(rows.ratios[place]), "setting": rows.setting(place),
            "again": f"normlaw sweep cell {rows.folder} {rows.columns['cell'][place]}"}  # fmt: skip
