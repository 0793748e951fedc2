"""From the records' formulas to numbers: scalars by lambdify, Gram expressions and vectors at real vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from derivations.evidence import Floats
from theory.vectors import Cosine, Direction, Norm, Vector


@lru_cache(maxsize=256)
def _compiled(expr: sp.Expr, names: tuple[sp.Symbol, ...]) -> Any:
    return sp.lambdify(names, expr, modules="numpy")


def value(expr: sp.Expr, values: Mapping[sp.Symbol, Floats | float]) -> Floats:
    """A scalar formula at arrays of values, broadcast; missing symbols raise `ValueError`."""
    expr = sp.sympify(expr)
    if missing := expr.free_symbols - set(values):
        raise ValueError(f"formula {expr} needs values for {sorted(map(str, missing))}")
    names = tuple(values)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        result = _compiled(expr, names)(*(np.asarray(values[n], dtype=float) for n in names))
    shape = np.broadcast_shapes(*(np.shape(v) for v in values.values()))
    return np.broadcast_to(np.asarray(result, dtype=float), shape)


@dataclass(frozen=True)
class Scene:
    """Real vectors behind the names: single vectors of shape (d,), one family of shape (n, d), and scalars."""

    vectors: Mapping[Direction, Floats]
    family: str
    members: Floats
    scalars: Mapping[sp.Symbol, float]

    def _array(self, v: Direction) -> Floats:
        """(d,) for a named vector, (n, d) for the generic member of the family."""
        return self.members if str(v.args[0]) == self.family and len(v.args) == 2 else self.vectors[v]

    def scalar(self, e: sp.Expr) -> Any:
        """A Gram expression: () or, where it depends on the family's index, (n,)."""
        if e.is_Number:
            return float(e)
        if e.is_Symbol:
            return float(self.scalars[e])
        if isinstance(e, Norm):
            return np.linalg.norm(self._array(e.args[0]), axis=-1)
        if isinstance(e, Cosine):
            a, b = (self._array(v) for v in e.args)
            c = np.sum(a * b, axis=-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))
            return np.clip(c, -1, 1)  # a cosine is never beyond 1: what rounding adds there is taken away again
        if isinstance(e, sp.Sum):
            body = self.scalar(e.function)
            return np.sum(np.broadcast_to(body, (len(self.members),)), axis=-1)
        parts = [self.scalar(arg) for arg in e.args]
        if isinstance(e, sp.exp):
            return np.exp(parts[0])
        if isinstance(e, sp.log):
            return np.log(parts[0])
        if e.is_Pow:
            return parts[0] ** parts[1]
        if not (e.is_Add or e.is_Mul):
            raise TypeError(f"cannot evaluate {type(e).__name__}")
        return np.asarray(sum(parts)) if e.is_Add else np.asarray(np.prod(np.broadcast_arrays(*parts), axis=0))

    def vector(self, v: Vector) -> Floats:
        """A vector formula, shape (d,)."""
        total = np.zeros(self.members.shape[-1])
        for d, coefficient in v.terms.items():
            a = self._array(d)
            total = total + self.scalar(coefficient) * a / np.linalg.norm(a)
        for _, coefficient in v.families.items():
            weights = np.broadcast_to(self.scalar(coefficient), (len(self.members),))
            total = total + weights @ (self.members / np.linalg.norm(self.members, axis=-1, keepdims=True))
        return total
