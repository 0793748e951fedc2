"""Values in double precision, to see which places are worth an exact look. Nothing that is said rests on them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from theory.statements.constraints import is_constant_zero
from theory.statements.evaluation import Place
from theory.statements.kinds import Problem
from theory.statements.syntax import COSINE, Call, Member, Minus, Name, Node, Number, Operation, Relation, Total, whole

_SIMPLE: Mapping[str, Callable[[float], float]] = {
    "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "abs": abs, "sin": math.sin, "tan": math.tan, "arcsin": math.asin,
    "arccos": math.acos, "arctan": math.atan, "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, COSINE: math.cos,
}  # fmt: skip
_ZERO = 1e-9  # relative: what is less may be 0, and the exact look decides
_LONGEST = 2000  # parts that are looked at before a place is given up


class Unclear(Exception):
    """There is no value here, or none in double precision."""


class Floats:
    """The trees of a problem at one place; derivatives are left to the exact evaluator."""

    def __init__(self, problem: Problem, place: Place) -> None:
        self._problem, self._place, self.looked_at = problem, place, 0
        self._vectors = {n: [float(x) for x in v] for n, v in place.vectors.items()}
        self._scalars = {n: float(x) for n, x in {**place.scalars, **place.sizes}.items()}

    def shortfall(self, relation: Relation) -> float:
        """By how much a relation fails, relative to its sides: 0 where it may hold; raises `Unclear`."""
        gap = self._gap(relation)
        if relation.operator in ("==", "!="):
            return float((abs(gap) < _ZERO) if relation.operator == "!=" else abs(gap) * (abs(gap) >= _ZERO))
        under = -gap if relation.operator in (">", ">=") else gap
        strict = relation.operator in ("<", ">")
        return max(under, 0.0 if not strict or under < -_ZERO else _ZERO) if abs(under) >= _ZERO or strict else 0.0

    def margin(self, relation: Relation) -> float:
        """By how much a relation holds, relative to its sides: what is not above 0 may fail; raises `Unclear`."""
        gap = self._gap(relation)
        if relation.operator == "==":
            return -abs(gap) if abs(gap) >= _ZERO else _ZERO
        over = gap if relation.operator in (">", ">=") else -gap
        return over if abs(over) >= _ZERO else 0.0 if relation.operator in ("<", ">") else _ZERO

    def _gap(self, relation: Relation) -> float:
        try:
            if self._problem.is_vector(relation.left) or self._problem.is_vector(relation.right):
                a, b = self._vector(relation.left, {}), self._vector(relation.right, {})
                gap, size = math.dist(a, b), math.hypot(*a) + math.hypot(*b)
            else:
                left, right = self._scalar(relation.left, {}), self._scalar(relation.right, {})
                gap, size = left - right, abs(left) + abs(right)
            found = gap / (1 + size)
        except (ArithmeticError, ValueError, KeyError, RecursionError) as error:
            raise Unclear from error
        if not math.isfinite(found):
            raise Unclear
        return found

    def _count(self) -> None:
        self.looked_at += 1
        if self.looked_at > _LONGEST:
            raise Unclear

    def _scalar(self, node: Node, bound: Mapping[str, int]) -> float:
        self._count()
        match node:
            case Number(value=value):
                return float(value)
            case Name(name=name) if name in bound:
                return float(bound[name])
            case Name(name="pi"):
                return math.pi
            case Name(name=name) if name in self._problem.definitions:
                return self._scalar(self._problem.definitions[name], {})
            case Name(name=name):
                return self._scalars[name]
            case Member():
                return self._scalars[_member(node, bound)]
            case Minus(of=of):
                return -self._scalar(of, bound)
            case Operation(operator=operator, left=left, right=right):
                return _combined(operator, self._scalar(left, bound), self._scalar(right, bound))
            case Total(body=body):
                return sum(self._scalar(body, inside) for inside in self._indices(node, bound))
            case Call(function="max" | "min" as function, arguments=arguments):
                return (max if function == "max" else min)(self._scalar(a, bound) for a in arguments)
            case Call(function="dot" | "norm" | "cos" as function, arguments=arguments):
                return _product(function, *(self._vector(a, bound) for a in arguments))
            case Call(function=function, arguments=(of,)) if function in _SIMPLE:
                return _SIMPLE[function](self._scalar(of, bound))
        raise Unclear

    def _vector(self, node: Node, bound: Mapping[str, int]) -> list[float]:
        if is_constant_zero(node):
            return [0.0] * self._place.dimension
        self._count()
        match node:
            case Name(name=name) if name in self._problem.definitions:
                return self._vector(self._problem.definitions[name], {})
            case Name(name=name):
                return self._vectors[name]
            case Member():
                return self._vectors[_member(node, bound)]
            case Minus(of=of):
                return _times(-1, self._vector(of, bound))
            case Operation(operator="+" | "-" as operator, left=left, right=right):
                return _plus(self._vector(left, bound), _times(1 if operator == "+" else -1, self._vector(right, bound)))
            case Operation(operator="/", left=left, right=right):
                return _times(1 / self._scalar(right, bound), self._vector(left, bound))
            case Operation(left=left, right=right):
                of, by = (left, right) if self._problem.is_vector(left) else (right, left)
                return _times(self._scalar(by, bound), self._vector(of, bound))
            case Total(body=body):
                total = [0.0] * self._place.dimension
                for inside in self._indices(node, bound):
                    total = _plus(total, self._vector(body, inside))
                return total
            case Call(function="unit", arguments=(of,)):
                v = self._vector(of, bound)
                return _times(1 / math.hypot(*v), v)
            case Call(function="proj", arguments=(of, onto)):
                u, v = self._vector(of, bound), self._vector(onto, bound)
                return _plus(v, _times(-_dot(u, v) / _dot(u, u), u))
        raise Unclear

    def _indices(self, node: Total, bound: Mapping[str, int]) -> list[dict[str, int]]:
        low, high = whole(node.low), whole(node.high)
        last = self._place.sizes[node.high.name] if high is None else high  # type: ignore[attr-defined]
        return [{**bound, node.index: k} for k in range(low or 0, last + 1)]


def _member(node: Member, bound: Mapping[str, int]) -> str:
    number = whole(node.index)
    return f"{node.name}[{bound[node.index.name] if number is None else number}]"  # type: ignore[attr-defined]


def _combined(operator: str, a: float, b: float) -> float:
    match operator:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b
    return math.pow(a, b)


def _product(function: str, a: list[float], b: list[float] | None = None) -> float:
    if b is None:
        return math.hypot(*a)
    return _dot(a, b) / (math.hypot(*a) * math.hypot(*b)) if function == "cos" else _dot(a, b)


def _dot(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _plus(a: list[float], b: list[float]) -> list[float]:
    return [x + y for x, y in zip(a, b, strict=True)]


def _times(k: float, a: list[float]) -> list[float]:
    return [k * x for x in a]
