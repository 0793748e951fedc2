"""What the laws of momentum share: its symbols, and the embedding's shadow, which moves by the gradient alone."""

from __future__ import annotations

import sympy as sp

from theory.hypotheses import tangential_gradient
from theory.kernel import Interval
from theory.notation import u
from theory.vectors import Vector, direction, inner, vector

BETA = sp.Symbol("beta", real=True)  # momentum; its range is a hypothesis
MOMENTUM = direction("m")  # before the step
OVERLAP = sp.Symbol("o", real=True)  # <m_{k-1}, g_k>
RANGE = Interval(sp.S.Zero, sp.S.One, low_open=False)  # of beta
GRADIENT = tangential_gradient()


def overlap(gradient: Vector = GRADIENT) -> sp.Expr:
    """``<m_{k-1}, g_k>``."""
    return inner(vector(MOMENTUM), gradient)


def shadow(embedding: Vector, momentum: Vector, lag: sp.Expr) -> Vector:
    """``w = u - lag m``."""
    return embedding - lag * momentum


def before(lag: sp.Expr) -> Vector:
    """The shadow before the step."""
    return shadow(vector(u), vector(MOMENTUM), lag)
