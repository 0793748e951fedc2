"""Exact values of norms, cosines and scalars at a place, as SymPy numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.kernel import Domain, Equal, decide, finite
from theory.statements.evaluation import Place, compare
from theory.statements.kinds import Problem
from theory.statements.meaning import Meaning
from theory.statements.rational import Coordinates, value_at
from theory.statements.routes import Sides
from theory.statements.syntax import Relation
from theory.vectors import Cosine, Direction, Norm, Vector, squared_norm


def exact_values(here: Sides, place: Place) -> dict[Any, Any]:
    """Every symbol, norm and cosine of both sides; raises `ValueError` for a side that is a vector."""
    if isinstance(here.left, Vector) or isinstance(here.right, Vector):
        raise ValueError("vectors have no order")
    return _values(here.meaning, place)


def put_values(e: Any, values: Mapping[Any, Any]) -> sp.Expr:
    """An expression at a place."""
    return finite(finite(sp.sympify(e, strict=True), values), values)  # again, for what sums were written out to


def meets_exactly(problem: Problem, place: Place) -> bool:
    """Whether every condition that is met with equality is met exactly: that 100 digits agree is not enough."""
    return all(_is_exact(problem, c, place) for c in problem.conditions if c.operator in ("==", "<=", ">="))


def _is_exact(problem: Problem, condition: Relation, place: Place) -> bool:
    left, right = (value_at(side, place, problem) for side in (condition.left, condition.right))
    if left is not None and right is not None and type(left) is type(right):
        return condition.operator != "==" or left == right
    try:
        if compare(problem, condition, place).order is not None:
            return True
        meaning = Meaning(problem, {})
        values = _values(meaning, place)
        if problem.is_vector(condition.left) or problem.is_vector(condition.right):
            gap = meaning.vector(condition.left) - meaning.vector(condition.right)
            return decide(Equal(put_values(squared_norm(gap), values), sp.S.Zero), Domain()).proved
        return decide(Equal(put_values(meaning.scalar(condition.left), values), put_values(meaning.scalar(condition.right), values)),
                      Domain()).proved  # fmt: skip
    except Exception:  # whatever SymPy stumbles over is not certain
        return False


def _values(meaning: Meaning, place: Place) -> dict[Any, Any]:
    values: dict[Any, Any] = {s: sp.Integer(place.sizes[n]) for n, s in meaning.sizes.items()}
    values |= {s: _number(place.scalars[n]) for n, s in meaning.scalars.items() if n in place.scalars}
    members = {n: x for n, x in place.scalars.items() if n.endswith("]")}
    values |= {sp.Function(n.partition("[")[0], real=True)(_index(n)): _number(x) for n, x in members.items()}
    everything = {_direction(n): v for n, v in place.vectors.items()}
    for d, v in everything.items():
        values[Norm(d)] = sp.sqrt(_dot(v, v))
        for e, w in everything.items():
            if d != e:
                values[Cosine(d, e)] = _dot(v, w) / sp.sqrt(_dot(v, v) * _dot(w, w))
    return values


def _number(x: Any) -> sp.Rational:
    return sp.Rational(x.numerator, x.denominator)


def _direction(name: str) -> Direction:
    base, _, index = name.partition("[")
    return Direction(sp.Symbol(base), *((_index(name),) if index else ()))


def _index(name: str) -> sp.Integer:
    return sp.Integer(int(name.partition("[")[2][:-1]))


def _dot(a: Coordinates, b: Coordinates) -> sp.Rational:
    return _number(sum(x * y for x, y in zip(a, b, strict=True)))
