"""Broken variants of B12e: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.adam_epsilon_turns_it_into_sgd import EPSILON, SIGMA
from theory.laws.dynamics.adam_norm_grows_by_dimension import DIM
from theory.notation import G, eta, r

BROKEN: Variants = {
    "the scale of the whole gradient": {"scale": sp.sqrt(G) / r},
    "the scale does not fall": {"scale": sp.sqrt(G / DIM) / r**2},
    "epsilon does nothing": {"growth": eta**2 * DIM},
    "epsilon under the root": {"growth": eta**2 * DIM * SIGMA**2 / (SIGMA**2 + EPSILON**2)},
    "epsilon counts once": {"growth": eta**2 * DIM * SIGMA / (SIGMA + EPSILON)},
    "SGD of the same learning rate": {"sgd_growth": eta**2 * G / r**2},
    "SGD whose growth does not fall": {"sgd_growth": (eta / EPSILON) ** 2 * G},
    "half is left": {"crossover": sp.Rational(1, 2)},
}

SHOWN: Shown = {
    "scale": r"\sigma",
    "sgd_growth": r"\text{growth under SGD}",
}
