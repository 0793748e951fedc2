"""signSGD with decoupled decay: ``u <- (1 - eta lambda) u - eta sign(g)`` (Bernstein et al. 2018)."""

from __future__ import annotations

import sympy as sp

from theory.vectors import Vector


def step(u: Vector, signs: Vector, learning_rate: sp.Expr, weight_decay: sp.Expr) -> Vector:
    """The embedding after one step along the signs, a vector of squared length d."""
    return (1 - learning_rate * weight_decay) * u - learning_rate * signs
