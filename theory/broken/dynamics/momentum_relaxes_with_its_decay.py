"""Broken variants of B8f: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.momentum import BETA

BROKEN: Variants = {
    "decoupled decay relaxes as normalised steps do": {"decoupled_rate": sp.Integer(2)},
    "decoupled decay relaxes as coupled decay does": {"decoupled_rate": 4 / (1 - BETA)},
    "decoupled decay has another eighth": {"decoupled_rate": sp.Rational(9, 2)},
    "coupled decay relaxes as decoupled decay does": {"coupled_rate": sp.Integer(4)},
    "coupled decay relaxes as normalised steps do": {"coupled_rate": 2 / (1 - BETA)},
    "coupled decay has a power too many": {"coupled_rate": 4 / (1 - BETA) ** 2},
    "momentum slows coupled decay": {"coupled_rate": 4 * (1 - BETA)},
}

SHOWN: Shown = {
    "decoupled_rate": r"c \text{ (decoupled)}",
    "coupled_rate": r"c \text{ (coupled)}",
}
