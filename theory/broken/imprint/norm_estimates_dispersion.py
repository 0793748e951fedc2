"""Broken variants of C7: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Letters, Shown, Variants
from theory.laws.imprint.drift_heat_decay_equilibrium import P
from theory.laws.imprint.norm_estimates_dispersion import VARIATION
from theory.notation import eta, n, r, r0, tau

BROKEN: Variants = {
    "the start is added": {"estimate": (r**4 + r0**4) * tau**2 / (2 * eta**2 * n)},
    "the temperature counts once": {"estimate": (r**4 - r0**4) * tau / (2 * eta**2 * n)},
    "the estimate is doubled": {"estimate": (r**4 - r0**4) * tau**2 / (eta**2 * n)},
    "the estimate is of the square": {"estimate": (r**2 - r0**2) * tau**2 / (2 * eta**2 * n)},
    "the estimate has no excess": {"excess_bound": sp.S.Zero},
    "the excess falls short": {"excess_bound": -1 / n},
    "the noise floor is halved": {"noise_floor": sp.sqrt(2 * P) * VARIATION / 8},
    "the noise floor is of first order": {"noise_floor": P * VARIATION / 4},
}

SHOWN: Shown = {
    "estimate": r"\hat D",
    "noise_floor": r"\mathrm{CV}(r)",
    "excess_bound": r"\hat D - D \le",
}

LETTERS: Letters = {
    "z_0": "$r_0^4$",
}
