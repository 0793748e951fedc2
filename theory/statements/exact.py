"""Exact values of norms, cosines and scalars at a place, as SymPy numbers."""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.statements.evaluation import Place
from theory.statements.rational import Coordinates
from theory.statements.routes import Sides
from theory.vectors import Cosine, Direction, Norm, Vector


def exact_values(here: Sides, place: Place) -> dict[Any, Any]:
    """Every symbol, norm and cosine of both sides; raises `ValueError` for a side that is a vector."""
    if isinstance(here.left, Vector) or isinstance(here.right, Vector):
        raise ValueError("vectors have no order")
    values: dict[Any, Any] = {s: sp.Integer(place.sizes[n]) for n, s in here.meaning.sizes.items()}
    values |= {s: _number(place.scalars[n]) for n, s in here.meaning.scalars.items() if n in place.scalars}
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
    indices = (sp.Integer(int(index[:-1])),) if index else ()
    return Direction(sp.Symbol(base), *indices)


def _dot(a: Coordinates, b: Coordinates) -> sp.Rational:
    return _number(sum(x * y for x, y in zip(a, b, strict=True)))
