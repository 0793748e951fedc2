"""Broken variants of B5: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.fourth_power_sandwich import A
from theory.laws.dynamics.norm_grows_as_fourth_root import HEAT, TIME
from theory.notation import G, eta, k, r0, z0

BROKEN: Variants = {
    "the root is a square root": {"norm": (r0**4 + 2 * eta * HEAT) ** sp.Rational(1, 2)},
    "the energy counts once": {"norm": (r0**4 + eta * HEAT) ** sp.Rational(1, 4)},
    "the learning rate is squared": {"norm": (r0**4 + 2 * eta**2 * HEAT) ** sp.Rational(1, 4)},
    "the norm falls": {"norm": (r0**4 - 2 * eta * HEAT) ** sp.Rational(1, 4)},
    "the drives count once": {"fourth_power": z0 + A},
    "the start is missing": {"fourth_power": 2 * A},
    "the effective rate has the wrong exponent": {"effective_rate": 1 / (2 * G * k)},
    "the effective rate lacks a factor": {"effective_rate": (G * k) ** sp.Rational(-1, 2)},
    "the effective rate is of the mean of two energies": {"effective_rate": (3 * G * k) ** sp.Rational(-1, 2)},
    "the norm counts no steps": {"norm": r0, "fourth_power": z0},
    "the error is doubled": {"error_coefficient": G * sp.log(1 + 2 * G * TIME / z0)},
    "the error has the wrong sign": {"error_coefficient": -G / 2 * sp.log(1 + 2 * G * TIME / z0)},
    "the error forgets the factor in the logarithm": {"error_coefficient": G / 2 * sp.log(1 + G * TIME / z0)},
}

SHOWN: Shown = {
    "norm": "r",
    "effective_rate": r"\frac{\eta}{r_k^2} \sim",
    "error_coefficient": r"\lim_{\eta\to0} \frac{z_k - z_0 - 2A_k}{\eta^2}",
}
