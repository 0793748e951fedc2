"""Laws of one step: the balance of drift, heat and decay of any rule, and SGD's own recursion, B2 and B6."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.finding import NO_GRADIENT, NO_MOVE, TOO_SMALL, Finding, Law, Ledger
from derivations.check_log.records import Records
from derivations.check_log.rules.applied import apart
from derivations.check_log.rules.rule import STANDS, moving
from derivations.evidence import Floats
from derivations.evidence.formulas import value
from theory.laws.dynamics.decay_equilibrium import RHO
from theory.laws.imprint.drift_heat_decay_equilibrium import DRIFT, HEAT
from theory.notation import G, eta, lam, r

BALANCE = Law("balance", ("C0",), "the change of |u|^2 is what drift, heat and decay of the step make it")
STEP = Law("step", ("B2", "B6"), "|u'|^2 = (1 - eta lambda)^2 |u|^2 + eta^2 G/|u|^2, at every step")
COORDINATES = "steps by coordinates are not tangential: the ledger claims their norm in the mean only (balance holds at every step)"
NOT_SGD = {
    "heavy_ball": "momentum: a step is made from old gradients too (the law shadow speaks of it)",
    "nesterov": "momentum: a step is made from old gradients too (the law shadow speaks of it)",
    "adam": COORDINATES, "rmsprop": COORDINATES, "lion": COORDINATES,
    "other": "the ledger knows no recursion for an optimiser that is not named",
}  # fmt: skip


def drift_and_heat(of: Records) -> tuple[Floats, Floats]:
    """``-<u, s>`` and ``|u|^2 |s|^2`` of the step s, which moves the embedding to ``(1 - p) u - eta s``; NaN where eta is 0.

    Coupled decay is part of the gradient, and so of s.
    """
    p = apart(of)
    with np.errstate(divide="ignore", invalid="ignore"):
        drift = (p * of.before + of.log["along"]) / of.eta
        square = p**2 * of.before + 2 * p * of.log["along"] + of.log["step_square"]
        return np.asarray(drift), np.asarray(np.maximum(square, 0) * of.before / of.eta**2)


def balance(of: Records, ledger: Ledger) -> Finding:
    """C0 for what was drawn: from inner products of the move to the norm that was measured by itself."""
    if not of.has_move.any():
        return BALANCE.silent(NO_MOVE)
    index = np.flatnonzero(of.has_move & (of.eta > 0))
    if not len(index):
        return BALANCE.silent(STANDS)
    drift, heat = drift_and_heat(of)
    known: dict[Any, Any] = {r: of.norm, DRIFT: drift, HEAT: heat, eta: of.eta, lam: np.divide(apart(of), of.eta, where=of.eta > 0,
                                                                                               out=np.zeros_like(of.eta))}  # fmt: skip
    claimed = value(ledger["C0"]["mean_next_squared_norm"], known)
    length = (1 + of.product) * of.norm + np.sqrt(of.log["step_square"])
    bound = rounding.measured(of, length**2 + of.after)
    seen = np.abs(of.after - of.before) > 4 * bound
    return BALANCE.compared(of, index, of.after[index], claimed[index], bound[index], seen[index], TOO_SMALL,
                            relevant=of.log["step_square"][index] > 0)  # fmt: skip


def step(of: Records, ledger: Ledger) -> Finding:
    """B2 without decay and B6 with it, in one formula each, at every record whose next norm is known."""
    if of.no_rows or of.setting.optimizer != "sgd":
        return STEP.silent(of.no_rows or NOT_SGD[of.setting.optimizer])
    index = np.flatnonzero(of.has_gradient & ~np.isnan(of.after))
    if not len(index):
        return STEP.silent("no two steps in a row, nor embeddings after a step, are in the log" if of.has_gradient.any() else NO_GRADIENT)
    claimed, bound = squared_norm(of, ledger), rounding.step(of)
    seen = np.abs(claimed - of.before) > 4 * bound
    return STEP.compared(of, index, of.after[index], claimed[index], bound[index], seen[index], TOO_SMALL, relevant=moving(of)[index])


def squared_norm(of: Records, ledger: Ledger) -> Floats:
    """What B2 or B6 makes of every record."""
    return next_square(ledger, of.norm, of.energy, of.eta, of.decay)


def next_square(ledger: Ledger, norm: Floats, energy: Floats, rate: Floats, decay: Floats) -> Floats:
    """B2 where there is no decay, B6 where there is."""
    known: dict[Any, Any] = {r: norm, G: energy, eta: rate, lam: decay}
    plain = value(ledger["B2"]["next_squared_norm"], known)
    kept = value(ledger["B6"]["decay_factor"], known)
    return np.where(decay > 0, value(ledger["B6"]["next_squared_norm"], {**known, RHO: kept}), plain)
