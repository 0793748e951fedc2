"""Broken variants of B12a: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Letters, Shown, Variants
from theory.laws.dynamics.preconditioned_step_is_pythagorean import DELTA, SLOPE
from theory.notation import eta, lam

BROKEN: Variants = {
    "the metric is that of D": {"weight": DELTA},
    "the metric is the root's": {"weight": 1 / sp.sqrt(DELTA)},
    "growth is of first order": {"heat": eta * DELTA * SLOPE**2},
    "growth forgets the preconditioner": {"heat": eta**2 * SLOPE**2},
    "growth has the preconditioner twice": {"heat": eta**2 * DELTA**2 * SLOPE**2},
    "the decay acts once": {"decay_factor": 1 - eta * lam},
    "nothing decays": {"decay_factor": DELTA / DELTA},
}

SHOWN: Shown = {
    "weight": r"\text{weight of a coordinate's square}",
    "heat": r"\text{heat of } u_i",
    "decay_factor": r"\rho",
}

LETTERS: Letters = {
    r"\delta": "the entry $d_i$ of $D$",
    r"\rho": r"the decay factor, $(1 - \eta\lambda)^2$",
}
