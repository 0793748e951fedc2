"""SGD: ``u <- u - eta g``."""

from __future__ import annotations

import sympy as sp

from theory.vectors import Vector


def step(u: Vector, gradient: Vector, learning_rate: sp.Expr) -> Vector:
    """The embedding after one step."""
    return u - learning_rate * gradient
