"""SGD with decoupled weight decay: ``u <- (1 - eta lambda) u - eta g`` (Loshchilov and Hutter 2019)."""

from __future__ import annotations

import sympy as sp

from theory.vectors import Vector


def step(u: Vector, gradient: Vector, learning_rate: sp.Expr, weight_decay: sp.Expr) -> Vector:
    """The embedding after one step. For plain SGD, L2 regularisation is the same rule."""
    return (1 - learning_rate * weight_decay) * u - learning_rate * gradient
