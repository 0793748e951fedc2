"""B8a, B8c, B8e: with momentum the embedding's shadow takes SGD's steps; its length at one record from that at the record before.

The momentum is not logged: the move of a step tells it, eta m = -(s + eta lambda u) under heavy ball. A shadow is made from u, s and g of
one record each, so the law compares what two steps in a row say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq

from derivations.check_log import rounding
from derivations.check_log.finding import NO_GRADIENT, NO_MOVE, TOO_SMALL, Finding, Law, Ledger
from derivations.check_log.records import Records
from derivations.evidence import Floats
from derivations.evidence.formulas import value
from theory.laws.dynamics.decaying_heavy_ball_shadows_sgd import S, W, X
from theory.momentum import BETA, OVERLAP
from theory.notation import G, eta, lam, r

SHADOW = Law("shadow", ("B8a", "B8c", "B8e"), "the shadow of the embedding behind its momentum takes SGD's steps")


@dataclass(frozen=True)
class Shadow:
    """w = a u + b s + c g at a record, the overlap <m_{k-1}, g_k>, what a step keeps of w, and the step that moves it."""

    a: Floats
    b: Floats
    c: Floats
    overlap: Floats
    kept: Floats
    step: Floats

    def square(self, of: Records) -> Floats:
        """|w|^2 from the products of the record."""
        along, against, g = of.log["along"], of.log["against"], of.gradient**2
        squares = self.a**2 * of.before + self.b**2 * of.log["step_square"] + self.c**2 * g
        return np.asarray(squares + 2 * (self.a * self.b * along + self.a * self.c * of.radial + self.b * self.c * against))

    def length(self, of: Records) -> Floats:
        """A bound of |w| by the lengths of its parts."""
        return np.asarray(np.abs(self.a) * of.norm + np.abs(self.b) * np.sqrt(of.log["step_square"]) + np.abs(self.c) * of.gradient)


def excuse(of: Records) -> str:
    """Why the law does not speak, or nothing."""
    s = of.setting
    if s.optimizer not in ("heavy_ball", "nesterov"):
        return "the optimiser is not SGD with momentum"
    if s.optimizer == "nesterov" and s.decay != "none":
        return "the shadow of Nesterov's steps is claimed without decay"
    if not (of.has_move & of.has_gradient).any():
        return NO_MOVE if of.has_gradient.any() else NO_GRADIENT
    return of.no_rows


def check(of: Records, ledger: Ledger) -> Finding:
    """Every pair of steps in a row with one learning rate and decay."""
    if reason := excuse(of):
        return SHADOW.silent(reason)
    follows = of.followed & of.has_gradient & of.has_move & (of.eta > 0)
    follows[:-1] &= (of.eta[1:] == of.eta[:-1]) & (of.decay[1:] == of.decay[:-1]) & of.has_gradient[1:] & of.has_move[1:]
    index = np.flatnonzero(follows)
    if not len(index):
        return SHADOW.silent("no two steps in a row with one learning rate are in the log")
    made = shadow(of, ledger)
    if made is None:
        return SHADOW.silent("B8c: weight decay must be slower than momentum, coupled eta lambda <= (1 - sqrt(beta))^2")
    square, beta = made.square(of), of.setting.momentum
    terms: dict[Any, Any] = {S: made.step, X: made.kept, W: square, G: of.energy, r: of.norm, OVERLAP: made.overlap,
                             BETA: beta, eta: of.eta}  # fmt: skip
    if of.setting.optimizer == "nesterov" or of.setting.decay == "none":
        label = "B8e" if of.setting.optimizer == "nesterov" else "B8a"
        claimed = square + made.step**2 * value(ledger[label]["term"], terms)
    else:
        claimed = value(ledger["B8c"]["next_squared_norm"], terms)
    bound = _bound(of, made, index)
    seen = np.abs(square[index + 1] - square[index]) > 4 * bound
    return SHADOW.compared(of, index, square[index + 1], claimed[index], bound, seen, TOO_SMALL)


def shadow(of: Records, ledger: Ledger) -> Shadow | None:
    """The shadow of every record; None where decay is too fast for one."""
    beta, rate = of.setting.momentum, np.where(of.eta > 0, of.eta, np.nan)
    known: dict[Any, Any] = {eta: of.eta, BETA: beta}
    if of.setting.optimizer == "nesterov":  # s = -eta (g + beta m), m = beta m_old + g
        lag, moved = (value(ledger["B8e"][name], known) for name in ("lag", "step"))
        old = lag / beta**2
        return Shadow(np.ones_like(rate), old / rate, old * (1 + beta), overlaps(of), np.ones_like(rate), moved)
    if of.setting.decay == "none":
        lag, moved, kept = value(ledger["B8a"]["lag"], known), value(ledger["B8a"]["step"], known), np.ones_like(rate)
    else:
        found = _kept(of, ledger)
        if found is None:
            return None
        kept = found
        lag, moved = (value(ledger["B8c"][name], {**known, X: kept}) for name in ("lag", "step"))
    old = lag / beta  # w = u - lag m_old, beta m_old = m - g (- lambda u), eta m = -s (or -(s + eta lambda u): the same)
    return Shadow(1 + old * of.decay, old / rate, old, overlaps(of), kept, moved)


def overlaps(of: Records) -> Floats:
    """<m_{k-1}, g_k> at every record, from the rule's definition and its move; decay of either kind."""
    beta = of.setting.momentum
    applied = -of.log["against"] / np.where(of.eta > 0, of.eta, np.nan)  # <what was stepped along, g>
    if of.setting.optimizer == "heavy_ball":
        return np.asarray((applied - of.gradient**2 - of.decay * of.radial) / beta)
    again = beta * of.decay * of.radial * (of.setting.decay == "coupled")
    return np.asarray((applied - (1 + beta) * of.gradient**2 - of.decay * of.radial - again) / beta**2)


