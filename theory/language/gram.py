"""Vectors in polar Gram coordinates, in any dimension.

A named vector ``u`` is its norm ``r_u > 0`` times its unit direction; two named vectors meet only through their
cosine ``c_uv``. Every scalar is a function of norms and cosines, every vector a linear combination of unit
directions with scalar coefficients, so an identity proved here holds in every dimension. A `Family` has a
symbolic number of members and is summed over, which is how "any number of candidates" is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from theory.language.sums import fresh, substitute
from theory.typeset import direction_name, latex, vector_name
from theory.typesetting.bound import index_apart


class Direction(sp.Basic):
    """The unit direction of a named vector, or of one member of a family (``args = (name, *indices)``).

    The name is no symbol: a scalar of the same name is something else.
    """

    def __new__(cls, name: sp.Basic, *indices: sp.Expr) -> Direction:
        return super().__new__(cls, Str(str(name)), *indices)

    def latex(self) -> str:
        """``\\hat{u}``, with the index of a family member below."""
        return direction_name(self)

    def __str__(self) -> str:
        return "".join(str(a) for a in self.args)


class Norm(sp.Function):
    """Length of a named vector, positive."""

    nargs = 1
    is_positive = True
    is_extended_positive = True
    is_extended_real = True
    is_real = True

    def _sympystr(self, printer: Any) -> str:
        return f"|{self.args[0]!s}|"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        body = rf"\lVert {vector_name(self.args[0])}\rVert"
        return body if exp is None else f"{body}^{{{exp}}}"


class Cosine(sp.Function):
    """Cosine of the angle between two named vectors: symmetric, 1 with itself, in [-1, 1]."""

    nargs = 2
    is_extended_real = True
    is_real = True
    bounds = (sp.S.NegativeOne, sp.S.One)

    @classmethod
    def eval(cls, a: Direction, b: Direction) -> sp.Expr | None:
        if a == b:
            return sp.S.One
        first, second = sorted((a, b), key=sp.default_sort_key)
        return cls(first, second, evaluate=False) if (first, second) != (a, b) else None

    def _sympystr(self, printer: Any) -> str:
        return f"cos({self.args[0]!s}, {self.args[1]!s})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\cos{power}({vector_name(self.args[0])}, {vector_name(self.args[1])})"


@dataclass(frozen=True)
class Family:
    """Vectors ``v_1 ... v_n`` with ``n`` a symbol; ``index`` is the canonical name of a member's number."""

    name: str
    size: sp.Expr

    @property
    def index(self) -> sp.Symbol:
        """The generic index, in which coefficient functions are written."""
        return sp.Symbol("j", integer=True, positive=True)

    def member(self, index: sp.Expr) -> Direction:
        """Direction of one member."""
        return Direction(sp.Symbol(self.name), index)

    def check(self, f: sp.Expr) -> None:
        """Raises `ValueError` for a scalar that uses `index` freely or sums over part of the family only."""
        if self.index in f.free_symbols:
            raise ValueError(f"{self.index} is the index of family {self.name}; name yours otherwise: {f}")
        for s in f.atoms(sp.Sum):
            for index, low, high in s.limits:
                if s.function.has(self.member(index)) and (low, high) != (1, self.size):
                    raise ValueError(f"family {self.name} has members 1 to {self.size}, not {low} to {high}: {s}")

    def total(self, body: sp.Expr) -> sp.Sum:
        """Sum over all members of an expression in `index`."""
        return sp.Sum(body, (self.index, 1, self.size))


