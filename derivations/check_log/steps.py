"""Laws of one step: the balance of drift, heat and decay of any rule, and SGD's own recursion, B2 and B6."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.finding import Finding, Law, Ledger
from derivations.check_log.records import Records
from derivations.evidence import Floats
from derivations.evidence.formulas import value
from theory.laws.dynamics.decay_equilibrium import RHO
from theory.laws.imprint.drift_heat_decay_equilibrium import DRIFT, HEAT
from theory.notation import G, eta, lam, r

BALANCE = Law("balance", ("C0",), "the change of |u|^2 is what drift, heat and decay of the step make it")
RULE = Law("update rule", (), "the move is minus the learning rate times the gradient, and decay: the optimiser is the one named")
STEP = Law("step", ("B2", "B6"), "|u'|^2 = (1 - eta lambda)^2 |u|^2 + eta^2 G/|u|^2, at every step")
TOO_SMALL = "every step is smaller than what rounding at this precision may move"
NO_MOVE = "what the embedding was after a step is not in the log"
NO_GRADIENT = "no gradient is in the log"
COORDINATES = "steps by coordinates are not tangential: the ledger claims their norm in the mean only (balance holds at every step)"
STANDS = "at every record the learning rate is 0"
NOT_SGD = {
    "heavy_ball": "momentum: a step is made from old gradients too (the law shadow speaks of it)",
    "nesterov": "momentum: a step is made from old gradients too (the law shadow speaks of it)",
    "adam": COORDINATES, "rmsprop": COORDINATES, "other": "the ledger knows no recursion for an optimiser that is not named",
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


def apart(of: Records) -> Floats:
    """``eta lambda`` of decay that acts beside the step; 0 of decay that is part of the gradient."""
    return of.product * (of.setting.decay != "coupled")


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


def update_rule(of: Records, _: Ledger) -> Finding:
    """SGD's step by its definition, through its products with u, with g and with itself."""
    if of.no_rows:
        return RULE.silent(of.no_rows)
    if of.setting.optimizer != "sgd":
        return RULE.silent("only plain SGD's move is a function of what is logged at that step")
    index = np.flatnonzero(of.has_move & of.has_gradient)
    if not len(index):
        return RULE.silent(NO_MOVE if of.has_gradient.any() else NO_GRADIENT)
    p, length, leg = of.product, rounding.size(of), of.eta * of.gradient
    square = of.gradient**2
    moved = rounding.stored(of, length)
    found = []
    for seen, want, arm in (
        (of.log["along"], -p * of.before - of.eta * of.radial, of.norm),
        (of.log["against"], -p * of.radial - of.eta * square, of.gradient),
        (of.log["step_square"], p**2 * of.before + 2 * p * of.eta * of.radial + leg**2, 2 * (p * of.norm + leg) + moved),
    ):
        bound = moved * arm + rounding.measured(of, (length + np.sqrt(of.log["step_square"])) * arm)
        found.append(RULE.compared(of, index, seen[index], want[index], bound[index], (np.abs(want) > 4 * bound)[index], TOO_SMALL,
                                   relevant=moving(of)[index]))  # fmt: skip
    return max(found, key=_badness)


def _badness(f: Finding) -> float:
    return -1.0 if f.reason else np.inf if not f.deviation <= f.bound else f.deviation / f.bound


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


def moving(of: Records) -> Any:
    """Where a rule moves a row: at a learning rate above 0, by a gradient or by decay."""
    return (of.eta > 0) & ((of.gradient > 0) | (of.product > 0))


def squared_norm(of: Records, ledger: Ledger) -> Floats:
    """What B2 or B6 makes of every record."""
    return next_square(ledger, of.norm, of.energy, of.eta, of.decay)


def next_square(ledger: Ledger, norm: Floats, energy: Floats, rate: Floats, decay: Floats) -> Floats:
    """B2 where there is no decay, B6 where there is."""
    known: dict[Any, Any] = {r: norm, G: energy, eta: rate, lam: decay}
    plain = value(ledger["B2"]["next_squared_norm"], known)
    kept = value(ledger["B6"]["decay_factor"], known)
    return np.where(decay > 0, value(ledger["B6"]["next_squared_norm"], {**known, RHO: kept}), plain)
