"""Exact values of parts that are rational at a place: sums, products, whole powers, inner products."""

from __future__ import annotations

import math
from fractions import Fraction

from theory.statements.constraints import is_constant_zero
from theory.statements.evaluation import Place
from theory.statements.kinds import Problem
from theory.statements.names import LARGEST_POWER
from theory.statements.syntax import Call, Minus, Name, Node, Number, Operation

Coordinates = tuple[Fraction, ...]


def value_at(node: Node, place: Place, problem: Problem) -> Fraction | Coordinates | None:
    """A number, coordinates, or ``None`` for what is not rational here, or not simple enough."""
    try:
        return _of(node, place, problem)
    except (ArithmeticError, KeyError):
        return None


def _of(node: Node, place: Place, problem: Problem) -> Fraction | Coordinates | None:
    match node:
        case Number(value=value):
            return value
        case Name(name=name) if name in problem.definitions:
            return _of(problem.definitions[name], place, problem)
        case Name(name=name):
            if name in place.vectors:
                return place.vectors[name]
            return Fraction(place.sizes[name]) if name in place.sizes else place.scalars[name]
        case Minus(of=of):
            found = _of(of, place, problem)
            return tuple(-x for x in found) if isinstance(found, tuple) else None if found is None else -found
        case Operation(operator=operator, left=left, right=right):
            return _operation(operator, _side(left, right, place, problem), _side(right, left, place, problem))
        case Call(function="dot" | "norm" as function, arguments=arguments):
            a, b = _of(arguments[0], place, problem), _of(arguments[-1], place, problem)
            if not isinstance(a, tuple) or not isinstance(b, tuple):
                return None
            total = sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))
            return total if function == "dot" else root(total)
    return None


def _side(node: Node, other: Node, place: Place, problem: Problem) -> Fraction | Coordinates | None:
    if is_constant_zero(node) and problem.is_vector(other):
        return (Fraction(0),) * place.dimension
    return _of(node, place, problem)


def _operation(operator: str, a: Fraction | Coordinates | None, b: Fraction | Coordinates | None) -> Fraction | Coordinates | None:
    if a is None or b is None:
        return None
    if isinstance(a, tuple) and isinstance(b, tuple):
        sign = {"+": 1, "-": -1}[operator]
        return tuple(x + sign * y for x, y in zip(a, b, strict=True))
    if isinstance(b, tuple):
        a, b = b, a  # scalar * vector
    if isinstance(b, tuple):
        return None
    if isinstance(a, tuple):
        factor = 1 / b if operator == "/" else b
        return tuple(x * factor for x in a)
    if operator == "**":
        return a ** int(b) if b.denominator == 1 and abs(b) <= LARGEST_POWER and (a or b > 0) and abs(a) < 10**6 else None
    return {"+": a.__add__, "-": a.__sub__, "*": a.__mul__, "/": a.__truediv__}[operator](b)


def root(x: Fraction) -> Fraction | None:
    """The square root, if it is rational."""
    if x < 0:
        return None
    p, q = math.isqrt(x.numerator), math.isqrt(x.denominator)
    return Fraction(p, q) if p * p == x.numerator and q * q == x.denominator else None
