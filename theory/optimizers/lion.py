"""Lion (Chen et al. 2023): ``s = sign(beta_1 m + (1 - beta_1) g)``, then ``m <- beta_2 m + (1 - beta_2) g``; signSGD is ``beta_1 = 0``."""

from __future__ import annotations

import sympy as sp

from theory.vectors import Vector


def seen(momentum: Vector, gradient: Vector, beta: sp.Expr) -> Vector:
    """What the signs are taken of (``beta = beta_1``), or the next momentum (``beta = beta_2``)."""
    return beta * momentum + (1 - beta) * gradient


def step(u: Vector, signs: Vector, learning_rate: sp.Expr, weight_decay: sp.Expr) -> Vector:
    """The embedding after one step along the signs, with decoupled decay."""
    return (1 - learning_rate * weight_decay) * u - learning_rate * signs
