"""Reasons why an expression is not negative, as data; `theory.kernel.certificates` checks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from theory.language.gram import Vector, inner
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
class Combination:
    """``target = sum of products`` of factors, each not negative: by its sign, or for the reason its type names."""

    products: tuple[tuple[Factor, ...], ...]

    def total(self) -> sp.Expr:
        """The sum of products, written out."""
        return sp.Add(*(sp.prod([f if isinstance(f, sp.Expr) else f.total() for f in product]) for product in self.products))


@dataclass(frozen=True)
class Monotone:
    """``target >= 0`` at ``start``, smooth from there on, and its derivative is not negative."""

    variable: sp.Symbol
    start: sp.Expr


Factor: TypeAlias = "sp.Expr | Length | Termwise | Instance"
Certificate = Combination | Monotone
