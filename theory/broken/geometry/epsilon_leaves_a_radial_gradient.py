"""Broken variants of A8b: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.losses.guarded_infonce import EPSILON
from theory.notation import r

BROKEN: Variants = {
    "nothing is left": {"added": sp.S.Zero},
    "the factor is epsilon over r": {"added": EPSILON / r},
    "the factor falls by one power only": {"added": EPSILON / (r + EPSILON)},
    "the factor has the wrong sign": {"added": -EPSILON * r / (r + EPSILON) ** 2},
    "inside of the ball nothing changes": {"inside": sp.S.One},
    "inside of the ball it is the inverse": {"inside": EPSILON / r},
    "outside of the ball something is left": {"outside": sp.S.One},
    "the largest factor is a half": {"largest": sp.Rational(1, 2)},
}

SHOWN: Shown = {
    "inside": r"\text{factor at } r < \epsilon",
    "largest": r"\frac{\epsilon r}{(\epsilon + r)^2} \le",
}
