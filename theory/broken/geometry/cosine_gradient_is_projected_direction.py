"""Broken variants of A4: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.geometry.cosine_gradient_is_projected_direction import C
from theory.notation import u, v
from theory.vectors import Norm, unit

BROKEN: Variants = {
    "the projection is missing": {"gradient": (1 / Norm(u)) * unit(v)},
    "the projection has the wrong sign": {"gradient": (1 / Norm(u)) * (unit(v) + C * unit(u))},
    "the norm is missing": {"gradient": unit(v) - C * unit(u)},
    "the gradient points the other way": {"gradient": (-1 / Norm(u)) * (unit(v) - C * unit(u))},
    "cosine for sine": {"length": C / Norm(u)},
    "the length is squared": {"length": (1 - C**2) / Norm(u)},
    "the norm has the wrong exponent": {"length": sp.sqrt(1 - C**2) / Norm(u) ** 2},
    "the norm shrinks along the embedding": {"norm_gradient": -1 * unit(u)},
}

SHOWN: Shown = {
    "gradient": r"\nabla_u \cos(u, v)",
    "length": r"\lVert\nabla_u \cos(u, v)\rVert",
    "norm_gradient": r"\nabla_u \lVert u\rVert",
}
