"""Broken variants of C3: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.imprint.specific_rows_are_short import DECAY, KAPPA, A, D, S, T
from theory.notation import eta, tau

BROKEN: Variants = {
    "all directions count": {"dispersion": D * A / KAPPA},
    "dispersion has no dimension": {"dispersion": A / KAPPA},
    "dispersion is that of the cosine": {"dispersion": 1 - A**2},
    "the slope is not halved": {"slope_pair": -((T - S) ** 2) * (T + S)},
    "dispersion rises": {"slope_pair": (T - S) ** 2 * (T + S) / 2},
    "the image is as likely": {"with_image": sp.S.Zero},
    "the image does not count": {"with_image": -((T - S) ** 2) * (T + S) / 2},
    "the image has the density of one": {"with_image": -((T - S) ** 2) * (T + S) * (1 - sp.exp(-KAPPA * (T + S))) / 2},
    "heat is that of the cosine": {"sample_heat": (1 - T) / tau**2},
    "the temperature counts once": {"sample_heat": (1 - T**2) / tau},
    "the equilibrium is doubled": {"equilibrium": eta * (D - 1) * A / (DECAY * KAPPA * tau**2)},
    "the equilibrium forgets concentration": {"equilibrium": eta * (D - 1) * A / (2 * DECAY * tau**2)},
}

SHOWN: Shown = {
    "dispersion": r"\mathbb{E}[1 - t^2]",
    "with_image": r"\bar m(t, s)",
    "equilibrium": r"r_{\mathrm{eq}}^4",
}
