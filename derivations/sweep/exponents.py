"""Exponents of the norm over a design: one fit of ``ln r`` in the logarithms of all axes at once, beside the same of the prediction.

Cells of one law, rule and kind of decay are a group. The interval is 95 %, with standard errors that hold for any spread of
errors (White 1980). What the map of the imprint says is the logarithmic derivative of its entry once the start is outgrown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from derivations.evidence import Floats
from derivations.sweep.table import COMPARED, Rows
from theory.imprint_map import N, P, Regime, regimes
from theory.notation import G, eta, k, lam, r0, z0

NORMAL = 1.959963984540054  # of 95 %
FEWEST = 4  # cells for every unknown of a fit
SMALL = 0.1  # eta lambda up to which norms are powers
OUTGROWN = 16.0  # times what was there at first, in the power that is claimed
PRODUCT = sp.Symbol("q", positive=True)  # eta lambda, which is the axis
SYMBOLS = {"step_size": eta, "eta_lambda": PRODUCT, "visits": P, "energy": G, "steps": k}


@dataclass(frozen=True)
class Fit:
    """One exponent of one group; ``mapped`` is NaN where the map has no entry, or no exponent that is a number."""

    law: str
    optimizer: str
    decay: str
    rows: str  # dense, lazy, or nothing
    axis: str
    cells: int
    observed: float
    within: float  # half the interval
    predicted: float
    mapped: float


def fits(rows: Rows) -> list[Fit]:
    """Of every group that has cells enough."""
    return [fit for key, mine in _groups(rows) for fit in _fitted(rows, key, mine)]


def why_none(rows: Rows) -> str:
    """What a fit would need and the rows have not."""
    groups = [(int(mine.sum()), key, _moving(rows, mine)) for key, mine in _groups(rows)]
    if not groups:
        return "no cell here compares a norm with the laws equilibrium or map where a power of the axes is claimed"
    if not any(moving for *_, moving in groups):
        return f"none of {', '.join(SYMBOLS)} takes three values or more in one law, rule and kind of decay"
    count, key, moving = max((g for g in groups if g[2]), key=lambda g: g[0] - _needed(len(g[2])))
    return f"too few cells; {' '.join(key)} has {count}, and {_needed(len(moving))} are needed where {', '.join(moving)} vary"


def _groups(rows: Rows) -> Iterator[tuple[tuple[str, str, str, str], Any]]:
    c = rows.columns
    usable = rows.are(*COMPARED) & np.isin(c["law"], ("equilibrium", "map")) & (c["observed"] > 0) & (c["predicted"] > 0)
    usable &= ~(c["eta_lambda"] > SMALL) & ~((c["decay"] == "none") & (c["predicted"] < OUTGROWN * c["norm"] ** c["power"]))
    kinds = np.array(["" if visits == 1 else "lazy" if lazy else "dense" for visits, lazy in zip(c["visits"], c["lazy"], strict=True)])
    # a row that is visited at every step is dense and lazy at once
    for law, rule, decay in sorted({(a, b, d) for a, b, d in zip(*(c[n][usable] for n in ("law", "optimizer", "decay")), strict=True)}):
        mine = usable & (c["law"] == law) & (c["optimizer"] == rule) & (c["decay"] == decay)
        for kind in ("dense", "lazy"):
            yield (law, rule, decay, kind), mine & ((kinds == kind) | (kinds == ""))


def _moving(rows: Rows, mine: Any) -> list[str]:
    """Axes that take more than two values in a group."""
    columns = {axis: rows.columns[axis][mine] for axis in SYMBOLS}
    return [axis for axis, x in columns.items() if len(x) and not np.isnan(x).any() and len(np.unique(x)) > 2]


def _fitted(rows: Rows, key: tuple[str, str, str, str], mine: Any) -> list[Fit]:
    moving, count = _moving(rows, mine), int(mine.sum())
    if not moving or count < _needed(len(moving)):
        return []
    power = rows.columns["power"][mine]
    momentum, threshold, dimension = (rows.columns[name][mine] for name in ("momentum", "threshold", "dimension"))
    others = [np.log1p(-np.nan_to_num(momentum)), np.log(np.nan_to_num(threshold, nan=1.0)), np.log(dimension)]
    varied = [*(np.log(rows.columns[axis][mine]) for axis in moving), *(x for x in others if np.ptp(x) > 0)]
    design = np.column_stack([np.ones(count), *varied])
    seen, within = least_squares(design, np.log(rows.columns["observed"][mine]) / power)
    claimed, _ = least_squares(design, np.log(rows.columns["predicted"][mine]) / power)
    return [
        Fit(*key, axis, count, float(seen[i]), float(within[i]), float(claimed[i]), mapped(key, axis)) for i, axis in enumerate(moving, 1)
    ]


def _needed(axes: int) -> int:
    """Cells of a group for so many axes: unknowns are their exponents, the level, and up to two of the rule's own."""
    return FEWEST * (axes + 3)


def least_squares(design: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Coefficients, and half the width of their 95 % intervals."""
    inverse = np.linalg.pinv(design.T @ design)
    found = inverse @ design.T @ values
    left = values - design @ found
    count, unknowns = design.shape
    spread = inverse @ (design.T * left**2) @ design @ inverse * count / max(count - unknowns, 1)
    return found, NORMAL * np.sqrt(np.maximum(np.diag(spread), 0.0))


def mapped(key: tuple[str, str, str, str], axis: str) -> float:
    """What the map has for this group; for clipped rows, which are hot or cold, and for coupled momentum it has none."""
    _, rule, decay, kind = key
    if rule == "clipped_sgd" or (decay == "coupled" and rule != "sgd"):
        return float("nan")
    entries = [r for r in regimes() if r.optimizer == rule and r.decay == ("none" if decay == "none" else kind)]
    return exponent(entries[0], SYMBOLS[axis]) if entries else float("nan")


def exponent(regime: Regime, symbol: sp.Symbol) -> float:
    """``d ln r / d ln symbol`` at fixed eta lambda, once the start is outgrown; to leading order in eta lambda."""
    formula = regime.formula.subs({r0: 0, z0: 0}).subs(N, P * k).subs(lam, PRODUCT / eta)
    if formula == 0:  # what stays where it starts
        return 0.0
    found = sp.cancel(symbol * sp.diff(formula, symbol) / (regime.power * formula))
    limit = sp.limit(found, PRODUCT, 0) if found.has(PRODUCT) else found
    return float(limit) if limit.is_Number else float("nan")


def document(found: list[Fit]) -> list[dict[str, Any]]:
    """For JSON."""
    return [{**vars(f), "mapped": f.mapped if f.mapped == f.mapped else None} for f in found]
