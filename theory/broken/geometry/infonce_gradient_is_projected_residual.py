"""Broken variants of A6: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants, Where
from theory.laws.geometry.infonce_gradient_is_projected_residual import P
from theory.letters import PROBABILITY
from theory.notation import tau, u
from theory.vectors import Norm

BROKEN: Variants = {
    "the temperature is missing": {"prefactor": 1 / Norm(u)},
    "the norm has the wrong exponent": {"prefactor": 1 / (tau * Norm(u) ** 2)},
    "the sign is wrong": {"prefactor": -1 / (tau * Norm(u))},
    "the target pushes": {"target_weight": sp.S.One},
    "the target is missing": {"target_weight": sp.S.Zero},
    "the bound is halved": {"bound": (1 - P) / (tau * Norm(u))},
    "the bound is of the hits": {"bound": 2 * P / (tau * Norm(u))},
    "the bound is doubled": {"bound": 4 * (1 - P) / (tau * Norm(u))},
}

WHERE: Where = {P: PROBABILITY}

SHOWN: Shown = {
    "prefactor": r"\text{factor of } P_u(\dots) \text{ in } \nabla_u L",
    "target_weight": r"\text{weight of the target } \hat v_+",
    "bound": r"\lVert g\rVert \le",
}
