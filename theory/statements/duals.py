"""Numbers that carry their derivatives: forward differentiation, coordinate by coordinate, at many digits.

`Dual` is ``value + slope * epsilon`` with ``epsilon**2 = 0``; value and slope may be dual numbers themselves, of
other derivatives, told apart by their tag. Nothing here knows of norms, cosines or SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath

_LARGEST = 10**6  # exponents beyond this have no value here
_NEAR = mpmath.mpf(10) ** -40


class Undefined(ArithmeticError):
    """No value, or no derivative, at this point."""


@dataclass(frozen=True)
class Dual:
    """One derivative on its way; a later derivative has a larger tag and is on the outside."""

    tag: int
    value: Any
    slope: Any


def parts(x: Any, tag: int) -> tuple[Any, Any]:
    """Value and slope with respect to one derivative."""
    return (x.value, x.slope) if isinstance(x, Dual) and x.tag == tag else (x, mpmath.mpf(0))


def number(x: Any) -> Any:
    """The value alone."""
    return number(x.value) if isinstance(x, Dual) else x


def exact(value: Fraction) -> Any:
    """A fraction as a number of the present precision."""
    return mpmath.mpf(value.numerator) / value.denominator


def _outer(*xs: Any) -> int:
    return max((x.tag for x in xs if isinstance(x, Dual)), default=0)


def add(x: Any, y: Any) -> Any:
    """``x + y``."""
    if tag := _outer(x, y):
        (a, da), (b, db) = parts(x, tag), parts(y, tag)
        return Dual(tag, add(a, b), add(da, db))
    return x + y


def multiply(x: Any, y: Any) -> Any:
    """``x y``."""
    if tag := _outer(x, y):
        (a, da), (b, db) = parts(x, tag), parts(y, tag)
        return Dual(tag, multiply(a, b), add(multiply(a, db), multiply(da, b)))
    return x * y


def negative(x: Any) -> Any:
    """``-x``."""
    return multiply(mpmath.mpf(-1), x)


def subtract(x: Any, y: Any) -> Any:
    """``x - y``."""
    return add(x, negative(y))


def divide(x: Any, y: Any) -> Any:
    """``x/y``; raises `Undefined` at ``y = 0``."""
    return multiply(x, _reciprocal(y))


def _reciprocal(y: Any) -> Any:
    if isinstance(y, Dual):
        inverse = _reciprocal(y.value)
        return Dual(y.tag, inverse, negative(multiply(y.slope, multiply(inverse, inverse))))
    if abs(y) < tiny():
        raise Undefined("a division by 0")
    return 1 / y


def tiny() -> Any:
    """Below this a number cannot be told from the rounding of a 0, so that nothing is decided by its sign."""
    return mpmath.mpf(10) ** (20 - mpmath.mp.dps)


def whole_power(x: Any, n: int) -> Any:
    """``x**n`` for a whole number; ``x**0`` is 1."""
    if n < 0:
        return _reciprocal(whole_power(x, -n))
    if isinstance(x, Dual):
        if n == 0:
            return mpmath.mpf(1)
        return Dual(x.tag, whole_power(x.value, n), multiply(multiply(mpmath.mpf(n), whole_power(x.value, n - 1)), x.slope))
    if x and n * abs(mpmath.log(abs(x))) > _LARGEST:
        raise Undefined("too large")
    return x**n


def power(x: Any, y: Any) -> Any:
    """``x**y`` for ``x > 0``, and ``0**y`` for ``y > 0``."""
    if isinstance(x, Dual) or isinstance(y, Dual):
        return apply("exp", multiply(y, apply("log", x)))
    if x < 0 or (x < tiny() and y <= 0):
        raise Undefined("a power of a number that is not positive")
    return mpmath.mpf(0) if x == 0 else _exp(y * mpmath.log(x))


def _exp(x: Any) -> Any:
    if abs(x) > _LARGEST:
        raise Undefined("too large")
    return mpmath.exp(x)


def _log(x: Any) -> Any:
    if x < tiny():
        raise Undefined("a logarithm of a number that is not positive")
    return mpmath.log(x)


def _root(x: Any) -> Any:
    if x < -tiny():
        raise Undefined("a root of a negative number")
    return mpmath.sqrt(max(x, mpmath.mpf(0)))


def _inverse_of(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def inverse(x: Any) -> Any:
        if abs(x) > 1 + _NEAR:
            raise Undefined("an arcus beyond 1")
        return function(max(mpmath.mpf(-1), min(mpmath.mpf(1), x)))

    return inverse


def _circular(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def bounded(x: Any) -> Any:
        if abs(x) > 10**30:  # digits of the angle itself are lost
            raise Undefined("too large")
        return function(x)

    return bounded


def _fall(x: Any) -> Any:
    return divide(mpmath.mpf(1), apply("sqrt", subtract(mpmath.mpf(1), multiply(x, x))))


def _tanh(x: Any) -> Any:
    if abs(x) > _LARGEST:
        raise Undefined("too large")
    return mpmath.tanh(x)


# name: the function of a number, and the slope as a function of a number that may be dual
_FUNCTIONS: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "exp": (_exp, lambda x: apply("exp", x)),
    "log": (_log, _reciprocal),
    "sqrt": (_root, lambda x: divide(mpmath.mpf(0.5), apply("sqrt", x))),
    "abs": (abs, lambda x: divide(apply("abs", x), x)),
    "sin": (_circular(mpmath.sin), lambda x: apply("circular", x)),
    "circular": (_circular(mpmath.cos), lambda x: negative(apply("sin", x))),
    "tan": (_circular(mpmath.tan), lambda x: add(mpmath.mpf(1), whole_power(apply("tan", x), 2))),
    "arcsin": (_inverse_of(mpmath.asin), _fall),
    "arccos": (_inverse_of(mpmath.acos), lambda x: negative(_fall(x))),
    "arctan": (mpmath.atan, lambda x: _reciprocal(add(mpmath.mpf(1), multiply(x, x)))),
    "sinh": (lambda x: (_exp(x) - _exp(-x)) / 2, lambda x: apply("cosh", x)),
    "cosh": (lambda x: (_exp(x) + _exp(-x)) / 2, lambda x: apply("sinh", x)),
    "tanh": (_tanh, lambda x: subtract(mpmath.mpf(1), whole_power(apply("tanh", x), 2))),
}


def apply(function: str, x: Any) -> Any:
    """A function of one number; raises `Undefined` outside of its domain and, of a dual number, at a kink."""
    value, slope = _FUNCTIONS[function]
    if isinstance(x, Dual):
        return Dual(x.tag, apply(function, x.value), multiply(slope(x.value), x.slope))
    return value(x)


def extreme(x: Any, y: Any, sign: int) -> Any:
    """``max`` (sign 1) or ``min`` (sign -1); raises `Undefined` for a derivative where both are equal."""
    a, b = number(x), number(y)
    if abs(a - b) < tiny() and _outer(x, y):
        raise Undefined("a kink")
    return x if sign * (a - b) >= 0 else y
