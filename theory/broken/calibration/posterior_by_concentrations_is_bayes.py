"""Broken variants of D1: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.calibration.posterior_by_concentrations_is_bayes import FIRST, KAPPA, PRIOR, SECOND, A, N, P, T, X

BROKEN: Variants = {
    "the normaliser is left out": {"logit": KAPPA * T + sp.log(PRIOR)},
    "the normaliser is taken away": {"logit": KAPPA * T - N + sp.log(PRIOR)},
    "priors do not matter": {"logit": KAPPA * T + N},
    "a prior counts as it is": {"logit": KAPPA * T + N + PRIOR},
    "one temperature, of 1/20": {"logit": 20 * T + sp.log(PRIOR)},
    "the temperature is the root": {"logit": sp.sqrt(KAPPA) * T + N + sp.log(PRIOR)},
    "odds tilt by the ratio": {"tilt": FIRST[KAPPA] / SECOND[KAPPA]},
    "odds tilt the other way": {"tilt": SECOND[KAPPA] - FIRST[KAPPA]},
    "the regret is the logarithm's alone, of the other sign": {"regret": P * X},
    "the regret is of second order only": {"regret": P * X**2 / 2},
    "the normaliser rises": {"normaliser_slope": A},
    "the normaliser falls as 1": {"normaliser_slope": sp.S.NegativeOne},
    "the normaliser falls as the cosine over kappa": {"normaliser_slope": -A / KAPPA},
}

SHOWN: Shown = {
    "logit": r"\text{logit}",
    "tilt": r"\frac{d}{dt} \text{ of the log odds}",
}
