"""The map of the imprint (C5 and what it rests on): norms by frequency, energy and rates, in the limit of small steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from derivations.evidence import Floats
from derivations.evidence.formulas import value
from derivations.sweep.cells import Cell, Setting
from derivations.sweep.laws.definition import Comparison, Law, Ledger, outside, worst
from derivations.sweep.laws.equilibrium import RESOLVED, TOO_LONG, in_the_mean, interval, known, start, told_apart
from derivations.sweep.laws.runs import reads as all_axes
from derivations.sweep.laws.runs import simulate
from derivations.sweep.laws.settled import MEMORY, Settled, rarely, reads, run, white
from derivations.sweep.laws.steps import fourth_power_rounding
from theory.imprint_map import BETA, THRESHOLD, N, P, Regime, regimes
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.notation import eta, r0, z0

RULES = ("sgd", *MEMORY, "normalized_sgd", "clipped_sgd", "riemannian_sgd")
SMALL = 0.1  # eta lambda up to which C5's evidence bounds what the limit leaves out


def _reads(setting: Setting) -> tuple[str, ...]:
    if setting["decay"] != "none":
        return reads(setting)
    return tuple(name for name in all_axes(setting) if name != "persistence")


def _excuse(setting: Setting) -> str:
    rule, decay = setting["optimizer"], setting["decay"]
    if rule not in RULES:
        return "the map's entries for this rule rest on steady coordinates (see the laws placed:...)"
    if decay == "coupled":
        return "the map is about decoupled decay"
    if decay == "none" and rule in MEMORY:
        return "the map's growth under momentum holds in the limit of long runs (momentum_growth has it at any length)"
    if decay != "none" and rule == "riemannian_sgd":
        return "the map has no entry: steps are scaled back to the norm they start from"
    if decay != "none" and setting["eta_lambda"] > SMALL:
        return f"the map is for small steps: what it leaves out is bounded up to eta lambda = {SMALL}"
    return white(setting)


def entry(setting: Setting, rows: str = "") -> Regime:
    """The map's entry for a setting; ``rows`` is hot or cold under clipping."""
    kind = "none" if setting["decay"] == "none" else "lazy" if setting.get("lazy") or setting["visits"] == 1 else "dense"
    found = [r for r in regimes() if (r.optimizer, r.decay, r.rows) == (setting["optimizer"], kind, rows)]
    return found[0]


def _rows(s: Setting, squares: Floats) -> str | None:
    """Whether every step is clipped, or none; None between."""
    if s["optimizer"] != "clipped_sgd":
        return ""
    lengths = np.sqrt(s["energy"] / squares)
    return "hot" if np.all(lengths >= s["threshold"]) else "cold" if np.all(lengths <= s["threshold"]) else None


def told(s: Setting) -> dict[Any, Any]:
    """Symbols of the map's formulas."""
    rates = {"eta_lambda": s.get("eta_lambda", 0.0), "energy": s.get("energy", 1.0)}
    return {**known({**s, **rates}), P: s["visits"], BETA: s.get("momentum", 0.0), THRESHOLD: s.get("threshold", 1.0)}


def _compare(ledger: Ledger, cell: Cell) -> Comparison:
    return _grown(ledger, cell) if cell.setting["decay"] == "none" else _resting(ledger, cell)


def _grown(ledger: Ledger, cell: Cell) -> Comparison:
    """Growth at every replicate against its own visits. What is not clipped may exceed the quartic law by the logarithm of B4."""
    s, of = cell.setting, simulate(Cell({**cell.setting, "persistence": 0.0}, cell.sweep_seed), seed=cell.seed)
    rows = _rows(s, of.run.squared_norms)
    if rows is None:
        return outside("B10b: the row is clipped at some steps and not at others")
    regime = formula_of(ledger, s, rows)
    first, last = of.before[:, 0], of.after[:, -1]
    at = {**told(s), N: of.run.visits.sum(axis=1), r0: np.sqrt(first), z0: first**2}
    claimed = value(regime[0], at)
    half = regime[1] // 2
    off, bound, excess = last**half - claimed, np.sum(of.error(1.0, of.radial * of.gains), axis=1), np.zeros_like(last)
    if half == 2:
        bound = fourth_power_rounding(of)
        drive = at[eta] ** 2 * s["energy"]
        known_to = {z0: first**2, A: np.maximum((last**2 - first**2) / 2, 0.0), M: drive}
        excess = value(ledger["B4"]["upper_excess"], known_to)
        off = np.where(off >= 0, np.maximum(off - excess, 0.0), -off)
    seen = (np.abs(last - first) > 4 * bound / np.maximum(last, first) ** (half - 1)) | (s["optimizer"] == "riemannian_sgd")
    return worst(last**half, claimed, bound, seen, deviation=np.abs(off), unseen="the growth is below its rounding", power=regime[1],
                 interval=np.abs(excess) / 2, size=np.minimum(last**half, np.abs(claimed)))  # fmt: skip


def formula_of(ledger: Ledger, s: Setting, rows: str) -> tuple[Any, int]:
    """The entry's formula and the power of the norm that it is. Where the ledger was changed, C5's own formula goes before the map's."""
    found = entry(s, rows)
    kind = {"none": "growth"}.get(found.decay, found.decay)
    own = {"sgd": f"sgd_{kind}", "normalized_sgd": f"normalized_{kind}"}.get(found.optimizer)
    return (ledger["C5"][own] if own else found.formula), found.power


def _resting(ledger: Ledger, cell: Cell) -> Comparison:
    s = cell.setting
    steady = s["optimizer"] == "normalized_sgd"
    if reason := rarely(s, ledger, 4 if steady else 16):
        return outside(reason)
    of = run(cell, start(s))
    if of is None:
        return outside(TOO_LONG)
    rows = _rows(s, of.every)
    if rows is None:
        return outside("B10b: the row is clipped at some steps and not at others")
    formula, power = formula_of(ledger, s, rows)
    claimed = float(value(formula, told(s)))
    if power == 2:
        return in_the_mean(of, claimed, 2)
    return _momentum(s, of, claimed) if s["optimizer"] in MEMORY else _fourth(s, of, claimed)


def _fourth(s: Setting, of: Settled, claimed: float) -> Comparison:
    """The mean of r^4, and what the limit of small steps leaves out of it, which the evidence of C5 derives."""
    fourths = of.squares**2
    q = s["eta_lambda"]
    found, width = interval(lambda mean: mean, fourths.mean(axis=1))
    left = q + s["step_size"] ** 2 * s["energy"] * float((1 / fourths).mean()) / (2 * (1 - q) ** 2)
    return told_apart(Comparison(found, claimed, abs(found - claimed), width + (left + of.forgotten + of.rounded) * found, 4))


def _momentum(s: Setting, of: Settled, claimed: float) -> Comparison:
    """``E r^2/E r^-2``, which exact moments have within 4 eta lambda/(1 - beta) of the limit (`equilibria.limits`)."""
    left = 4 * s["eta_lambda"] / (1 - s["momentum"])
    if left > RESOLVED:
        return outside("eta lambda is not far below 1 - beta: the limit leaves too much out")
    found = in_the_mean(of, claimed, 4)
    return found if found.reason else told_apart(replace(found, bound=found.bound + left * found.observed))


LAWS = (
    Law("map", "C5 and the map of the imprint: growth and equilibrium by frequency, energy and rates, for small steps", ("C5", "B4", "C6"),
        _reads, _excuse, _compare),
)  # fmt: skip
