"""Syntax trees to Gram calculus: what a statement means in any dimension, as expressions of `theory.vectors`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, TypeAlias

import sympy as sp

from theory.kernel import substitute
from theory.language.sums import power
from theory.statements.constraints import is_constant_zero
from theory.statements.kinds import Problem
from theory.statements.syntax import COSINE, Call, Member, Minus, Name, Node, Number, Operation, Total, whole
from theory.vectors import Calculus, Direction, Family, Norm, Vector, inner, squared_norm, vector, without_sign

Value: TypeAlias = Any  # a scalar `sp.Expr`, or a `Vector`
NOTHING = Vector({}, {})
_LONGEST, _LONGEST_SLOPE = 8000, 50_000  # operations in both sides; in what is differentiated, times vectors
Assumptions = Mapping[str, Mapping[str, bool]]

_SIMPLE: Mapping[str, Callable[[sp.Expr], sp.Expr]] = {
    "exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt, "sin": sp.sin, "tan": sp.tan, "arcsin": sp.asin, "arccos": sp.acos,
    "arctan": sp.atan, "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh, COSINE: sp.cos,
}  # fmt: skip


class Meaning:
    """Expressions and vectors for the parts of one problem; ``assumed`` says what is known of each scalar's sign.

    Raises `ValueError` for what the calculus has no expression for.
    """

    def __init__(self, problem: Problem, assumed: Assumptions) -> None:
        self.problem, roles = problem, problem.roles
        # nobody can write a prime: an index is no size, and neither is the index in which families are written
        self.sizes = {n: sp.Symbol("j''" if n == "j" else n, **{"integer": True, "positive": True}) for n in roles.sizes}
        vectors = [n for n in roles.variables if roles.kinds[n] == "vector"]
        self.scalars = {n: sp.Symbol(n, **(assumed.get(n) or {"real": True})) for n in roles.variables if n not in vectors}
        self.directions = {n: Direction(sp.Symbol(n)) for n in vectors}
        self.families = {n: Family(n, self.sizes[s]) for n, s in roles.families.items() if s and roles.kinds[n] == "vector"}
        self.squares: list[sp.Expr] = []  # squared lengths, which are not negative
        self.lengths: list[Vector] = []
        self.magnitudes: dict[sp.Expr, sp.Expr] = {}  # |e|, and what it is the size of
        self._definitions: dict[str, Value] = {}

    # -- what names stand for -----------------------------------------------------------------------------

    def direction(self, node: Node, bound: Mapping[str, sp.Expr]) -> Direction:
        """The direction of a variable vector or of one member of a family."""
        if isinstance(node, Member):
            return Direction(sp.Symbol(node.name), self._index(node.index, bound))
        assert isinstance(node, Name)
        return self.directions[node.name]

    def _index(self, node: Node, bound: Mapping[str, sp.Expr]) -> sp.Expr:
        number = whole(node)
        return sp.Integer(number) if number is not None else bound[node.name]  # type: ignore[attr-defined]

    def calculus(self, u: Direction) -> Calculus:
        """Differentiation by one vector among all the others."""
        roles = self.problem.roles
        listed = [Direction(sp.Symbol(n), sp.Integer(k)) for n, ks in roles.members.items()
                  if n not in self.families and roles.kinds[n] == "vector" for k in ks]  # fmt: skip
        others = tuple(d for d in (*self.directions.values(), *listed) if d != u)
        if str(u.args[0]) in self.families:
            raise ValueError(f"{u} is one of a symbolic number of vectors, by which nothing can be differentiated")
        return Calculus(u, others, tuple(self.families.values()))

    # -- trees ---------------------------------------------------------------------------------------------

    def scalar(self, node: Node, bound: Mapping[str, sp.Expr] | None = None) -> sp.Expr:
        """The expression that a scalar part stands for."""
        found = self.of(node, bound or {})
        if isinstance(found, Vector):
            raise ValueError("a vector in the place of a scalar")
        return found

    def vector(self, node: Node, bound: Mapping[str, sp.Expr] | None = None) -> Vector:
        """The vector that a part stands for; the literal 0 is the zero vector."""
        if is_constant_zero(node):
            return NOTHING
        found = self.of(node, bound or {})
        if not isinstance(found, Vector):
            raise ValueError("a scalar in the place of a vector")
        return found

    def of(self, node: Node, bound: Mapping[str, sp.Expr]) -> Value:
        """A scalar or a vector; ``bound`` holds the symbols of the indices around it."""
        match node:
            case Number(value=value):
                return sp.Rational(value.numerator, value.denominator)
            case Name(name=name):
                return self._name(name, bound)
            case Member(name=name):
                if self.problem.kind_of(name) == "vector":
                    return vector(self.direction(node, bound))
                return sp.Function(name, real=True)(self._index(node.index, bound))
            case Minus(of=of) if self.problem.is_vector(node):
                return (-1) * self.vector(of, bound)
            case Minus(of=of):
                return -self.scalar(of, bound)
            case Operation():
                return self._operation(node, bound)
            case Total():
                return self._total(node, bound)
            case Call():
                return self._call(node, bound)
        raise ValueError(f"no meaning for {type(node).__name__}")

    def _name(self, name: str, bound: Mapping[str, sp.Expr]) -> Value:
        if name in bound:
            return bound[name]
        if name == "pi":
            return sp.pi
        if name in self.problem.definitions:
            if name not in self._definitions:
                self._definitions[name] = self.of(self.problem.definitions[name], {})
            return self._definitions[name]
        if name in self.directions:
            return vector(self.directions[name])
        return self.sizes[name] if name in self.sizes else self.scalars[name]

    def _operation(self, node: Operation, bound: Mapping[str, sp.Expr]) -> Value:
        if self.problem.is_vector(node):
            if node.operator in "+-":
                a, b = self.vector(node.left, bound), self.vector(node.right, bound)
                return a + b if node.operator == "+" else a - b
            if node.operator == "/":
                return (1 / self.scalar(node.right, bound)) * self.vector(node.left, bound)
            factor, of = (node.right, node.left) if self.problem.is_vector(node.left) else (node.left, node.right)
            return self.scalar(factor, bound) * self.vector(of, bound)
        a, b = self.scalar(node.left, bound), self.scalar(node.right, bound)
        return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b, "**": lambda: power(a, b)}[node.operator]()

    def _call(self, node: Call, bound: Mapping[str, sp.Expr]) -> Value:
        name, arguments = node.function, node.arguments
        if name in _SIMPLE:
            return _SIMPLE[name](self.scalar(arguments[0], bound))
        if name == "abs":
            return self._size(self.scalar(arguments[0], bound))
        if name in ("max", "min"):
            sign = 1 if name == "max" else -1
            return reduce(lambda a, b: (a + b + sign * self._size(a - b)) / 2, [self.scalar(a, bound) for a in arguments])
        if name == "diff":
            variable = self.scalar(arguments[1], bound)
            return without_sign(sp.diff(self.scalar(arguments[0], bound), variable))
        if name in ("grad", "hess"):
            u = self.direction(arguments[1], bound)
            f, calculus = self.scalar(arguments[0], bound), self.calculus(u)
            _check_length(sp.count_ops(f), calculus)
            result = calculus.gradient(f)
            if name == "hess":
                _check_length(_operations(result), calculus)
                result = calculus.derivative_of_vector(result, self.vector(arguments[2], bound))
            return self._remembered(result)
        a, *rest = (self.vector(argument, bound) for argument in arguments)
        if name in ("dot", "proj"):
            self._remembered(a)
        if name == "dot":
            return inner(a, rest[0])
        if name == "norm":
            return self.length(a)
        if name == "cos":
            return inner(a, rest[0]) / (self.length(a) * self.length(rest[0]))
        if name == "unit":
            return (1 / self.length(a)) * a
        return rest[0] - (inner(a, rest[0]) / squared_norm(a)) * a  # proj

    def _size(self, e: sp.Expr) -> sp.Expr:
        found = magnitude(e)
        if found not in (e, -e):
            self.magnitudes[found] = e
        return found

    def length(self, a: Vector) -> sp.Expr:
        """``|a|``; of a named vector its norm, else the root of the squared length."""
        if len(a.terms) == 1 and not a.families and next(iter(a.terms.values())) == Norm(next(iter(a.terms))):
            return Norm(next(iter(a.terms)))
        self._remembered(a)
        self.squares.append(squared_norm(a))
        return sp.sqrt(self.squares[-1])

    def _remembered(self, a: Vector) -> Vector:
        if not any(a is b or a == b for b in self.lengths):
            self.lengths.append(a)
        return a

    def _total(self, node: Total, bound: Mapping[str, sp.Expr]) -> Value:
        low, high = whole(node.low), whole(node.high)
        as_vector = self.problem.is_vector(node)
        if low is not None and high is not None:
            terms = [self.of(node.body, {**bound, node.index: sp.Integer(k)}) for k in range(low, high + 1)]
            return reduce(lambda a, b: a + b, terms, NOTHING) if as_vector else sp.Add(*terms)
        index = sp.Symbol(f"{node.index}'", integer=True, positive=True)
        size = self.sizes[node.high.name]  # type: ignore[attr-defined]
        body = self.of(node.body, {**bound, node.index: index})
        if isinstance(body, Vector):
            return self._vector_total(body, index, size)
        return sp.Sum(body, (index, 1, size)) if body != 0 else sp.S.Zero

    def _vector_total(self, body: Vector, index: sp.Symbol, size: sp.Expr) -> Vector:
        total = NOTHING
        for d, c in body.terms.items():
            family = self.families.get(str(d.args[0]))
            if family is not None and d == family.member(index):
                total = total + Vector({}, {family: substitute(c, {index: family.index})})
            elif c != 0:
                total = total + Vector({d: sp.Sum(c, (index, 1, size))}, {})
        for family, c in body.families.items():
            total = total + Vector({}, {family: sp.Sum(c, (index, 1, size))})
        return total


def _check_length(operations: int, calculus: Calculus) -> None:
    if operations * (1 + len(calculus.others) + len(calculus.families)) > _LONGEST_SLOPE:
        raise ValueError("too long to be differentiated")


def _operations(of: Value) -> int:
    return sum(map(sp.count_ops, (*of.terms.values(), *of.families.values()))) if isinstance(of, Vector) else int(sp.count_ops(of))


def check_operations(*of: Value) -> None:
    """Raise `ValueError` for what is too long to be proved in a reasonable time."""
    if sum(map(_operations, of)) > _LONGEST:
        raise ValueError("written out in norms and cosines it is too long for a proof")


def magnitude(e: sp.Expr) -> sp.Expr:
    """``|e|`` of a real expression, as a root: its derivative ``e e'/|e|`` is undefined at the kink, as it should be."""
    return sp.sqrt(e**2)
