"""WNGrad (Wu, Ward, Bottou 2018): ``b <- b + |g|^2/b``, ``u <- (1 - eta lambda) u - eta g/b``."""

from __future__ import annotations

import sympy as sp

from theory.vectors import Vector, squared_norm


def accumulated(accumulator: sp.Expr, gradient: Vector) -> sp.Expr:
    """``b`` after a gradient."""
    return accumulator + squared_norm(gradient) / accumulator


def step(u: Vector, accumulator: sp.Expr, gradient: Vector, learning_rate: sp.Expr, weight_decay: sp.Expr = sp.S.Zero) -> Vector:
    """The embedding after one step, from the accumulator before it."""
    return (1 - learning_rate * weight_decay) * u - (learning_rate / accumulated(accumulator, gradient)) * gradient
