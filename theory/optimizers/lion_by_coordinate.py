"""Lion (Chen et al. 2023) in one coordinate: ``x = beta_1 m + (1 - beta_1) g``, ``u <- (1 - eta lambda) u - eta sign x``.

Then ``m <- beta_2 m + (1 - beta_2) g``. SignSGD is the same with ``x = g``.
"""

from __future__ import annotations

import sympy as sp


def mixed(momentum: sp.Expr, gradient: sp.Expr, beta: sp.Expr) -> sp.Expr:
    """What the sign is taken of (with beta_1), and the momentum after the step (with beta_2)."""
    return beta * momentum + (1 - beta) * gradient


def step(u: sp.Expr, mixture: sp.Expr, learning_rate: sp.Expr, weight_decay: sp.Expr) -> sp.Expr:
    """The coordinate after one step; the mixture is not 0."""
    return (1 - learning_rate * weight_decay) * u - learning_rate * mixture / sp.Abs(mixture)
