"""Broken variants of C6: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.imprint.rare_rows_have_heavy_tails import K, P, Q
from theory.notation import G, eta, r0

BROKEN: Variants = {
    "decay is linear": {"unvisited": r0 * (1 - Q * K)},
    "decay counts twice": {"unvisited": r0 * (1 - Q) ** (2 * K)},
    "the exponent is upside down": {"tail_exponent": sp.log(1 - Q) / sp.log(1 - P)},
    "the exponent is doubled": {"tail_exponent": 2 * sp.log(1 - P) / sp.log(1 - Q)},
    "the ratio is halved": {"small_exponent": P / (2 * Q)},
    "the threshold is of the second moment": {"threshold": 1 - (1 - Q) ** 2},
    "the threshold is of the third moment": {"threshold": 1 - (1 - Q) ** 3},
    "the threshold is of the fifth moment": {"threshold": 1 - (1 - Q) ** 5},
    "the threshold is that of small rates": {"threshold": 4 * Q},
    "the threshold is of the eighth moment": {"threshold": 1 - (1 - Q) ** 8},
    "a visit throws by the energy": {"thrown": eta * G},
}

SHOWN: Shown = {
    "unvisited": "r_k",
    "tail_exponent": r"\alpha",
    "threshold": r"\text{least } p \text{ of a finite fourth moment}",
    "thrown": r"\lim_{r\to0} r' r",
}
