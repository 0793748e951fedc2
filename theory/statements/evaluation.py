"""An evaluator of its own: straight from the syntax tree, on vectors with coordinates, at many digits.

It shares nothing with the Gram calculus but the tree: vectors are lists of numbers, ``grad`` differentiates
coordinate by coordinate. It confirms refutations, and a proof must survive it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial, reduce
from itertools import count
from typing import Any

import mpmath

from theory.statements import duals
from theory.statements.constraints import is_constant_zero
from theory.statements.duals import Dual, Undefined
from theory.statements.effort import Effort
from theory.statements.kinds import Problem
from theory.statements.syntax import COSINE, Call, Invariance, Member, Minus, Name, Node, Number, Operation, Relation, Total, whole

Exact = Fraction
SHOWN_DIGITS = 50
DIGITS = (70, 140)  # every value is found twice; noise does not survive this
_AGREE = mpmath.mpf(10) ** -45  # relative: gaps below are none, or not to be told from none
_SAME = mpmath.mpf(10) ** -100
_LONGEST = 30_000  # parts that are looked at before a place is given up


@dataclass(frozen=True)
class Place:
    """One exact setting: coordinates by name of a vector, numbers by name of a scalar; members are ``v[2]``."""

    dimension: int
    vectors: Mapping[str, tuple[Exact, ...]]
    scalars: Mapping[str, Exact]
    sizes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """Both sides at a place. ``order`` is the sign of left - right, ``None`` where it cannot be told from 0 or noise."""

    left: Any
    right: Any
    order: int | None
    same: bool  # equal to 100 digits, which is no proof
    gap: Any = None


class Evaluator:
    """Values of trees at one place, in the present precision of mpmath."""

    def __init__(self, problem: Problem, place: Place, stretch: Any = None) -> None:
        self.problem, self.place, self._tags = problem, place, count(1)
        self._left, self._inside = _LONGEST, 0  # derivatives, each of which doubles the work
        self._vectors = {n: [duals.exact(x) for x in v] for n, v in place.vectors.items()}
        self._scalars = {n: duals.exact(x) for n, x in place.scalars.items()}
        self._scalars |= {n: mpmath.mpf(k) for n, k in place.sizes.items()}
        if stretch is not None:
            name, factor = stretch
            self._vectors[name] = [factor * x for x in self._vectors[name]]

    def of(self, node: Node, bound: Mapping[str, int]) -> Any:
        """A number, or a list of coordinates; raises `Undefined`."""
        self._left -= 1 << self._inside
        if self._left < 0:
            raise Undefined("too long")
        match node:
            case Number(value=value):
                return duals.exact(value)
            case Name(name=name):
                return self._name(name, bound)
            case Member():
                name = self._member(node, bound)
                return self._vectors[name] if name in self._vectors else self._scalars[name]
            case Minus(of=of):
                value = self.of(of, bound)
                return [duals.negative(x) for x in value] if isinstance(value, list) else duals.negative(value)
            case Operation():
                return self._operation(node, bound)
            case Total(body=body, index=index, low=low, high=high):
                first, last = whole(low), whole(high)
                last = self.place.sizes[high.name] if last is None else last  # type: ignore[attr-defined]
                return reduce(_plus, (self.of(body, {**bound, index: k}) for k in range(first or 0, last + 1)))
            case Call():
                return self._call(node, bound)
        raise Undefined(f"no value of {type(node).__name__}")

    def vector(self, node: Node, bound: Mapping[str, int]) -> list[Any]:
        """Coordinates; the literal 0 is the zero vector."""
        if is_constant_zero(node):
            return [mpmath.mpf(0)] * self.place.dimension
        found: list[Any] = self.of(node, bound)
        return found

    def _member(self, node: Member, bound: Mapping[str, int]) -> str:
        number = whole(node.index)
        return f"{node.name}[{bound[node.index.name] if number is None else number}]"  # type: ignore[attr-defined]

    def _name(self, name: str, bound: Mapping[str, int]) -> Any:
        if name in bound:
            return mpmath.mpf(bound[name])
        if name == "pi":
            return +mpmath.pi
        if name in self.problem.definitions:
            return self.of(self.problem.definitions[name], {})
        return self._vectors[name] if name in self._vectors else self._scalars[name]

    def _operation(self, node: Operation, bound: Mapping[str, int]) -> Any:
        if node.operator in "+-" and self.problem.is_vector(node):
            a, b = self.vector(node.left, bound), self.vector(node.right, bound)
            return _plus(a, b if node.operator == "+" else [duals.negative(x) for x in b])
        a, b = self.of(node.left, bound), self.of(node.right, bound)
        match node.operator:
            case "+":
                return duals.add(a, b)
            case "-":
                return duals.subtract(a, b)
            case "*":
                if isinstance(b, list):
                    a, b = b, a
                return [duals.multiply(x, b) for x in a] if isinstance(a, list) else duals.multiply(a, b)
            case "/":
                return [duals.divide(x, b) for x in a] if isinstance(a, list) else duals.divide(a, b)
        plain = duals.number(b)
        if not isinstance(b, Dual) and plain == mpmath.floor(plain) and abs(plain) < 10**6 and _is_fixed(node.right):
            return duals.whole_power(a, int(plain))
        return duals.power(a, b)

    def _call(self, node: Call, bound: Mapping[str, int]) -> Any:
        name, arguments = node.function, node.arguments
        if name in ("grad", "hess", "diff"):
            return self._derivative(node, bound)
        if name in ("dot", "norm", "cos", "unit", "proj"):
            return _geometry(name, [self.vector(a, bound) for a in arguments])
        values = [self.of(a, bound) for a in arguments]
        if name in ("max", "min"):
            return reduce(lambda x, y: duals.extreme(x, y, 1 if name == "max" else -1), values)
        return duals.apply("circular" if name == COSINE else name, values[0])

    def _derivative(self, node: Call, bound: Mapping[str, int]) -> Any:
        of, by = node.arguments[:2]
        name = self._member(by, bound) if isinstance(by, Member) else by.name  # type: ignore[attr-defined]
        if node.function == "diff":
            return self._slope(self._scalars, name, None, partial(self.of, of, bound))
        value = partial(self.of, of, bound)
        gradient = [partial(self._slope, self._vectors, name, self._axis(i), value) for i in range(self.place.dimension)]
        if node.function == "grad":
            return [slope() for slope in gradient]
        way = self.vector(node.arguments[2], bound)
        return [self._slope(self._vectors, name, way, slope) for slope in gradient]

    def _axis(self, i: int) -> list[Any]:
        return [mpmath.mpf(k == i) for k in range(self.place.dimension)]

    def _slope(self, store: dict[str, Any], name: str, way: list[Any] | None, value: Any) -> Any:
        """The derivative of ``value()`` as one entry of a store moves along a way."""
        tag, before, self._inside = next(self._tags), store[name], self._inside + 1
        if way is None:
            store[name] = Dual(tag, before, mpmath.mpf(1))
        else:
            store[name] = [Dual(tag, x, w) for x, w in zip(before, way, strict=True)]
        try:
            return duals.parts(value(), tag)[1]
        finally:
            store[name], self._inside = before, self._inside - 1

    @property
    def looked_at(self) -> int:
        """How many parts so far."""
        return _LONGEST - self._left


def _is_fixed(node: Node) -> bool:
    """Whether an exponent is made of numbers, so that a whole one is a repeated product."""
    match node:
        case Number():
            return True
        case Minus(of=of):
            return _is_fixed(of)
        case Operation(left=left, right=right):
            return _is_fixed(left) and _is_fixed(right)
    return False


def _plus(a: Any, b: Any) -> Any:
    if isinstance(a, list) and isinstance(b, list):
        return [duals.add(x, y) for x, y in zip(a, b, strict=True)]
    return duals.add(a, b)


def _dot(a: list[Any], b: list[Any]) -> Any:
    return reduce(duals.add, (duals.multiply(x, y) for x, y in zip(a, b, strict=True)))


def _geometry(name: str, vectors: list[list[Any]]) -> Any:
    a, b = vectors[0], vectors[-1]
    if name == "dot":
        return _dot(a, b)
    if name == "norm":
        return duals.apply("sqrt", _dot(a, a))
    if name == "cos":
        lengths = duals.multiply(duals.apply("sqrt", _dot(a, a)), duals.apply("sqrt", _dot(b, b)))
        return duals.divide(_dot(a, b), lengths)
    if name == "unit":
        return [duals.divide(x, duals.apply("sqrt", _dot(a, a))) for x in a]
    share = duals.divide(_dot(a, b), _dot(a, a))
    return [duals.subtract(y, duals.multiply(share, x)) for x, y in zip(a, b, strict=True)]


def compare(problem: Problem, relation: Relation | Invariance, place: Place, effort: Effort | None = None) -> Comparison:
    """Both sides of a relation at a place, at two precisions.

    Raises `Undefined` where a side has no value, and `Exhausted` when the effort allowed is spent.
    """
    found = []
    for digits in DIGITS:
        with mpmath.workdps(digits):
            left, right = _sides(problem, relation, place, effort or Effort())
            gap = _distance(left, right)
            found.append((left, right, gap, 1 + _size(left) + _size(right)))
    (_, _, rough, _), (left, right, fine, size) = found
    steady = abs(fine - rough) < abs(fine) * mpmath.mpf(10) ** -6
    order = (1 if fine > 0 else -1) if steady and abs(fine) > _AGREE * size else None
    return Comparison(left, right, order, bool(abs(fine) <= _SAME * size), fine)


def _sides(problem: Problem, relation: Relation | Invariance, place: Place, effort: Effort) -> tuple[Any, Any]:
    here = Evaluator(problem, place)
    try:
        return _both(here, problem, relation, place)
    finally:
        effort.spend(here.looked_at)


def _both(here: Evaluator, problem: Problem, relation: Relation | Invariance, place: Place) -> tuple[Any, Any]:
    if isinstance(relation, Invariance):
        by = relation.in_
        name = here._member(by, {}) if isinstance(by, Member) else by.name  # type: ignore[attr-defined]
        there = Evaluator(problem, place, (name, duals.exact(place.scalars[SCALE])))
        return there.of(relation.of, {}), here.of(relation.of, {})
    if problem.is_vector(relation.left) or problem.is_vector(relation.right):
        return here.vector(relation.left, {}), here.vector(relation.right, {})
    return here.of(relation.left, {}), here.of(relation.right, {})


SCALE = "the scale factor"


def _distance(left: Any, right: Any) -> Any:
    if isinstance(left, list):
        return mpmath.sqrt(sum((a - b) ** 2 for a, b in zip(left, right, strict=True)))
    return left - right


def _size(value: Any) -> Any:
    return mpmath.sqrt(sum(x * x for x in value)) if isinstance(value, list) else abs(value)
