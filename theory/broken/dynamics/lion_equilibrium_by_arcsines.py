"""Broken variants of B12d: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.lion_equilibrium_by_arcsines import DIM, FAR, NEAR, RHO, Q, T, V
from theory.notation import eta

BROKEN: Variants = {
    "momentum does not settle": {"momentum_variance": FAR / FAR},
    "the variance without the new gradient": {"variance": NEAR**2 * V},
    "the covariance of momentum alone": {"lag_one": NEAR**2 * FAR * V},
    "correlations that last": {"lag_ratio": FAR / FAR},
    "the linearised law": {"sign_correlation": RHO},
    "an arcsine without its factor": {"sign_correlation": sp.asin(RHO)},
    "an overlap of the wrong sign": {"overlap": eta * DIM * T},
    "an equilibrium without memory": {"equilibrium": eta**2 * DIM / (1 - Q**2)},
    "memory counted once": {"equilibrium": eta**2 * DIM * (1 + Q * T) / (1 - Q**2)},
    "relaxation as fast as SGD's": {"relaxation": Q**4},
    "relaxation of the norm itself": {"relaxation": Q},
    "a rotation without memory": {"cos_rotation": Q},
    "a rotation of the wrong sign": {"cos_rotation": Q - T * (1 - Q**2) / (1 + 2 * Q * T)},
}

SHOWN: Shown = {
    "lag_ratio": r"\mathbb E c_i c_i''/\mathbb E c_i c_i'",
    "sign_correlation": r"\mathbb E\,\mathrm{sign}\,c\;\mathrm{sign}\,c'",
    "relaxation": r"\text{factor of the deviation } A",
}
