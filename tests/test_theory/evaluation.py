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
    return Evaluation(at)(e)


class Evaluation:
    """Values at one place, by recursion; ``bound`` holds what the indices of the sums around are."""

    def __init__(self, at: Callable[[sp.Expr], mp.mpf]) -> None:
        self.at = at
        self.known: dict[object, mp.mpf] = {}

    def __call__(self, e: sp.Expr) -> mp.mpf:
        """Raises `UndefinedError` where there is no real value, or none that can be handled."""
        with mp.workdps(DIGITS):
            result = self.value(e, {})
        if not mp.isfinite(result) or abs(result) > mp.mpf(10) ** 2000:
            raise UndefinedError
        return result

    def value(self, e: sp.Expr, bound: dict[sp.Expr, sp.Expr]) -> mp.mpf:
        """Computed once for each value of the indices that occur."""
        key = (e, *((k, v) for k, v in bound.items() if k in e.free_symbols))
        if key not in self.known:
            self.known[key] = self._fresh(e, bound)
        return self.known[key]

    def _fresh(self, e: sp.Expr, bound: dict[sp.Expr, sp.Expr]) -> mp.mpf:
        if e.is_Rational:
            return mp.mpf(int(e.p)) / int(e.q)
        if e.is_Add or e.is_Mul:
            return (mp.fsum if e.is_Add else mp.fprod)(self.value(a, bound) for a in e.args)
        if isinstance(e, sp.Sum):
            return self._sum(e, bound)
        if e is sp.E or e is sp.pi:
            return +mp.e if e is sp.E else +mp.pi
        if e.func in _FUNCTIONS:
            argument = self.value(e.args[0], bound)
            if abs(argument) > 10**4:
                raise UndefinedError
            return _FUNCTIONS[e.func](argument)
        if isinstance(e, sp.log):
            return mp.log(_positive(self.value(e.args[0], bound)))
        if e.is_Pow:
            return self._power(self.value(e.base, bound), e.exp, bound)
        placed = e.xreplace(bound)
        return mp.mpf(int(placed)) if placed.is_Integer else self.at(placed)

    def _power(self, base: mp.mpf, exponent: sp.Expr, bound: dict[sp.Expr, sp.Expr]) -> mp.mpf:
        if exponent.is_Integer:
            if base == 0 and exponent < 0:
                raise UndefinedError
            return base ** int(exponent)
        if base == 0 and exponent.is_positive:
            return mp.mpf(0)
        return mp.exp(self.value(exponent, bound) * mp.log(_positive(base)))

    def _sum(self, e: sp.Sum, bound: dict[sp.Expr, sp.Expr]) -> mp.mpf:
        index, low, high = e.limits[-1]
        body = e.function if len(e.limits) == 1 else sp.Sum(e.function, *e.limits[:-1])
        first, last = (int(mp.nint(self.value(end, bound))) for end in (low, high))
        return mp.fsum(self.value(body, {**bound, index: sp.Integer(k)}) for k in range(first, last + 1))


def _positive(number: mp.mpf) -> mp.mpf:
    if number <= 0:
        raise UndefinedError
    return number


def agree(left: mp.mpf, right: mp.mpf) -> bool:
    """Equal up to the rounding of 60 digits, with a wide margin for cancellation."""
    return bool(abs(left - right) <= CLOSE * (1 + abs(left) + abs(right)))
