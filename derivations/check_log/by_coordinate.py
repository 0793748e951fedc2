"""Norms under Adam (B12b, B12c), RMSProp (B12i) and Lion (B12d): equilibrium with decoupled decay; growth without, but for Lion.

All are claims about white gradients whose scale the rule knows. Whether gradients are white is read off what they do to the step: its
drift and its heat have values of their own then. Where one of them is another, beyond its interval, the laws do not speak. What a
finite beta_2 takes off is allowed for to first order, (1 - beta_2)(E g^4/(E g^2)^2 - 1)/2 (B12b's remark), for gradients with a normal's
fourth moment: 1 - beta_2. Lion keeps no scale, and its signs ask for Gaussian gradients: others have another drift.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from derivations.check_log.equilibrium import Level, judged, rates
from derivations.check_log.finding import NO_GRADIENT, NO_MOVE, Finding, Law, Ledger
from derivations.check_log.records import Records
from derivations.check_log.sampled import ERROR_RATE, RESOLVED
from derivations.check_log.settled import Window, window
from derivations.check_log.steps import drift_and_heat
from derivations.evidence import Floats
from derivations.evidence.formulas import value
from theory.laws.dynamics import adam_norm_grows_by_dimension as adam
from theory.laws.dynamics import adamw_equilibrium as adamw
from theory.laws.dynamics import lion_equilibrium_by_arcsines as lion
from theory.laws.dynamics import rmsprop_starts_fast_and_is_blind as rmsprop
from theory.laws.dynamics.adam_epsilon_turns_it_into_sgd import EPSILON, SIGMA
from theory.notation import G, eta, r

GROWTH = Law("growth", ("B12b", "B12e", "B12i"), "Adam and RMSProp add the dimension times the squared learning rate to |u|^2 a step")
NEEDED = ("what a law of gradients that persist would need is in no log, the mean products of scaled gradients of different steps"
          " (the law rest, C0, says where the measured drift and heat balance)")  # fmt: skip


@dataclass(frozen=True)
class Claimed:
    """Of each row (m) by the ledger: heat |s|^2, drift -<u, s>, and the squared norm at equilibrium."""

    heat: Floats
    drift: Floats
    square: Floats


def claimed(w: Window, ledger: Ledger) -> Claimed:
    """For gradients that are white; without decay the squared norm is infinite."""
    s, d, p = w.of.setting, w.of.dimension[w.first], w.product
    known: dict[Any, Any] = rates(w)
    if s.optimizer == "lion":
        told = {**known, lion.DIM: d, lion.Q: 1 - p, lion.T: leaning(s.momentum, s.second_momentum, 1 - p, ledger)}
        return Claimed(d, -value(ledger["B12d"]["overlap"], told), value(ledger["B12d"]["equilibrium"], told))
    if s.optimizer == "rmsprop":
        told = {**known, rmsprop.DIM: d, rmsprop.LEFT: 0.0}
        return Claimed(value(ledger["B12i"]["heat"], told), 0 * d, value(ledger["B12i"]["equilibrium"], told))
    told = {**known, adam.DIM: d, adam.BETA: s.momentum, adamw.P: p}
    return Claimed(value(ledger["B12b"]["heat"], told), value(ledger["B12b"]["drift"], told) * slowing(told),
                   value(ledger["B12c"]["equilibrium"], told))  # fmt: skip


def slowing(known: dict[Any, Any]) -> Floats:
    """By how much decay beside the step lessens the overlap of embedding and momentum: `adam.settled` with decay over that without."""
    return value(adam.settled(adamw.KEPT, adam.DIM)[1] / adam.settled(sp.S.One, adam.DIM)[1], known)


def leaning(near: float, far: float, kept: float, ledger: Ledger) -> float:
    """B12d's T: correlations of Lion's signs over all lags; what is left out is below rounding."""
    formulas = ledger["B12d"]
    known: dict[Any, Any] = {lion.NEAR: near, lion.FAR: far}
    known[lion.V] = value(formulas["momentum_variance"], known)
    first = value(formulas["lag_one"], known) / value(formulas["variance"], known)
    ratio = float(value(formulas["lag_ratio"], known)) * kept
    lags = np.arange(int(np.ceil(np.log(2.0**-53 * (1 - ratio)) / np.log(ratio))) + 1 if ratio > 0 else 1, dtype=float)
    correlations = value(formulas["sign_correlation"], {lion.RHO: np.minimum(first * (ratio / kept) ** lags, 1.0)})
    return float(np.sum(kept**lags * correlations))


@dataclass(frozen=True)
class Whiteness:
    """Departures from white gradients, as shares of what those add, each with half its interval; what epsilon leaves of that."""

    drift: tuple[float, float]
    heat: tuple[float, float]
    ratio: float  # of the heat
    left: float
    stale: float  # 1 - beta_2

    @property
    def reason(self) -> str:
        """Why no law speaks, or nothing."""
        found = [f"their {name} adds {100 * x:+.3g} % (±{100 * half:.2g}) to what white ones add"
                 for name, (x, half) in (("drift", self.drift), ("heat", self.heat)) if not abs(x) <= half + self.stale]  # fmt: skip
        return f"gradients are not white, or their scale has not settled: {' and '.join(found)}; {NEEDED}" if found else ""

    @property
    def parts(self) -> dict[str, float]:
        """What the departures and epsilon add to a bound."""
        return {"drift and heat are not known better": abs(self.drift[0]) + abs(self.heat[0]), "beta_2 is finite": self.stale,
                f"epsilon takes {100 * (1 - self.left):.2g} % off": abs(float(np.log(self.left)))}  # fmt: skip


def whiteness(w: Window, ledger: Ledger) -> Whiteness:
    """Drift and heat of the steps beside those that are claimed, with the decay there is."""
    of, white = w.of, claimed(w, ledger)
    left, keep, rate = epsilon_leaves(w, ledger), 1 - w.product, rates(w)[eta]
    white_heat, white_drift = white.heat * left, white.drift * left
    added = white_heat + 2 * keep * white_drift / rate
    drift, heat = drift_and_heat(of)
    square = w.mean(heat / of.before)
    drifted = w.interval(lambda x: 2 * keep * (x - beside(white_drift, x)) / (rate * beside(added, x)), w.mean(drift))
    heated = w.interval(lambda x: (x - beside(white_heat, x)) / beside(added, x), square)
    stale = 0.0 if of.setting.optimizer == "lion" else 1 - of.setting.second_momentum
    return Whiteness(drifted, heated, float(np.mean(square.mean(axis=1) / white_heat)), left, stale)


def beside(rows: Any, at: Floats) -> Any:
    """A figure of each row beside (rows,) or (rows, blocks)."""
    return np.reshape(rows, (-1,) + (1,) * (at.ndim - 1))


def epsilon_leaves(w: Window, ledger: Ledger) -> float:
    """B12e: the share of Adam's growth that is left by an epsilon beside gradients of the scale that was measured."""
    of, d = w.of, w.of.dimension[w.first]
    if not of.setting.epsilon:
        return 1.0
    norms = np.sqrt(w.mean(of.before).mean(axis=1))
    scale = value(ledger["B12e"]["scale"], {r: norms, G: w.mean(of.energy).mean(axis=1), adam.DIM: d})
    known: dict[Any, Any] = {eta: 1.0, adam.DIM: d, SIGMA: scale, EPSILON: of.setting.epsilon}
    return float(np.mean(value(ledger["B12e"]["growth"], known) / d))


