"""Mean squares of an embedding and its momentum under white gradients: one step's linear map of three moments, and its fixed point."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import sympy as sp

from theory.hypotheses import TANGENT
from theory.kernel import All, Equal, Goal
from theory.momentum import MOMENTUM
from theory.notation import G, u
from theory.vectors import Cosine, Norm, Vector, inner, squared_norm, unit, vector

SQUARE = sp.Symbol("A", positive=True)  # E|u|^2
CROSS = sp.Symbol("C", real=True)  # E<u, m>
MOMENT = sp.Symbol("M", positive=True)  # E|m|^2
HEAT = sp.Symbol("h", positive=True)  # E|g|^2
MOMENTS = (SQUARE, CROSS, MOMENT)
MULTIPLIER = sp.Symbol("mu", real=True)  # of a small deviation of the moments in a step
GRADIENT = sp.sqrt(HEAT) * unit(TANGENT)
Rule = Callable[[Vector, Vector, Vector], tuple[Vector, Vector]]  # of u, m_{k-1} and g: both after the step
Form = Callable[[Vector, Vector], sp.Expr]  # quadratic, of both after the step


def mean(rule: Rule, of: Form, drift: sp.Expr = sp.S.Zero) -> sp.Expr:
    """The mean of a quadratic form of the step's outcome over a white gradient, ``g`` or ``-g``, in terms of moments.

    A quadratic form depends on the gradient through its mean and mean square alone, so these two stand for any
    white noise of this heat. With ``drift``, the gradient's mean is that multiple of the momentum instead.
    """
    total = sp.S.Zero
    for side in (1, -1):
        total += of(*rule(vector(u), vector(MOMENTUM), side * GRADIENT + drift * vector(MOMENTUM))) / 2
    named = {Norm(u): sp.sqrt(SQUARE), Norm(MOMENTUM): sp.sqrt(MOMENT), Cosine(u, MOMENTUM): CROSS / sp.sqrt(SQUARE * MOMENT)}
    return sp.expand(sp.expand(total).xreplace(named))


@cache
def images(rule: Rule, drift: sp.Expr = sp.S.Zero) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """The three moments after a step."""
    square, cross, moment = (
        mean(rule, form, drift) for form in (lambda a, _: squared_norm(a), inner, lambda _, b: squared_norm(b))
    )  # fmt: skip
    return square, cross, moment


@cache
def turned(rule: Rule) -> sp.Expr:
    """``E<u_k, u_{k+1}>`` in terms of the moments before the step."""
    return mean(rule, lambda a, _: inner(vector(u), a))


def stationary(
    rule: Rule, fourth: sp.Expr, cross: sp.Expr, momentum: sp.Expr, energy: sp.Expr = G, drift: sp.Expr = sp.S.Zero,
) -> Goal:
    """Moments ``A``, ``cross A``, ``momentum A`` with ``A^2 = fourth`` stay, at the heat ``energy/A``; free of roots, as times A."""
    here = {CROSS: cross * SQUARE, MOMENT: momentum * SQUARE, HEAT: energy / SQUARE}
    square = r"r_*^2\, \mathbb E"
    names = (rf"r_*^4 = {square}\lVert u_{{k+1}}\rVert^2", rf"{square}\langle u_{{k+1}}, m_k\rangle", rf"{square}\lVert m_k\rVert^2")

    def at_star(e: sp.Expr) -> sp.Expr:
        return sp.expand(SQUARE * e.xreplace(here)).xreplace({SQUARE: sp.sqrt(fourth)})

    held = (fourth, cross * fourth, momentum * fourth)
    pairs = zip(held, images(rule, drift), names, strict=True)
    return All(tuple(Equal(at_star(image), moment, name) for moment, image, name in pairs))


def cosine(rule: Rule, cross: sp.Expr, momentum: sp.Expr) -> sp.Expr:
    """``E<u_k, u_{k+1}>/E|u_k|^2`` at the fixed point."""
    return sp.expand(turned(rule).xreplace({CROSS: cross * SQUARE, MOMENT: momentum * SQUARE}) / SQUARE)


@cache
def determinant(rule: Rule) -> sp.Expr:
    """Of the identity less the map's matrix: where it is not 0 there is one fixed point."""
    return (sp.eye(3) - sp.Matrix(images(rule)).jacobian(sp.Matrix(MOMENTS))).det()


@cache
def characteristic(rule: Rule, fourth: sp.Expr, slope: sp.Expr, drift: sp.Expr = sp.S.Zero) -> sp.Expr:
    """The characteristic polynomial in `MULTIPLIER` of a step's map of small deviations of the moments.

    ``slope`` is that of the heat in ``A``, at ``A^2 = fourth``; the map's determinant is linear in it.
    """
    return _deviations(rule, drift).subs(HEAT, slope.subs(SQUARE, sp.sqrt(fourth)))


@cache
def _deviations(rule: Rule, drift: sp.Expr) -> sp.Expr:
    """The characteristic polynomial, with the slope of the heat called `HEAT`."""
    moved = sp.Matrix(images(rule, drift))
    fixed, pushed = moved.jacobian(sp.Matrix(MOMENTS)), sp.zeros(3)
    pushed[:, 0] = moved.diff(HEAT)
    return sp.Poly((MULTIPLIER * sp.eye(3) - fixed - HEAT * pushed).det(method="berkowitz"), HEAT).as_expr()