def _kept(of: Records, ledger: Ledger) -> Floats | None:
    """x, what a step keeps of the shadow: decoupled by its formula, coupled by solving the formula of the decay that gives x."""
    beta, formulas = of.setting.momentum, ledger["B8c"]
    if of.setting.decay == "decoupled":
        kept = value(formulas["decoupled_factor"], {eta: of.eta, lam: of.decay})
        return kept if bool(np.all(kept > beta)) else None
    found = {}
    for p in np.unique(of.product):
        def gap(x: float, p: float = p) -> float:
            return float(value(formulas["coupled_product"], {X: x, BETA: beta})) - p

        low = float(np.sqrt(beta))
        if p > 0 and gap(low) < 0:
            return None
        found[p] = 1.0 if p == 0 else float(brentq(gap, low, 1.0, xtol=1e-15))
    return np.array([found[p] for p in of.product])


def _bound(of: Records, made: Shadow, index: Any) -> Floats:
    """Of |w'|^2 as the next record tells it against what this one claims.

    Measurements and formulas round 8 d + 60 times relative to the square of the lengths that make up w, the factor x is known to the
    roundings of 1 - x over x - beta; the moves, and the momentum that they tell, are off by what storage and the rule's own
    arithmetic round, which the shadow multiplies by its coefficients; the radial leftover enters once, doubled.
    """
    with np.errstate(invalid="ignore"):
        parts = of.norm * (1 + of.product) + np.sqrt(of.log["step_square"]) + of.eta * of.gradient
        length, move = made.length(of), rounding.stored(of, parts) * (1 + np.abs(made.b))
        leftover = 2 * (np.abs(made.c) + np.abs(made.step)) * rounding.radial(of)
        sharp = 1 + 1 / np.abs(made.kept - of.setting.momentum)
        each = rounding.measured(of, length**2) * sharp + leftover + 2 * length * move + move**2
    both = length[index] + length[index + 1]
    return np.asarray(each[index] + each[index + 1] + 2 * both * (move[index] + move[index + 1]))
