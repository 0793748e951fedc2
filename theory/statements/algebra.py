"""SymPy's rewriting, of expressions that are certainly small: what is too large is refused, not begun.

Nothing here is trusted: what comes out is a candidate for the kernel, a place to look at, or something to read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import sympy as sp

_MOST_TERMS, _HIGHEST, _MOST_BITS, _MOST_OPERATIONS = 400, 64, 4000, 600
_FAR = 10**6  # too much of anything


@dataclass(frozen=True)
class _Size:
    """At most so many terms, and so high a degree, above and below when all is over one denominator."""

    above: float
    below: float
    high: float
    low: float


def is_small(e: sp.Expr) -> bool:
    """Whether an expression can be written out over one denominator, and factored, in no time."""
    if sp.count_ops(e) > _MOST_OPERATIONS or any(_bits(x) > _MOST_BITS for x in e.atoms(sp.Rational)):
        return False
    size = _size(e)
    return size.above * size.below <= _MOST_TERMS and size.high + size.low <= _HIGHEST


def _bits(x: sp.Rational) -> int:
    return max(int(x.p).bit_length(), int(x.q).bit_length())


def _size(e: sp.Expr) -> _Size:
    if e.is_Add or e.is_Mul:
        each = [_size(arg) for arg in e.args]
        below, low = math.prod(s.below for s in each), sum(s.low for s in each)
        if e.is_Mul:
            return _Size(math.prod(s.above for s in each), below, sum(s.high for s in each), low)
        return _Size(sum(s.above * below / s.below for s in each), below, max(s.high + low - s.low for s in each), low)
    if isinstance(e, sp.exp):
        factors = [abs(arg.as_coeff_Mul()[0]) for arg in sp.Add.make_args(e.args[0])]
        return _Size(1, 1, max((min(int(k.p), _FAR) for k in factors if k.is_Rational), default=1), 0)
    if e.is_Pow and e.exp.is_Rational:
        size, times = _size(e.base), min(abs(int(e.exp.p)), _FAR)
        if not e.exp.is_Integer:
            return _Size(1, 1, times, 0)
        if times > _HIGHEST:
            return _Size(_FAR, 1, _FAR, 0)
        above, below = (min(math.comb(int(min(n, _FAR)) + times - 1, times), _FAR) if n > 1 else 1 for n in (size.above, size.below))
        powers = _Size(above, below, times * size.high, times * size.low)
        return powers if e.exp > 0 else _Size(powers.below, powers.above, powers.low, powers.high)
    return _Size(1, 1, 0 if e.is_number else 1, 0)


def _checked(e: sp.Expr) -> sp.Expr:
    if not is_small(e):
        raise ValueError("too large to be written out")
    return e


def expanded(e: sp.Expr) -> sp.Expr:
    """Written out; raises `ValueError` for what is too large."""
    return sp.expand(_checked(e))


def cancelled(e: sp.Expr) -> sp.Expr:
    """A quotient of polynomials without common factors; raises `ValueError` for what is too large."""
    return sp.cancel(_checked(e))


def factored(e: sp.Expr) -> sp.Expr:
    """A product over one denominator; raises `ValueError` for what is too large."""
    return sp.factor(sp.together(_checked(e)), deep=False)


def over_one_denominator(e: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Numerator and denominator; raises `ValueError` for what is too large."""
    above, below = sp.fraction(sp.together(_checked(e)))
    return above, below
