"""The norm at equilibrium, predicted from the heat that was measured, by the ledger's law for the optimiser that was logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.check_log.finding import Finding, Law, Ledger
from derivations.check_log.records import Records
from derivations.check_log.sampled import ERROR_RATE, RESOLVED
from derivations.check_log.settled import Window, window
from derivations.check_log.shadow import overlaps
from derivations.check_log.steps import NO_GRADIENT, NO_MOVE, drift_and_heat
from derivations.evidence import Floats
from derivations.evidence.formulas import value
from theory.laws.dynamics import adam_norm_grows_by_dimension as adam
from theory.laws.dynamics import adamw_equilibrium as adamw
from theory.laws.dynamics.adam_epsilon_turns_it_into_sgd import EPSILON, SIGMA
from theory.momentum import BETA
from theory.notation import G, eta, lam, r

LEVEL = Law("equilibrium", ("B6", "B8d", "B8e", "B12c"), "the norm at which heat and decay balance, from the energy that was measured")
GROWTH = Law("growth", ("B12b", "B12e"), "Adam adds the dimension times the squared learning rate to |u|^2 a step")


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
    if s.optimizer == "adam" and s.decay == "coupled":
        return "L2 inside Adam: B12f speaks of even coordinates and no momentum only"
    if s.optimizer not in ("sgd", "heavy_ball", "nesterov", "adam"):
        return "the ledger has no equilibrium for this optimiser that a log can decide"
    return "" if s.optimizer == "sgd" or of.has_move.all() else NO_MOVE


def check(of: Records, ledger: Ledger) -> tuple[Finding, Level | None]:
    """B6, B8d, B8e: ``E r^2/E r^-2`` is the r*^4 of the mean energy. B12c: E r^2 is the r*^2 of the dimension."""
    if reason := excuse(of):
        return LEVEL.silent(reason), None
    is_adam = of.setting.optimizer == "adam"
    w = window(of, ledger, decays=True, always=is_adam)
    if isinstance(w, str):
        return LEVEL.silent(w), None
    power = 2 if is_adam else 4
    squares, energies = w.mean(of.before), w.mean(of.energy)
    inverses = w.mean(1 / of.before)
    scale = _adam_scale(w, ledger) if is_adam else _linear_scale(w, ledger)
    heat, epsilon = _whiteness(w, ledger)

    def ratio(square: Floats, inverse: Floats, energy: Floats) -> Floats:
        observed, wide = (square, np.ones_like(energy)) if is_adam else (square / inverse, energy)
        return np.log(observed / (wide * _like(scale * epsilon ** (power == 2), observed)))

    found, width = w.interval(ratio, squares, inverses, energies)
    start, lag = w.unsettled(squares, power, None if is_adam else energies)
    bound = width + start + lag + abs(np.log(heat)) + abs(np.log(epsilon)) * is_adam
    every = squares.mean(axis=1) if is_adam else squares.mean(axis=1) / inverses.mean(axis=1)
    claimed = scale * epsilon if is_adam else scale * energies.mean(axis=1)
    level = Level(w.first, every ** (1 / power), np.broadcast_to(claimed, every.shape) ** (1 / power), w.memory, heat, w.length)
    why = {f"blocks differ by {width:.2g}": width, f"the start is not forgotten ({start:.2g})": start,
           f"the energy changes faster than the norm can follow ({lag:.2g})": lag,
           f"gradients are not white: the heat is {heat:.3g} times that of white ones": abs(np.log(heat)),
           f"Adam's epsilon takes {100 * (1 - epsilon):.2g} % off": abs(np.log(epsilon)) * is_adam}  # fmt: skip
    if not bound <= RESOLVED:
        return LEVEL.silent(f"too much is not as the law supposes: {max(why, key=lambda k: why[k])}"), level
    decided = LEVEL.decided(np.exp(found), 1.0, abs(found), bound, len(every), f"{len(every)} rows together")
    words = f"r^{power} over the predicted one, mean over rows; {w.blocks} blocks of {w.length // w.blocks} steps"
    words += f"; error rate {ERROR_RATE:g}"
    return decided.noting(words), level


def _like(scale: Any, at: Floats) -> Any:
    """A row's factor beside blocks, if there are any."""
    return np.reshape(scale, (-1,) + (1,) * (at.ndim - 1)) if np.ndim(scale) else scale