@dataclass(frozen=True)
class Vector:
    """``sum of coefficient * direction``, plus for each family ``sum_j coefficient(j) * v^_j``."""

    terms: Mapping[Direction, sp.Expr]
    families: Mapping[Family, sp.Expr]

    def __add__(self, other: Vector) -> Vector:
        return Vector(_merge(self.terms, other.terms), _merge(self.families, other.families))

    def __sub__(self, other: Vector) -> Vector:
        return self + (-1) * other

    def __rmul__(self, factor: Any) -> Vector:
        return self.map(lambda c: factor * c)

    def map(self, change: Callable[[sp.Expr], sp.Expr]) -> Vector:
        """Change every coefficient."""
        return Vector({d: change(c) for d, c in self.terms.items()}, {f: change(c) for f, c in self.families.items()})

    def latex(self) -> str:
        """On paper: coefficients before directions, sums with their index."""
        pieces = sorted(
            (_coefficient(c) + d.latex() for d, c in self.terms.items() if c != 0), key=lambda p: p.startswith("-")
        )
        for f, c in self.families.items():
            index, coefficient = index_apart(f.index, c)
            member = _coefficient(coefficient) + f.member(index).latex()
            total = rf"\sum_{{{index}=1}}^{{{latex(f.size)}}} {member.removeprefix('-')}"
            pieces += ["-" * member.startswith("-") + total] if c != 0 else []
        return " + ".join(pieces).replace("+ -", "- ") or "0"


def _merge(a: Mapping[Any, sp.Expr], b: Mapping[Any, sp.Expr]) -> dict[Any, sp.Expr]:
    return {k: a.get(k, sp.S.Zero) + b.get(k, sp.S.Zero) for k in [*a, *(k for k in b if k not in a)]}


def _coefficient(c: sp.Expr) -> str:
    if c in (1, -1):
        return "" if c == 1 else "-"
    text = latex(c)
    return (rf"\left({text}\right)" if c.is_Add else text) + r"\,"


def multiple(factor: sp.Expr, name: str) -> str:
    """A named quantity with its factor before it, as on paper."""
    return (_coefficient(sp.sympify(factor, strict=True)) + r"\," + name).removeprefix(r"\,").replace(r"-\,", "-")


def direction(name: str) -> Direction:
    """The unit direction of the vector called ``name``."""
    return Direction(sp.Symbol(name))


def unit(v: Direction) -> Vector:
    """The direction as a vector."""
    return Vector({v: sp.S.One}, {})


def vector(v: Direction) -> Vector:
    """The named vector itself: norm times direction."""
    return Vector({v: Norm(v)}, {})


def family_sum(family: Family, coefficient: sp.Expr) -> Vector:
    """``sum_j coefficient(j) v^_j`` over unit directions of the family."""
    return Vector({}, {family: coefficient})


def inner(a: Vector, b: Vector) -> sp.Expr:
    """Inner product, as a function of norms and cosines."""
    total = sp.S.Zero
    for d, x in a.terms.items():
        total += sp.Add(*(x * y * Cosine(d, e) for e, y in b.terms.items()))
        total += sp.Add(*(_summed(f, y, x, d) for f, y in b.families.items()))
    for f, x in a.families.items():
        total += sp.Add(*(_summed(f, x, y, e) for e, y in b.terms.items()))
        for g, y in b.families.items():
            taken = x.free_symbols | y.free_symbols | f.size.free_symbols | g.size.free_symbols
            i = fresh(sp.Symbol("i", integer=True, positive=True), taken)
            inside = _summed(g, y, substitute(x, {f.index: i}), f.member(i))
            total += sp.Sum(inside, (i, 1, f.size)) if inside != 0 else 0
    return total


def _summed(family: Family, coefficient: sp.Expr, other: sp.Expr, partner: Direction) -> sp.Expr:
    """``sum_j coefficient(j) other <partner, v^_j>``, with an index that neither ``other`` nor ``partner`` knows."""
    own = coefficient.free_symbols - {family.index}
    j = fresh(family.index, own | other.free_symbols | partner.free_symbols | family.size.free_symbols)
    body = substitute(coefficient, {family.index: j}) * other * Cosine(partner, family.member(j))
    return sp.Sum(body, (j, 1, family.size)) if body != 0 else sp.S.Zero


def squared_norm(a: Vector) -> sp.Expr:
    """``<a, a>``."""
    return inner(a, a)


def cosine(a: Vector, b: Vector) -> sp.Expr:
    """``<a, b> / (|a| |b|)``."""
    return inner(a, b) / sp.sqrt(squared_norm(a) * squared_norm(b))