def equilibrium(w: Window, ledger: Ledger) -> tuple[Finding, Level | None]:
    """B12c, B12d, B12i: E r^2 is the r*^2 of the dimension."""
    from derivations.check_log.equilibrium import LEVEL

    white, squares = whiteness(w, ledger), w.mean(w.of.before)
    star = claimed(w, ledger).square * white.left
    level = Level(w.first, np.sqrt(squares.mean(axis=1)), np.sqrt(star), w.memory, white.ratio, w.length)
    if white.reason:
        return LEVEL.silent(white.reason), level
    found, width = w.interval(lambda square: np.log(square / beside(star, square)), squares)
    start, _ = w.unsettled(squares, 2, None)
    parts = {f"blocks differ by {width:.2g}": width, f"the start is not forgotten ({start:.2g})": start, **white.parts}
    return judged(w, found, parts, 2), level


def growth(of: Records, ledger: Ledger) -> Finding:
    """B12b or B12i without decay, in the second half of the run, rows that have a gradient at every step."""
    if of.setting.optimizer not in ("adam", "rmsprop") or of.setting.decay != "none" or of.no_rows:
        return GROWTH.silent(of.no_rows or "it is about Adam and RMSProp without weight decay")
    if not (of.has_gradient & of.has_move).all():
        return GROWTH.silent(NO_MOVE if of.has_gradient.all() else NO_GRADIENT)
    w = window(of, ledger, decays=False, always=True)
    if isinstance(w, str):
        return GROWTH.silent(w)
    white = whiteness(w, ledger)
    if white.reason:
        return GROWTH.silent(white.reason)
    label, dim = ("B12b", adam.DIM) if of.setting.optimizer == "adam" else ("B12i", rmsprop.DIM)
    white_growth = value(ledger[label]["growth"], {**rates(w), dim: of.dimension[w.first]}) * white.left
    grown = w.mean(2 * of.log["along"] + of.log["step_square"])
    found, width = w.interval(lambda x: x / beside(white_growth, x), grown)
    bound = width + sum(white.parts.values())
    if not bound <= RESOLVED:
        return GROWTH.silent(f"the bound would be {bound:.2g}, too much to tell the law from others: blocks differ by {width:.2g}")
    decided = GROWTH.decided(found, 1.0, abs(found - 1), bound, len(w.first), f"{len(w.first)} rows together")
    return decided.noting(f"growth over eta^2 d, mean over rows; {w.blocks} blocks; error rate {ERROR_RATE:g}")
