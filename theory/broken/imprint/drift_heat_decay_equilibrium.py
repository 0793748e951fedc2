"""Broken variants of C0: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Letters, Shown, Variants
from theory.catalogue import catalogue
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, DRIFT, HEAT, LEADING, ROOT, V_STAR, P, X
from theory.notation import eta, lam, r

CLAIM = catalogue()["drift-heat-decay-equilibrium"]
MEAN = CLAIM.formulas["mean_next_squared_norm"]
KEPT = 1 - eta * lam
BROKEN: Variants = {
    "the drift has the wrong sign": {"mean_next_squared_norm": MEAN.subs(DRIFT, -DRIFT)},
    "the decay acts once": {"mean_next_squared_norm": KEPT * r**2 + 2 * KEPT * eta * DRIFT + eta**2 * HEAT / r**2},
    "the drift is not shrunk": {"mean_next_squared_norm": KEPT**2 * r**2 + 2 * eta * DRIFT + eta**2 * HEAT / r**2},
    "the heat is of first order": {"mean_next_squared_norm": KEPT**2 * r**2 + 2 * KEPT * eta * DRIFT + eta * HEAT / r**2},
    "the scale of drift has the learning rate": {"drift_scale": eta * DRIFT / lam},
    "the scale of heat lacks it": {"heat_scale": HEAT / lam},
    "the other root": {"equilibrium": (D_STAR - ROOT) / 2},
    "heat counts once": {"equilibrium": (D_STAR + sp.sqrt(D_STAR**2 + V_STAR**2)) / 2},
    "the equilibrium is doubled": {"equilibrium": D_STAR + ROOT},
    "the exact one is the leading one": {"exact_equilibrium": (D_STAR + ROOT) / 2},
    "the correction is that without drift": {"first_correction": sp.Rational(1, 4)},
    "the correction is doubled": {"first_correction": (LEADING - 2 * D_STAR) / (2 * LEADING - D_STAR)},
    "the rate is that of decay alone": {"relaxation_rate": 2 * P},
    "the rate counts heat twice": {"relaxation_rate": 2 * P * (1 + V_STAR**2 / X**2)},
    "the rate has no defect": {"rate_defect": sp.S.Zero},
}

SHOWN: Shown = {
    "mean_next_squared_norm": r"\mathbb{E}\lVert u_{k+1}\rVert^2",
    "drift_scale": "D_*",
    "heat_scale": "V_*^2",
    "exact_equilibrium": "X_*",
    "first_correction": r"\text{factor of } p \text{ in } X_*/r_{\mathrm{eq}}^2",
    "relaxation_rate": r"1 - f'(X) \text{ to first order}",
    "rate_defect": r"\text{rate to first order less } 1 - f'(X)",
}

LETTERS: Letters = {
    "X_0": r"$r_{\mathrm{eq}}^2$, the equilibrium to leading order",
}
