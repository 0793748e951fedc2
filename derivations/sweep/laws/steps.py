"""Laws of one step, exact but for rounding, at every step of every replicate: balance, right angles, and each rule's own recursion."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.evidence.formulas import value
from derivations.sweep.cells import Cell, Setting
from derivations.sweep.laws import rule_steps
from derivations.sweep.laws.definition import Comparison, Law, Ledger, worst
from derivations.sweep.laws.runs import SIMULATED, CellRun, reads, simulate
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.laws.imprint.drift_heat_decay_equilibrium import DRIFT, HEAT
from theory.notation import eta, lam, r, z0

TOO_SMALL = "every step is smaller than what rounding at this precision may move"
INNER_PRODUCTS = "a loss on inner products is not scale-invariant (A8a says what its radial gradient is)"


def scale_invariant(setting: Setting) -> str:
    """Why the gradient has a radial part, or nothing."""
    if setting["loss"] not in (*SIMULATED, "prescribed"):
        return "a loss of whole batches is not simulated row by row (the law batch_gradients is about it)"
    return INNER_PRODUCTS if setting["loss"] == "dot_product_infonce" else ""


def _balance_excuse(setting: Setting) -> str:
    if setting["loss"] not in (*SIMULATED, "prescribed"):
        return scale_invariant(setting)
    if setting["optimizer"] == "riemannian_sgd":
        return "the step is scaled back to the sphere: it is not (1 - p) u - eta s"
    if setting["optimizer"] in ("adamp", "sgdp") and setting["decay"] == "decoupled":
        return "projected rules let a share of decoupled decay act, which depends on the step (the law step has it)"
    return ""


def _balance(ledger: Ledger, cell: Cell) -> Comparison:
    """C0 for what was drawn: the squared norm after a step from the drift and the heat of that step."""
    of = simulate(cell)
    product = of.product if cell.setting["decay"] == "decoupled" else 0.0
    known: dict[Any, Any] = {r: np.sqrt(of.before), DRIFT: of.run.drifts, HEAT: of.run.heats, eta: of.step_size,
                             lam: product / of.step_size}  # fmt: skip
    claimed = np.where(of.acted, value(ledger["C0"]["mean_next_squared_norm"], known), of.before)
    bound = of.error(1 - product)
    return worst(of.after, claimed, bound, np.abs(of.after - of.before) > 4 * bound, unseen=TOO_SMALL, power=2)


def _right_angle(ledger: Ledger, cell: Cell) -> Comparison:
    """A1: the radial gradient, over the length of the slopes that are pulled back."""
    of = simulate(cell)
    claimed = float(value(ledger["A1"]["radial_gradient"], {}))
    seen = np.sqrt(of.run.energies) > 4 * of.radial
    longest = np.sqrt(of.run.energies)  # |<u, g>| is at most |u||g|
    return worst(of.run.radial, claimed, of.radial, seen, unseen="gradients are no longer than their rounding", size=longest)


def _step(ledger: Ledger, cell: Cell) -> Comparison:
    """The recursion that the ledger has for this rule."""
    return rule_steps.compare(ledger, cell, TOO_SMALL)


def _sandwich_excuse(setting: Setting) -> str:
    plain = setting["optimizer"] == "sgd" and setting["decay"] == "none" and setting["precision"] == "float64"
    return scale_invariant(setting) or ("" if plain else "B4 is about SGD without weight decay, in exact arithmetic")


def _sandwich(ledger: Ledger, cell: Cell) -> Comparison:
    """B4: the fourth power after the run between both bounds."""
    of = simulate(cell)
    drives = of.step_size**2 * of.run.energies
    start, total, end = of.before[:, 0] ** 2, drives.sum(axis=1), of.after[:, -1] ** 2
    known = {z0: start, A: total, M: drives.max(axis=1)}
    low = value(ledger["B4"]["lower"], known)
    high = low + np.where(total > 0, value(ledger["B4"]["upper_excess"], {**known, M: np.maximum(known[M], 1e-300)}), 0.0)
    off = np.maximum(np.maximum(low - end, end - high), 0.0)
    bound = fourth_power_rounding(of)
    off = np.where(np.isfinite(low) & np.isfinite(high), off, np.nan)
    nearest = np.where(end < (low + high) / 2, low, high)
    return worst(end, nearest, bound, total > 4 * bound, deviation=off, unseen="the run's growth is below its rounding", power=4,
                 interval=(high - low) / 2, size=np.minimum(end, np.abs(low)))  # fmt: skip


def fourth_power_rounding(of: CellRun) -> Any:
    """As `steps.Path.fourth_power_rounding`: a step adds 3 times its squared norm times its bound, later steps multiply it."""
    added = 3 * np.maximum(of.after, of.before) * of.error(1.0, of.radial * of.gains)
    gains = np.maximum(1, (of.step_size**2 * of.run.energies / of.before**2) ** 2)
    return np.sum(added * np.cumprod(gains[:, ::-1], axis=1)[:, ::-1] / gains, axis=1)


LAWS = (
    Law("balance", "C0: |u'|^2 from the drift and heat of the step, any rule, loss and precision", ("C0",), reads, _balance_excuse,
        _balance),
    Law("right_angle", "A1: the gradient is orthogonal to the embedding, at every step of any run", ("A1",), reads, scale_invariant,
        _right_angle),
    Law("step", "B6, B8a, B8c, B8e, B10a to B10e: |u'|^2 by the rule's own recursion", rule_steps.CLAIMS, reads,
        lambda s: scale_invariant(s) or rule_steps.excuse(s), _step),
    Law("sandwich", "B4: r^4 after a run of SGD between its two bounds", ("B4",), reads, _sandwich_excuse, _sandwich),
)  # fmt: skip
