"""Riemannian SGD on the sphere of the embedding's own norm: a tangential step, and a retraction by scaling."""

from __future__ import annotations

import sympy as sp

from theory.vectors import Direction, Norm, Vector, squared_norm, tangential, vector


def proposed(u: Direction, gradient: Vector, learning_rate: sp.Expr, weight_decay: sp.Expr) -> Vector:
    """Where the step leads before it is scaled back."""
    return (1 - learning_rate * weight_decay) * vector(u) - learning_rate * tangential(u, gradient)


def step(u: Direction, gradient: Vector, learning_rate: sp.Expr, weight_decay: sp.Expr = sp.S.Zero) -> Vector:
    """The embedding after one step."""
    moved = proposed(u, gradient, learning_rate, weight_decay)
    return (Norm(u) / sp.sqrt(squared_norm(moved))) * moved
