"""The norm at equilibrium under SGD, with momentum or without, predicted from the energy that was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.check_log.finding import NO_GRADIENT, NO_MOVE, Finding, Law, Ledger
from derivations.check_log.records import Records
from derivations.check_log.sampled import ERROR_RATE, RESOLVED
from derivations.check_log.settled import Window, window
from derivations.check_log.shadow import overlaps
from derivations.evidence import Floats
from derivations.evidence.formulas import value
from theory.momentum import BETA
from theory.notation import G, eta, lam

LEVEL = Law("equilibrium", ("B6", "B8d", "B8e", "B12c", "B12d", "B12f", "B12i"),
            "the norm at which heat and decay balance, from the energy that was measured")


@dataclass(frozen=True)
class Level:
    """Of each row (m) norms measured and predicted; ``memory`` in steps, ``white`` the heat over that of white gradients."""

    rows: Any  # the first record of each
    measured: Floats
    predicted: Floats
    memory: float
    white: float
    steps: int


def excuse(of: Records) -> str:
    """Why no equilibrium is claimed, or nothing."""
    s = of.setting
    if of.no_rows or not of.has_gradient.all():
        return of.no_rows or NO_GRADIENT
    if of.no_rule:
        return f"{of.no_rule}, so that no claim is known to be about it"
    if s.optimizer == "lion" and s.decay == "coupled":
        return "the ledger claims Lion's equilibrium for decoupled decay only (B12d)"
    if s.optimizer == "adam" and s.decay == "coupled" and s.momentum:
        return f"B12f speaks of L2 inside Adam without momentum; beta_1 is {s.momentum:g}"
    return "" if s.optimizer == "sgd" or of.has_move.all() else NO_MOVE


def check(of: Records, ledger: Ledger) -> tuple[Finding, Level | None]:
    """B6, B8d, B8e: ``E r^2/E r^-2`` is the r*^4 of the mean energy. Rules by coordinates are in `by_coordinate` and `l2_in_adam`."""
    if reason := excuse(of):
        return LEVEL.silent(reason), None
    by_coordinate = of.setting.optimizer in ("adam", "rmsprop", "lion")
    w = window(of, ledger, decays=True, always=by_coordinate)
    if isinstance(w, str):
        return LEVEL.silent(w), None
    if by_coordinate:
        from derivations.check_log import by_coordinate as decoupled
        from derivations.check_log import l2_in_adam as coupled

        return (coupled if of.setting.decay == "coupled" else decoupled).equilibrium(w, ledger)
    squares, inverses, energies = w.mean(of.before), w.mean(1 / of.before), w.mean(of.energy)
    scale, heat = _scale(w, ledger), _heat(w)
    found, width = w.interval(lambda square, inverse, energy: np.log(square / inverse / (scale * energy)), squares, inverses, energies)
    start, lag = w.unsettled(squares, 4, energies)
    parts = {f"blocks differ by {width:.2g}": width, f"the start is not forgotten ({start:.2g})": start,
             f"the energy changes faster than the norm can follow ({lag:.2g})": lag,
             f"gradients are not white: they heat {heat:.3g} times as much as white ones": abs(float(np.log(heat)))}  # fmt: skip
    measured = (squares.mean(axis=1) / inverses.mean(axis=1)) ** 0.25
    level = Level(w.first, measured, (scale * energies.mean(axis=1)) ** 0.25, w.memory, heat, w.length)
    return judged(w, found, parts, 4), level


def judged(w: Window, found: float, parts: dict[str, float], power: int) -> Finding:
    """``found``: the logarithm of r^power over the predicted one; ``parts`` add up to its bound, each with what it is."""
    held = w.rounded
    parts = {**parts, f"rounding may move the norm by {held:.2g} of what decay does": float(-np.log1p(-held)) if held < 1 else np.inf}
    bound = sum(parts.values())
    if not bound <= RESOLVED:
        return LEVEL.silent(f"the bound would be {bound:.2g}, too much to tell the law from others: {max(parts, key=lambda k: parts[k])}")
    rows = len(w.first)
    decided = LEVEL.decided(np.exp(found), 1.0, abs(found), bound, rows, f"{rows} rows together")
    words = f"r^{power} over the predicted one, mean over rows; {w.blocks} blocks of {w.length // w.blocks} steps"
    return decided.noting(f"{words}; error rate {ERROR_RATE:g}")


def rates(w: Window) -> dict[Any, Any]:
    """eta and lambda, which are constant in the window."""
    k = w.index[0]
    return {eta: float(w.of.eta[k]), lam: float(w.of.decay[k])}


def _scale(w: Window, ledger: Ledger) -> float:
    """r*^4 of energy 1."""
    s, known = w.of.setting, {**rates(w), G: 1.0}
    if s.optimizer == "sgd":
        return float(value(ledger["B6"]["equilibrium"], known))
    label = {"heavy_ball": "B8d", "nesterov": "B8e"}[s.optimizer]
    return float(value(ledger[label][f"{s.decay}_fourth"], {**known, BETA: s.momentum}))


def _heat(w: Window) -> float:
    """What the shadow is heated with, over what white gradients would heat it with: |g|^2 and twice the overlap with the momentum.

    The overlap is the only way in which gradients of other steps come into the squared length (B8a), so that r*^4 is in proportion.
    """
    of, s = w.of, w.of.setting
    if s.optimizer == "sgd":
        return 1.0
    overlap, squares = w.mean(overlaps(of)).mean(axis=1), w.mean(of.gradient**2).mean(axis=1)
    persists = s.momentum if s.optimizer == "heavy_ball" else s.momentum**2
    return float(np.mean(1 + 2 * persists * overlap / squares))
