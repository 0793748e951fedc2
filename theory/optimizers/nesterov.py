"""Nesterov momentum as PyTorch has it: ``m <- beta m + g``, ``u <- u - eta (g + beta m)`` (Sutskever et al. 2013).

The gradient is taken at ``u`` itself, not ahead of it.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.vectors import Vector


def coupled_step(
    u: Vector, momentum: Vector, gradient: Vector, learning_rate: sp.Expr, beta: sp.Expr, weight_decay: Any = sp.S.Zero
) -> tuple[Vector, Vector]:
    """Embedding and momentum after one step; decay is part of the gradient (L2 regularisation)."""
    seen = gradient + weight_decay * u
    moved = beta * momentum + seen
    return u - learning_rate * (seen + beta * moved), moved


def decoupled_step(
    u: Vector, momentum: Vector, gradient: Vector, learning_rate: sp.Expr, beta: sp.Expr, weight_decay: Any = sp.S.Zero
) -> tuple[Vector, Vector]:
    """Embedding and momentum after one step; decay shrinks the embedding beside it."""
    moved = beta * momentum + gradient
    return (1 - learning_rate * weight_decay) * u - learning_rate * (gradient + beta * moved), moved
