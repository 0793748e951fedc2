"""SGD with a diagonal preconditioner and decoupled decay, coordinate by coordinate: ``u_i <- (1 - eta lambda) u_i - eta d_i g_i``."""

from __future__ import annotations

import sympy as sp


def step(u: sp.Expr, gradient: sp.Expr, scale: sp.Expr, learning_rate: sp.Expr, weight_decay: sp.Expr) -> sp.Expr:
    """One coordinate after one step; ``scale`` is the preconditioner's entry there (``1/sqrt(v_i)`` in Adam)."""
    return (1 - learning_rate * weight_decay) * u - learning_rate * scale * gradient
