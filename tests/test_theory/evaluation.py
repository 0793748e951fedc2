"""Values of expressions in 60 digits by mpmath: written apart from the kernel's balls, to check them."""

from __future__ import annotations

from collections.abc import Callable

import mpmath as mp
import sympy as sp

DIGITS = 60
CLOSE = mp.mpf(10) ** -40
_FUNCTIONS = {
    sp.sin: mp.sin, sp.cos: mp.cos, sp.tan: mp.tan, sp.sinh: mp.sinh, sp.cosh: mp.cosh, sp.tanh: mp.tanh,
    sp.Abs: abs, sp.atan: mp.atan, sp.exp: mp.exp,
}  # fmt: skip


class UndefinedError(ArithmeticError):
    """The expression has no real value here."""


def value(e: sp.Expr, at: Callable[[sp.Expr], mp.mpf]) -> mp.mpf:
    """The real value of ``e`` where ``at`` gives the value of every atom."""
    with mp.workdps(DIGITS):
        result = _value(e, at)
        if not mp.isfinite(result) or abs(result) > mp.mpf(10) ** 2000:
            raise UndefinedError
        return result


def _value(e: sp.Expr, at: Callable[[sp.Expr], mp.mpf]) -> mp.mpf:
    if e.is_Rational:
        return mp.mpf(int(e.p)) / int(e.q)
    if e.is_Add:
        return mp.fsum(_value(a, at) for a in e.args)
    if e.is_Mul:
        return mp.fprod(_value(a, at) for a in e.args)
    if isinstance(e, sp.Sum):
        return _sum(e, at)
    if e is sp.E or e is sp.pi:
        return +mp.e if e is sp.E else +mp.pi
    if e.func in _FUNCTIONS:
        argument = _value(e.args[0], at)
        if abs(argument) > 10**4:
            raise UndefinedError
        return _FUNCTIONS[e.func](argument)
    if isinstance(e, sp.log):
        return mp.log(_positive(_value(e.args[0], at)))
    if e.is_Pow:
        return _power(_value(e.base, at), e.exp, at)
    return at(e)


def _power(base: mp.mpf, exponent: sp.Expr, at: Callable[[sp.Expr], mp.mpf]) -> mp.mpf:
    if exponent.is_Integer:
        if base == 0 and exponent < 0:
            raise UndefinedError
        return base ** int(exponent)
    if base == 0 and exponent.is_positive:
        return mp.mpf(0)
    return mp.exp(_value(exponent, at) * mp.log(_positive(base)))


def _positive(number: mp.mpf) -> mp.mpf:
    if number <= 0:
        raise UndefinedError
    return number


def _sum(e: sp.Sum, at: Callable[[sp.Expr], mp.mpf]) -> mp.mpf:
    index, low, high = e.limits[-1]
    body = e.function if len(e.limits) == 1 else sp.Sum(e.function, *e.limits[:-1])
    ends = [int(mp.nint(_value(end, at))) for end in (low, high)]
    terms = [_value(_placed(body, index, k), at) for k in range(ends[0], ends[1] + 1)]
    return mp.fsum(terms)


def _placed(body: sp.Expr, index: sp.Symbol, k: int) -> sp.Expr:
    """SymPy's own substitution, which leaves an inner sum over the same index alone."""
    return body.subs(index, k)


def agree(left: mp.mpf, right: mp.mpf) -> bool:
    """Equal up to the rounding of 60 digits, with a wide margin for cancellation."""
    return bool(abs(left - right) <= CLOSE * (1 + abs(left) + abs(right)))
