"""SGDP and AdamP (Heo et al. 2021) where they project: ``u <- kept u - eta P_u s``, ``s`` the step of heavy ball or Adam."""

from __future__ import annotations

import sympy as sp

from theory.vectors import Direction, Norm, Vector, tangential, unit


def step(u: Direction, proposed: Vector, learning_rate: sp.Expr, kept: sp.Expr) -> Vector:
    """The embedding after one step; ``kept`` is what weight decay leaves of it."""
    return (kept * Norm(u)) * unit(u) - learning_rate * tangential(u, proposed)
