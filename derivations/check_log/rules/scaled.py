"""RMSProp, start or no start: a coordinate's move tells its scale, sqrt(v) + epsilon = f/a, and the next step's scale follows from it."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.finding import Finding, Law
from derivations.check_log.records import Records
from derivations.check_log.rules.applied import Coordinate, applied, coordinate, followed

ALONE = "no two steps in a row are in the log, from which RMSProp's scale could be told"
OLD = "the log was made before one coordinate of every row was recorded, which tells rules by coordinates apart"
TOO_SMALL = "what a coordinate's move says of its scale is below rounding"


def check(of: Records, rule: Law) -> Finding:
    """The move of one coordinate at the second of two steps, from both gradients and the move at the first."""
    one = coordinate(of)
    if one is None:
        return rule.silent(OLD)
    index = followed(of, of.has_move & of.has_gradient & (of.eta > 0))
    index = index[(one.a[index] != 0) & (one.f[index] != 0)]
    if not len(index):
        return rule.silent(ALONE)
    claimed, off = _next(of, one, index)
    bound = off + one.off[index + 1]
    seen = np.abs(claimed) > 4 * bound
    return rule.compared(of, index + 1, one.a[index + 1], claimed, bound, seen, TOO_SMALL, relevant=one.f[index + 1] != 0)


def _next(of: Records, one: Coordinate, index: Any) -> tuple[Any, Any]:
    """a at the next step: v' = beta v + (1 - beta) f'^2, and what errors of a, of both f and of the arithmetic make of it."""
    s, u = of.setting, rounding.unit(rounding.of_steps(of))
    a, f, then = one.a[index], one.f[index], one.f[index + 1]
    root = np.abs(f / a) - s.epsilon
    relative = one.off[index] / np.abs(a) + one.fed_off[index] / np.abs(f)
    with np.errstate(divide="ignore", invalid="ignore"):
        root_off = np.where(relative < 1, np.abs(f / a) * (relative / (1 - relative) + 4 * u), np.inf)
        v = np.maximum(root, 0) ** 2
        following = s.second_momentum * v + (1 - s.second_momentum) * then**2
        v_off = s.second_momentum * (2 * np.abs(root) * root_off + root_off**2) + 8 * u * following
        v_off = v_off + 2 * (1 - s.second_momentum) * np.abs(then) * one.fed_off[index + 1] + 8 * rounding.smallest(s.precision)
        scale = np.sqrt(following) + s.epsilon
        low = np.sqrt(np.maximum(following - v_off, 0)) + s.epsilon
        claimed = np.where(scale > 0, then / scale, 0.0)
        off = np.abs(then) * (1 / low - 1 / scale) + np.abs(claimed) * 8 * u + one.fed_off[index + 1] / low
    return claimed, np.where(np.isnan(off), np.inf, off)


def agrees(of: Records, rule: Law) -> Finding:
    """<a, f> is not negative: RMSProp never moves against a gradient's sign. Says nothing where it is not."""
    a = applied(of)
    index = np.flatnonzero(of.has_move & of.has_gradient & (of.eta > 0))
    off = (rounding.measured(of, a.reach * a.fed) + a.bent * a.fed)[index]
    against = np.maximum(-a.af[index], 0)
    return rule.compared(of, index, np.minimum(a.af[index], 0), 0.0, off, False, ALONE, deviation=against)
