"""Broken variants of B1b: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.three_heats import PARTS, B, T

BROKEN: Variants = {
    "the flow heats by the mean": {"flow": B},
    "the flow heats by the noise": {"flow": T},
    "the Itô equation is the flow": {"ito": sp.S.Zero},
    "the Itô equation heats as SGD": {"ito": B + T},
    "the Itô equation counts half the trace": {"ito": T / 2},
    "SGD heats as the Itô equation": {"sgd": T},
    "SGD forgets the noise": {"sgd": B},
    "SGD counts the noise twice": {"sgd": B + 2 * T},
    "the scheme forgets its steps": {"euler": B + T},
    "the scheme divides twice": {"euler": B / PARTS**2 + T},
    "the scheme divides the noise": {"euler": (B + T) / PARTS},
}

SHOWN: Shown = {
    "euler": r"\text{heat in } n \text{ increments over } \eta^2",
    "flow": r"\text{heat of the flow over } \eta^2",
    "ito": r"\text{heat of the Itô equation over } \eta^2",
    "sgd": r"\text{heat of a step of SGD over } \eta^2",
}
