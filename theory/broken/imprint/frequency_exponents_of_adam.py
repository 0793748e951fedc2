"""Broken variants of C5b: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.catalogue import catalogue
from theory.laws.dynamics.dense_adam_counts_rare_visits import DIM, FORGET, P
from theory.laws.imprint.frequency_exponents import N
from theory.laws.imprint.frequency_exponents_of_adam import HEAT
from theory.notation import eta, k, lam, r, r0

CLAIM = catalogue()["frequency-exponents-of-adam"]
REST = CLAIM.formulas["equilibrium"]
BROKEN: Variants = {
    "frequent rows feel frequency as rare ones do": {"frequent_alpha": sp.Rational(1, 2)},
    "rare rows feel it as under SGD": {"rare_alpha": sp.Rational(1, 4)},
    "the exponent across is a third": {"across_alpha": sp.Rational(1, 3)},
    "lazy rows grow as under SGD": {"lazy_growth_alpha": sp.Rational(1, 4)},
    "lazy decay keeps some frequency": {"lazy_alpha": sp.Rational(1, 10)},
    "the energy counts": {"gamma": sp.Rational(1, 4)},
    "the local exponent lacks its half": {"least_alpha": FORGET / (P + FORGET - FORGET * P)},
    "the crossover lies higher": {"crossover": 6 * FORGET / (1 - FORGET)},
    "a mean step forgets the decay": {"next_square": r**2 + eta**2 * HEAT},
    "growth in the first power": {"growth": r0**2 + eta * HEAT * k},
    "the equilibrium is halved": {"equilibrium": REST / 2},
    "the equilibrium is doubled": {"equilibrium": 2 * REST},
    "a lazy visit counts 1": {"lazy_growth": r0**2 + eta**2 * N},
    "the lazy equilibrium has the frequency": {"lazy_equilibrium": eta * DIM * P / (lam * (2 - eta * lam))},
    "the cap is halved": {"cap": DIM / 2},
    "no cap": {"cap": 100 * DIM},
}

SHOWN: Shown = {
    "rare_alpha": r"\lim_{p\to0} \alpha",
    "gamma": r"\frac{d\ln r}{d\ln G}",
    "crossover": r"p \text{ at which } \alpha \text{ is } \tfrac14",
    "growth": r"\mathbb E\,r_k^2",
    "lazy_growth": r"r^2 \text{ after } n \text{ visits, lazy Adam}",
    "lazy_equilibrium": r"r_*^2 \text{ under lazy Adam}",
    "lazy_alpha": r"\text{exponent of frequency, lazy decay}",
    "lazy_growth_alpha": r"\text{exponent of visits, lazy Adam}",
}
