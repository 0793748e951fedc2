"""Broken variants of A8a: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Variants
from theory.catalogue import catalogue
from theory.laws.geometry.inner_products_have_radial_gradients import MISSED
from theory.losses.sgns import POSITIVE_LOGIT

CLAIM = catalogue()["inner-products-have-radial-gradients"]
F = CLAIM.formulas
BROKEN: Variants = {
    "InfoNCE has no radial part": {"infonce": sp.S.Zero},
    "InfoNCE's defect has the wrong sign": {"infonce": -F["infonce"]},
    "skip-gram's defect is doubled": {"sgns": 2 * F["sgns"]},
    "skip-gram's positive pushes": {"sgns": F["sgns"] + 2 * MISSED * POSITIVE_LOGIT},
    "the two sides differ": {"difference": F["infonce"]},
}
