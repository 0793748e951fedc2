"""Broken variants of A8c: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Variants
from theory.catalogue import catalogue
from theory.laws.geometry.lengths_in_the_loss_show_in_the_gradient import C, R, S
from theory.losses.distances import RATE

CLAIM = catalogue()["lengths-in-the-loss-show-in-the-gradient"]
F = CLAIM.formulas
BROKEN: Variants = {
    "the Euclidean distance has no cross term": {"euclidean": 2 * R**2},
    "the Euclidean defect is halved": {"euclidean": F["euclidean"] / 2},
    "the hyperbolic defect is the Euclidean one": {"hyperbolic": R**2 - R * S * C},
    "the penalty is missing": {"l2_penalty": sp.S.Zero},
    "the penalty is doubled": {"l2_penalty": 2 * F["l2_penalty"]},
    "MagFace's margin stands still": {"magface": F["magface"].subs(RATE, 0)},
    "MagFace's defect has the wrong sign": {"magface": -F["magface"]},
}
