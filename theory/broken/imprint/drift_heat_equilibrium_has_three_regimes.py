"""Broken variants of C0b: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Letters, Shown, Variants
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, LEADING, ROOT, V_STAR
from theory.laws.imprint.drift_heat_equilibrium_has_three_regimes import SIZE

BROKEN: Variants = {
    "the stable form cancels": {"stable_form": V_STAR**2 / (ROOT + D_STAR)},
    "the stable form is halved": {"stable_form": V_STAR**2 / (2 * (ROOT - D_STAR))},
    "heat alone counts twice": {"without_drift": V_STAR**2},
    "heat alone counts to the fourth power, not halved": {"without_drift": V_STAR**4},
    "drift lengthens by half of that heat": {"drift_lengthens": D_STAR + V_STAR**2 / (4 * D_STAR)},
    "drift lengthens without heat": {"drift_lengthens": D_STAR},
    "drift shortens to half of that": {"drift_shortens": V_STAR**2 / (4 * SIZE)},
    "the remainder is a hundredth": {"remainder": V_STAR**4 / (400 * SIZE**3)},
    "the slope lacks a factor": {"drift_slope": 2 * LEADING / ROOT},
    "heat shortens": {"heat_slope": -1 / (2 * ROOT)},
    "nothing cancels": {"cancellation": sp.S.One},
    "cancellation is of first order": {"cancellation": (ROOT - D_STAR) / (2 * V_STAR)},
}

SHOWN: Shown = {
    "drift_lengthens": r"r_{\mathrm{eq}}^2 \le",
    "drift_shortens": r"r_{\mathrm{eq}}^2\big|_{D_* = -\delta} \le",
    "remainder": r"\text{bound less } r_{\mathrm{eq}}^2 \le",
    "cancellation": r"\frac{\lvert D_*\rvert + S}{S - \lvert D_*\rvert}",
}

LETTERS: Letters = {
    "X_0": r"$r_{\mathrm{eq}}^2$",
}
