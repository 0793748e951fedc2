"""Normalised SGD with decoupled weight decay: ``u <- (1 - eta lambda) u - eta g/|g|``."""

from __future__ import annotations

import sympy as sp

from theory.vectors import Vector, squared_norm


def step(u: Vector, gradient: Vector, learning_rate: sp.Expr, weight_decay: sp.Expr = sp.S.Zero) -> Vector:
    """The embedding after one step; the gradient is not 0."""
    length = sp.sqrt(squared_norm(gradient))
    return (1 - learning_rate * weight_decay) * u - (learning_rate / length) * gradient
