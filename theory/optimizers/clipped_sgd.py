"""SGD with gradients clipped at a length, and decoupled decay: ``s = g min(1, C/|g|)`` (Pascanu, Mikolov, Bengio 2013)."""

from __future__ import annotations

import sympy as sp

from theory.optimizers import normalized_sgd, sgd_decoupled_decay
from theory.vectors import Vector


def step(
    u: Vector, gradient: Vector, threshold: sp.Expr, learning_rate: sp.Expr, weight_decay: sp.Expr, *, clipped: bool
) -> Vector:
    """The embedding after one step; ``clipped`` where the gradient is at least as long as the threshold."""
    if clipped:  # a normalised step of learning rate eta C, whose decay is still eta lambda
        return normalized_sgd.step(u, gradient, learning_rate * threshold, weight_decay / threshold)
    return sgd_decoupled_decay.step(u, gradient, learning_rate, weight_decay)
