"""A third evaluation of statements, by Python itself: its parser, operators on lists of numbers, difference quotients.

Only for tests: it executes what it is given.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from functools import reduce
from typing import Any

import mpmath

DIGITS, STEP = 160, 10**-35  # a second difference quotient keeps 70 digits
RELATIONS = {ast.Eq: "==", ast.LtE: "<=", ast.Lt: "<", ast.GtE: ">=", ast.Gt: ">"}


class Undefined(ArithmeticError):
    """No real value."""


class V:
    """A vector."""

    def __init__(self, *x: Any) -> None:
        self.x = list(x)

    def __add__(self, other: Any) -> V:
        return V(*(a + b for a, b in zip(self.x, other.x if isinstance(other, V) else [0] * len(self.x), strict=True)))

    def __radd__(self, other: Any) -> V:
        return self + other

    def __neg__(self) -> V:
        return V(*(-a for a in self.x))

    def __sub__(self, other: Any) -> V:
        return self + (-other)

    def __rsub__(self, other: Any) -> V:
        return -self + other

    def __mul__(self, other: Any) -> V:
        return V(*(a * other for a in self.x))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> V:
        return V(*(a / other for a in self.x))


class _Python(ast.NodeTransformer):
    """``sum`` and derivatives get functions for arguments; numbers become exact; definitions are put in."""

    def __init__(self, where: Mapping[str, str]) -> None:
        self.where = where

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Call(ast.Name("mpf", ast.Load()), [ast.Constant(str(node.value))], [])

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        index = node.slice if isinstance(node.slice, ast.Constant) else self.visit(node.slice)
        return ast.Call(ast.Name("member", ast.Load()), [ast.Constant(node.value.id), index], [])

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.visit(ast.parse(self.where[node.id], mode="eval").body) if node.id in self.where else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if not isinstance(node.op, ast.Pow):
            return self.generic_visit(node)
        return ast.Call(ast.Name("_power", ast.Load()), [self.visit(node.left), self.visit(node.right)], [])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name, args = node.func.id, node.args
        visited = [self.visit(a) for a in args]
        if name == "sum":
            visited = [_function(args[1].id, visited[0]), *visited[2:]]
        if name in ("grad", "hess", "diff"):
            visited = [_function(args[1].id, visited[0]), *visited[1:]]
        return ast.Call(ast.Name(f"_{name}", ast.Load()), visited, [])


def _function(name: str, body: ast.AST) -> ast.Lambda:
    return ast.Lambda(ast.arguments([], [ast.arg(name)], None, [], [], None, []), body)


def _real(function: Any, inside: Any) -> Any:
    def of(x: Any) -> Any:
        if not inside(x):
            raise Undefined
        return function(x)

    return of


def _power(x: Any, y: Any) -> Any:
    if x < 0 and y != mpmath.floor(y):
        raise Undefined
    return x**y


def _dot(a: Any, b: Any) -> Any:
    return sum(x * y for x, y in zip(a.x, b.x, strict=True))


def _norm(a: V) -> Any:
    return mpmath.sqrt(_dot(a, a))


def _cos(a: Any, b: Any = None) -> Any:
    return mpmath.cos(a) if b is None else _dot(a, b) / (_norm(a) * _norm(b))


def _grad(f: Any, u: V) -> V:
    def moved(i: int, h: Any) -> Any:
        return f(V(*(x + h * (k == i) for k, x in enumerate(u.x))))

    h = mpmath.mpf(STEP)
    return V(*((moved(i, h) - moved(i, -h)) / (2 * h) for i in range(len(u.x))))


def _hess(f: Any, u: V, w: V) -> V:
    h = mpmath.mpf(STEP)
    return (_grad(f, u + h * w) - _grad(f, u - h * w)) / (2 * h)


def _diff(f: Any, x: Any) -> Any:
    h = mpmath.mpf(STEP)
    return (f(x + h) - f(x - h)) / (2 * h)


NAMES = {
    "mpf": mpmath.mpf, "_power": _power, "_dot": _dot, "_norm": _norm, "_cos": _cos, "_unit": lambda a: a / _norm(a),
    "_proj": lambda u, v: v - _dot(u, v) / _dot(u, u) * u, "_grad": _grad, "_hess": _hess, "_diff": _diff,
    "_sum": lambda f, low, high: reduce(lambda a, b: a + b, [f(mpmath.mpf(k)) for k in range(int(low), int(high) + 1)]),
    "_exp": mpmath.exp, "_log": _real(mpmath.log, lambda x: x > 0), "_sqrt": _real(mpmath.sqrt, lambda x: x >= 0), "_abs": abs,
    "_max": max, "_min": min, "_sin": mpmath.sin, "_tan": mpmath.tan, "_arctan": mpmath.atan, "_sinh": mpmath.sinh,
    "_arcsin": _real(mpmath.asin, lambda x: abs(x) <= 1), "_arccos": _real(mpmath.acos, lambda x: abs(x) <= 1),
    "_cosh": mpmath.cosh, "_tanh": mpmath.tanh,
}  # fmt: skip


def both_sides(statement: str, where: Mapping[str, str], values: Mapping[str, Any]) -> tuple[str, Any, Any]:
    """Relation and sides; ``scale_invariant(L, u)`` compares at ``c*u`` with the value called ``c``."""
    tree = ast.parse(statement, mode="eval").body
    values = {"pi": mpmath.pi, **values}
    if isinstance(tree, ast.Call) and tree.func.id == "scale_invariant":
        u = tree.args[1].id
        there = {**values, u: values[u] * values["c"]}
        return "==", _value(tree.args[0], where, there), _value(tree.args[0], where, values)
    assert isinstance(tree, ast.Compare)
    return RELATIONS[type(tree.ops[0])], _value(tree.left, where, values), _value(tree.comparators[0], where, values)


def _value(tree: ast.AST, where: Mapping[str, str], values: Mapping[str, Any]) -> Any:
    code = ast.fix_missing_locations(ast.Expression(_Python(where).visit(copy.deepcopy(tree))))
    names = {**NAMES, **values, "member": lambda name, k: values[f"{name}[{int(k)}]"]}
    result = eval(compile(code, "<statement>", "eval"), names)
    if isinstance(result, mpmath.mpc) or (isinstance(result, V) and any(isinstance(x, mpmath.mpc) for x in result.x)):
        raise Undefined
    return result


def gap(left: Any, right: Any) -> Any:
    """Left minus right; of vectors the length of the difference."""
    difference = left - right
    return _norm(difference) if isinstance(difference, V) else difference


def size(side: Any) -> Any:
    """Absolute value or length."""
    return _norm(side) if isinstance(side, V) else abs(side)
