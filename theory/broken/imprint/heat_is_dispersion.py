"""Broken variants of C2: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.imprint.heat_is_dispersion import MEAN, SIZE, SPREAD

BROKEN: Variants = {
    "the mean does not count": {"heat": SPREAD},
    "the covariance does not count": {"heat": MEAN},
    "the covariance counts twice": {"heat": MEAN + 2 * SPREAD},
    "the batch averages the mean, too": {"batch_heat": (MEAN + SPREAD) / SIZE},
    "the batch averages nothing": {"batch_heat": MEAN + SPREAD},
    "the batch averages twice": {"batch_heat": MEAN + SPREAD / SIZE**2},
    "the batch averages by the root": {"stationary_heat": SPREAD / sp.sqrt(SIZE)},
    "nothing is left": {"stationary_heat": SPREAD / SIZE - SPREAD},
}

SHOWN: Shown = {
    "stationary_heat": r"\mathbb{E}\lVert \bar g\rVert^2\big|_{M = 0}",
}