def _rates(w: Window) -> dict[Any, Any]:
    k = w.index[0]
    return {eta: float(w.of.eta[k]), lam: float(w.of.decay[k])}


def _linear_scale(w: Window, ledger: Ledger) -> float:
    """r*^4 of energy 1."""
    s, known = w.of.setting, {**_rates(w), G: 1.0}
    if s.optimizer == "sgd":
        return float(value(ledger["B6"]["equilibrium"], known))
    label = {"heavy_ball": "B8d", "nesterov": "B8e"}[s.optimizer]
    return float(value(ledger[label][f"{s.decay}_fourth"], {**known, BETA: s.momentum}))


def _adam_scale(w: Window, ledger: Ledger) -> Floats:
    """r*^2 of every row."""
    known = {**_rates(w), adamw.P: w.product, adam.DIM: w.of.dimension[w.first], adam.BETA: w.of.setting.momentum}
    return value(ledger["B12c"]["equilibrium"], known)


def _whiteness(w: Window, ledger: Ledger) -> tuple[float, float]:
    """Heat over that of white gradients with settled moments, and what Adam's epsilon leaves of it; 1 where no law asks."""
    of, s = w.of, w.of.setting
    if s.optimizer == "sgd":
        return 1.0, 1.0
    if s.optimizer == "adam":
        square = w.mean(drift_and_heat(of)[1] / of.before).mean(axis=1)
        d = of.dimension[w.first]
        left = _epsilon(w, ledger)
        white = value(ledger["B12b"]["heat"], {adam.DIM: d, adam.BETA: s.momentum})
        return float(np.mean(square / (white * left))), left
    overlap, squares = w.mean(overlaps(of)).mean(axis=1), w.mean(of.gradient**2).mean(axis=1)
    persists = s.momentum if s.optimizer == "heavy_ball" else s.momentum**2
    return float(np.mean(1 + 2 * persists * overlap / squares)), 1.0


def _epsilon(w: Window, ledger: Ledger) -> float:
    """B12e: the share of Adam's growth that is left by an epsilon beside gradients of the scale that was measured."""
    of, d = w.of, w.of.dimension[w.first]
    norms = np.sqrt(w.mean(of.before).mean(axis=1))
    if not of.setting.epsilon:
        return 1.0
    scale = value(ledger["B12e"]["scale"], {r: norms, G: w.mean(of.energy).mean(axis=1), adam.DIM: d})
    known = {eta: 1.0, adam.DIM: d, SIGMA: scale, EPSILON: of.setting.epsilon}
    return float(np.mean(value(ledger["B12e"]["growth"], known) / d))


def growth(of: Records, ledger: Ledger) -> Finding:
    """B12b without decay, in the second half of the run, rows that have a gradient at every step."""
    if of.setting.optimizer != "adam" or of.setting.decay != "none" or of.no_rows:
        return GROWTH.silent(of.no_rows or "it is about Adam without weight decay")
    if not (of.has_gradient & of.has_move).all():
        return GROWTH.silent(NO_MOVE if of.has_gradient.all() else NO_GRADIENT)
    w = window(of, ledger, decays=False, always=True)
    if isinstance(w, str):
        return GROWTH.silent(w)
    moved = w.mean(2 * of.log["along"] + of.log["step_square"])
    heat, left = _whiteness(w, ledger)
    claimed = value(ledger["B12b"]["growth"], {**_rates(w), adam.DIM: of.dimension[w.first]}) * left
    found, width = w.interval(lambda grown: grown / _like(claimed, grown), moved)
    bound = width + abs(np.log(heat)) + abs(np.log(left))
    if not bound <= RESOLVED:
        off = f"the heat is {heat:.3g} times that of white gradients; " if abs(np.log(heat)) > width else ""
        return GROWTH.silent(f"too much is not as the law supposes: {off}blocks differ by {width:.2g}")
    decided = GROWTH.decided(found, 1.0, abs(found - 1), bound, len(w.first), f"{len(w.first)} rows together")
    return decided.noting(f"growth over eta^2 d, mean over rows; {w.blocks} blocks; error rate {ERROR_RATE:g}")
