"""A linear encoder shared by items: ``u_i = W x_i``, and what the gradients of all items do to one embedding.

The item looked at is ``u = W x``, pulled along ``v``; the others are ``u_1 ... u_n`` with inputs ``x_j`` and pulls
``v_j``. The gradient of a scale-invariant loss in an embedding is ``(s/r) P_u v^``, any vector tangential at it.
"""

from __future__ import annotations

import sympy as sp

from theory.notation import n, u, v
from theory.vectors import Cosine, Direction, Family, Norm, Vector, direction, inner, unit, vector

ITEMS, PULLS, INPUTS = Family("u", n), Family("v", n), Family("x", n)
J = ITEMS.index
x = direction("x")
SHARE, SLOPE = sp.Symbol("p", positive=True), sp.Symbol("s", real=True)  # of the item itself
SHARES, SLOPES = sp.Function("p", positive=True)(J), sp.Function("s", real=True)(J)  # of the others
MEMBER, PULL, INPUT = ITEMS.member(J), PULLS.member(J), INPUTS.member(J)


def kernel(a: Direction, b: Direction) -> sp.Expr:
    """``<x_i, x_j>``, the tangent kernel of a linear encoder."""
    return inner(vector(a), vector(b))


def gradient(item: Direction, pull: Direction, slope: sp.Expr, radial: sp.Expr = sp.S.Zero) -> Vector:
    """``(s/r) (v^ - <u^, v^> u^)``; ``radial`` is a part along ``u^`` that no scale-invariant loss has."""
    return (slope / Norm(item)) * (unit(pull) + (radial - Cosine(item, pull)) * unit(item))


def felt(radial: sp.Expr = sp.S.Zero, bias: sp.Expr = sp.S.Zero, shared: bool = True) -> Vector:
    """``sum_j p_j K_ij g_j``: what the gradients in the weights, applied to ``x``, amount to.

    A bias adds 1 to the kernel; without sharing only the item itself is felt.
    """
    own = SHARE * (kernel(x, x) + bias) * gradient(u, v, SLOPE, radial)
    weight = SHARES * (kernel(x, INPUT) + bias) * SLOPES / Norm(MEMBER)
    others = Vector({}, {PULLS: weight, ITEMS: weight * (radial - Cosine(MEMBER, PULL))})
    return own + others if shared else own


def weights_along_gradient(radial: sp.Expr = sp.S.Zero) -> sp.Expr:
    """``<W, sum_j p_j g_j x_j^T>``, in which ``<W, g x^T> = <W x, g>``.

    Of the others what is along their pulls and what the projection takes off are summed apart, so that it is seen what cancels.
    """
    own = SHARE * inner(vector(u), gradient(u, v, SLOPE, radial))
    along = (SLOPES / Norm(MEMBER)) * unit(PULL)
    parts = along, gradient(MEMBER, PULL, SLOPES, radial) - along
    return own + sp.Add(*(ITEMS.total(SHARES * inner(vector(MEMBER), part)) for part in parts))
