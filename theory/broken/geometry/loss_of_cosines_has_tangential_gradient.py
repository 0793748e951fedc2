"""Broken variants of A5: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.geometry.loss_of_cosines_has_tangential_gradient import C
from theory.notation import u
from theory.vectors import Norm

BROKEN: Variants = {
    "the norm has the wrong exponent": {"prefactor": Norm(u) ** -2},
    "the norm is missing": {"prefactor": sp.S.One},
    "the sign is wrong": {"prefactor": -1 / Norm(u)},
    "the projection is missing": {"radial_weight": sp.S.Zero},
    "the projection has the wrong sign": {"radial_weight": C},
    "the projection is doubled": {"radial_weight": -2 * C},
}

SHOWN: Shown = {
    "prefactor": r"\text{factor of the sum in } \nabla_u L",
    "radial_weight": r"\text{weight of } \hat u \text{ beside } \hat v_j",
}
