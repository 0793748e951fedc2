"""Reasons why an expression is not negative, as data; `theory.kernel.certificates` checks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from theory.language.gram import Vector, inner, squared_norm
from theory.language.sums import substitute


@dataclass(frozen=True)
class Length:
    """A factor that is not negative because it is the squared length of a real vector."""

    of: Vector

    def total(self) -> sp.Expr:
        """``<v, v>``."""
        return inner(self.of, self.of)


@dataclass(frozen=True)
class Termwise:
    """A factor that is a (nested) sum whose every term is ``weight * body``, neither of them negative."""

    indices: tuple[tuple[sp.Symbol, sp.Expr], ...]  # (index, number of terms), innermost first
    weight: sp.Expr
    body: Combination

    def total(self) -> sp.Expr:
        """The sum itself."""
        value = self.weight * self.body.total()
        for index, size in self.indices:
            value = sp.Sum(value, (index, 1, size))
        return value


@dataclass(frozen=True)
class Instance:
    """A factor ``target`` at ``variable = value``: ``target >= 0`` by its own certificate wherever ``variable >= 0``."""

    target: sp.Expr
    variable: sp.Symbol
    value: sp.Expr
    by: Monotone

    def total(self) -> sp.Expr:
        """The target where it is used."""
        return substitute(self.target, {self.variable: self.value})


@dataclass(frozen=True)
class Schwarz:
    """A factor ``|a||b| - <a, b>`` of two real vectors: not negative by Cauchy and Schwarz."""

    a: Vector
    b: Vector

    def total(self) -> sp.Expr:
        """``|a||b| - <a, b>``."""
        return sp.sqrt(squared_norm(self.a)) * sp.sqrt(squared_norm(self.b)) - inner(self.a, self.b)


@dataclass(frozen=True)
class Gram:
    """A factor that is the determinant of all inner products of a few real vectors: it is not negative."""

    of: tuple[Vector, ...]

    def total(self) -> sp.Expr:
        """``det <v_i, v_j>``."""
        return sp.Matrix([[inner(a, b) for b in self.of] for a in self.of]).det(method="berkowitz")


@dataclass(frozen=True)
class Tangent:
    """A factor ``exp(x) - 1 - x`` of a real ``x``: the exponential function lies above its tangent at 0."""

    at: sp.Expr

    def total(self) -> sp.Expr:
        """``exp(x) - 1 - x``."""
        return sp.exp(self.at) - 1 - self.at


@dataclass(frozen=True)
class Swing:
    """A factor ``1 - y`` or, with ``way = -1``, ``1 + y`` of a sine or a cosine ``y`` of a real angle."""

    of: sp.Expr
    way: int

    def total(self) -> sp.Expr:
        """``1 - way y``."""
        return 1 - self.way * self.of


@dataclass(frozen=True)
class Combination:
    """``target = sum of products`` of factors, each not negative: by its sign, or for the reason its type names."""

    products: tuple[tuple[Factor, ...], ...]

    def total(self) -> sp.Expr:
        """The sum of products, written out."""
        return sp.Add(*(sp.prod([f if isinstance(f, sp.Expr) else f.total() for f in product]) for product in self.products))


@dataclass(frozen=True)
class Monotone:
    """``target >= 0`` at ``start``, smooth from there on, and its derivative is not negative.

    With ``again``, so many derivatives may be shown not to be negative in the same way.
    """

    variable: sp.Symbol
    start: sp.Expr
    again: int = 0


Factor: TypeAlias = "sp.Expr | Length | Termwise | Instance | Schwarz | Gram | Tangent | Swing"
Certificate = Combination | Monotone
