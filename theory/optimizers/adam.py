"""Adam and AdamW with settled second moments: ``m <- beta m + (1 - beta) x``, ``u <- (1 - eta lambda) u - eta m``.

``x_i = g_i/(sqrt(v_i) + epsilon)`` is the gradient over its scale, which a beta_2 near 1 holds nearly still (Kingma, Ba 2015;
Loshchilov, Hutter 2019). RMSProp is ``beta = 0``.
"""

from __future__ import annotations

import sympy as sp

from theory.vectors import Vector


def momentum(before: Vector, scaled_gradient: Vector, beta: sp.Expr) -> Vector:
    """The first moment, over the scale, after a gradient."""
    return beta * before + (1 - beta) * scaled_gradient


def step(u: Vector, direction: Vector, learning_rate: sp.Expr, weight_decay: sp.Expr) -> Vector:
    """The embedding after one step along the first moment, with decoupled decay."""
    return (1 - learning_rate * weight_decay) * u - learning_rate * direction
