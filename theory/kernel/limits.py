"""Limits by leading terms: ``expr = coefficient * x**power + o(x**power)`` as ``x -> oo``, computed bottom-up.

The coefficient may be 0 where leading terms cancel; what divides, or must be positive, is certified. Where
that fails there is no answer. Exponentials of negative leading arguments are smaller than every power;
logarithms that grow have coefficient ``oo`` and power 0, and only ever lose against a power.
"""

from __future__ import annotations

import sympy as sp

from theory.kernel.definedness import NONNEGATIVE, NONZERO, POSITIVE, needs
from theory.kernel.signs import is_zero, sign
from theory.kernel.verdict import Undecidable
from theory.language.domain import Domain
from theory.language.sums import written_out


class Unbounded(Undecidable):
    """The expression certainly grows without bound; as what, is the message, a term in the variable."""


Lead = tuple[sp.Expr, sp.Expr]
_ALLOWED = {POSITIVE: ((1, True),), NONNEGATIVE: ((1, True),), NONZERO: ((1, True), (-1, True))}
VANISHING: Lead = (sp.S.Zero, -sp.oo)


def leading(e: sp.Expr, x: sp.Symbol, domain: Domain) -> Lead:
    """``(coefficient, power)`` of ``e`` as ``x -> oo``.

    Raises `Undecidable` where something that divides may vanish, or a sign that matters is unknown.
    """
    if not e.has(x):
        return e, sp.S.Zero
    if e == x:
        return sp.S.One, sp.S.One
    if e.is_Add:
        return _sum([leading(arg, x, domain) for arg in e.args])
    if e.is_Mul:
        leads = [leading(arg, x, domain) for arg in e.args]
        if VANISHING in leads:
            return VANISHING
        return sp.Mul(*(c for c, _ in leads)), sp.Add(*(p for _, p in leads))
    if isinstance(e, sp.exp):
        return _exponential(*leading(e.args[0], x, domain), domain)
    if isinstance(e, sp.log):
        return _logarithm(e.args[0], x, domain)
    if isinstance(e, sp.Abs):
        c, p = leading(e.args[0], x, domain)
        return _sign(c, domain) * c, p
    if e.is_Pow and e.exp.is_Rational:
        c, p = leading(e.base, x, domain)
        if p == -sp.oo or c.has(sp.oo):
            raise Undecidable(f"a power of {e.base}")
        if not e.exp.is_Integer and sign(c, domain) != (1, True):
            raise Undecidable(f"root of a base of unknown sign: {e.base}")
        return (nonzero(c, domain) if e.exp < 0 else c) ** e.exp, p * e.exp
    raise Undecidable(f"no leading term for {type(e).__name__}")


def _sum(leads: list[Lead]) -> Lead:
    top = max((p for _, p in leads), key=lambda p: (p != -sp.oo, p))
    c = sp.Add(*(c for c, p in leads if p == top))
    if c.has(sp.oo, -sp.oo, sp.nan):
        raise Undecidable("a logarithm dominates")
    return c, top


def nonzero(c: sp.Expr, domain: Domain) -> sp.Expr:
    """The coefficient, every factor of it certified not 0."""
    _sign(c, domain)
    return c


def _sign(c: sp.Expr, domain: Domain) -> int:
    """1 or -1, certified factor by factor; ``log k`` has the sign of ``k - 1``."""
    total = 1
    for factor in sp.Mul.make_args(c):
        s = sign(factor.args[0] - 1 if isinstance(factor, sp.log) else factor, domain)
        if s is None or not s[1]:
            raise Undecidable(f"the coefficient {c} may vanish")
        total *= s[0]
    return total


def _logarithm(argument: sp.Expr, x: sp.Symbol, domain: Domain) -> Lead:
    """Near 1 a logarithm is its argument minus 1; elsewhere its limit; at infinity ``oo`` times no power."""
    c, p = leading(argument, x, domain)
    if sign(c, domain) != (1, True):
        raise Undecidable("logarithm of something not positive")
    if p != 0:
        return sp.oo, sp.S.Zero
    if is_zero(c - 1, domain):
        return leading(written_out(argument) - 1, x, domain)
    return sp.log(c), sp.S.Zero


def _exponential(c: sp.Expr, p: sp.Expr, domain: Domain) -> Lead:
    if p < 0:
        return sp.S.One, sp.S.Zero
    if p == 0 and not c.has(sp.oo, -sp.oo, sp.nan):
        return sp.exp(c), sp.S.Zero
    if p > 0 and sign(c, domain) == (-1, True):
        return VANISHING
    raise Undecidable("exponential of a growing argument")


def limit_at_infinity(e: sp.Expr, x: sp.Symbol, domain: Domain) -> sp.Expr:
    """The finite limit as ``x -> oo``; raises `Undecidable` if none is certified, `Unbounded` if there is none."""
    try:
        return _limit(*leading(e, x, domain), x, domain)
    except Unbounded:
        raise
    except Undecidable:  # dominant terms may cancel openly over a common denominator
        defined_far_out(e, x, domain)
        above, below = (written_out(side) for side in sp.fraction(sp.together(e)))
        (c, p), (d, q) = leading(above, x, domain), leading(below, x, domain)
        if -sp.oo in (p, q):
            raise
        return _limit(c / nonzero(d, domain), p - q, x, domain)


def defined_far_out(e: sp.Expr, x: sp.Symbol, domain: Domain) -> None:
    """Certifies by leading terms that every part of ``e`` with ``x`` in it is defined from some ``x`` on, or raises."""
    for part, what in needs(e):
        if part.has(x):
            c, _ = leading(written_out(domain.apply(part)), x, domain)
            if sign(c, domain) not in _ALLOWED.get(what, ()):
                raise Undecidable(f"{part} must {what}")


def _limit(c: sp.Expr, p: sp.Expr, x: sp.Symbol, domain: Domain) -> sp.Expr:
    if p < 0:
        return sp.S.Zero
    if c.has(sp.oo, -sp.oo, sp.nan, sp.zoo):
        raise Undecidable("a logarithm dominates")
    if p > 0:
        raise Unbounded(nonzero(c, domain) * x**p)
    return c
