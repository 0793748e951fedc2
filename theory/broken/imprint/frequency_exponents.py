"""Broken variants of C5: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.catalogue import catalogue
from theory.laws.imprint.frequency_exponents import N, P
from theory.notation import G, eta, lam, r0, z, z0

CLAIM = catalogue()["frequency-exponents"]
MEAN = CLAIM.formulas["sgd_mean_step"]
BROKEN: Variants = {
    "SGD feels frequency as its root": {"sgd_alpha": sp.Rational(1, 2)},
    "SGD feels energy as its root": {"sgd_gamma": sp.Rational(1, 2)},
    "lazy decay keeps some frequency": {"lazy_alpha": sp.Rational(1, 10)},
    "normalised steps feel frequency as SGD does": {"normalized_alpha": sp.Rational(1, 4)},
    "normalised steps feel energy": {"normalized_gamma": sp.Rational(1, 4)},
    "the growth lacks its factor": {"sgd_growth": z0 + eta**2 * N * G},
    "the growth is three times as fast after the first visit": {"sgd_growth": z0 + 2 * eta**2 * (3 * N - 2) * G},
    "normalised growth is a tenth faster after the first visit": {"normalized_growth": r0**2 + eta**2 * (N + (N - 1) / 10)},
    "the equilibrium lacks the frequency": {"sgd_dense": eta * G / (2 * lam)},
    "the lazy equilibrium has the frequency": {"sgd_lazy": eta * P * G / (2 * lam)},
    "the equilibrium has the frequency squared": {"sgd_dense": eta * P**2 * G / (2 * lam)},
    "normalised growth in the first power": {"normalized_growth": r0**2 + eta * N},
    "the normalised equilibrium is halved": {"normalized_dense": eta * P / (2 * lam * (2 - eta * lam))},
    "the lazy normalised equilibrium grows with decay": {"normalized_lazy": eta * lam / (2 - eta * lam)},
    "relaxation at half the rate": {"sgd_rate": 2 * lam},
    "the mean step forgets the square of the drive": {"sgd_mean_step": MEAN - P * eta**4 * G**2 / z},
}

SHOWN: Shown = {
    "sgd_alpha": r"\text{exponent of frequency, SGD}",
    "sgd_gamma": r"\text{exponent of energy, SGD}",
    "lazy_alpha": r"\text{exponent of frequency, lazy decay}",
    "normalized_alpha": r"\text{exponent of frequency, normalised steps}",
    "normalized_gamma": r"\text{exponent of energy, normalised steps}",
    "normalized_growth": r"r^2 \text{ after } n \text{ visits, of normalised steps}",
    "sgd_dense": r"r_*^4 \text{ under SGD}",
    "normalized_dense": r"r_*^2 \text{ of normalised steps}",
    "sgd_rate": r"\text{relaxation rate of } r^4",
    "sgd_growth": r"r^4 \text{ after } n \text{ visits, SGD}",
    "sgd_lazy": r"r_*^4 \text{ under SGD, lazy decay}",
    "normalized_lazy": r"r_*^2 \text{ of normalised steps, lazy decay}",
}
