"""What was applied at a step: a, with u' = (1 - p) u - eta a; and f, what the rule was fed. Products of both, and their rounding.

p is the decay beside the step, and f = g + lambda u where decay is part of the gradient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.records import Records
from derivations.evidence import Floats
from numerics.training_log.columns import COORDINATE


@dataclass(frozen=True)
class Applied:
    """Inner products (n,) of a, f and u, and of a and f with the move s; ``reach`` bounds |a| with what it is measured from.

    ``bent``: how far a may be, in length, from what the rule would have applied in exact arithmetic.
    """

    aa: Floats
    au: Floats
    af: Floats
    a_s: Floats
    ff: Floats
    fu: Floats
    fs: Floats
    reach: Floats
    fed: Floats  # a bound of |f|
    bent: Floats


def apart(of: Records) -> Floats:
    """``eta lambda`` of decay that acts beside the step."""
    return np.asarray(of.product * (of.setting.decay != "coupled"))


def inside(of: Records) -> Floats:
    """lambda of decay that is part of the gradient."""
    return np.asarray(of.decay * (of.setting.decay == "coupled"))


def applied(of: Records) -> Applied:
    """NaN where eta is 0, or the move or the gradient is not known."""
    p, lam, rate = apart(of), inside(of), np.where(of.eta > 0, of.eta, np.nan)
    along, square, radial, before = of.log["along"], of.log["step_square"], of.radial, of.before
    au, ag = -(along + p * before) / rate, -(of.log["against"] + p * radial) / rate
    aa = (square + 2 * p * along + p**2 * before) / rate**2
    fed = of.gradient + lam * of.norm
    moved = rounding.stored(of, (1 + of.product) * of.norm + np.sqrt(square) + rate * of.gradient)
    return Applied(
        aa, au, ag + lam * au, -(square + p * along) / rate, of.gradient**2 + 2 * lam * radial + lam**2 * before, radial + lam * before,
        of.log["against"] + lam * along, (np.sqrt(square) + p * of.norm) / rate, fed, moved / rate,
    )  # fmt: skip


@dataclass(frozen=True)
class Coordinate:
    """One coordinate of a and f at every record, and how far each may be off."""

    a: Floats
    f: Floats
    off: Floats
    fed_off: Floats


def coordinate(of: Records) -> Coordinate | None:
    """None where the log does not have it."""
    u, g, s = (of.log[name] for name in COORDINATE)
    if np.isnan(u).all():
        return None
    p, lam, rate = apart(of), inside(of), np.where(of.eta > 0, of.eta, np.nan)
    a, f = -(s + p * u) / rate, g + lam * u
    name, wide = of.setting.precision, of.setting.measured_in
    made = (1 + p) * np.abs(u) + np.abs(s)
    off = (rounding.gamma(rounding.ROUNDINGS, rounding.of_steps(of)) * made + rounding.ROUNDINGS * rounding.smallest(name)) / rate
    off = off + rounding.gamma(rounding.ROUNDINGS, wide) * (np.abs(s) + p * np.abs(u)) / rate
    summed = np.where(lam > 0, rounding.gamma(3.0, name) * (np.abs(g) + lam * np.abs(u)), 0.0)
    return Coordinate(a, f, off, np.asarray(summed + rounding.gamma(1.0, wide) * np.abs(g)))


def followed(of: Records, known: Any) -> Any:
    """Records (m,) whose next one is of the next step, where both are known."""
    both = of.followed & known
    both[:-1] &= known[1:]
    return np.flatnonzero(both)
