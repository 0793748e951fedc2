"""Dimension-free vector calculus: gradient, directional derivative, Hessian times vector.

The vectors are those of `theory.language.gram`. The gradient is THEORY A1's:
``grad_u f = df/dr_u u^ + sum_v df/dc_uv (v^ - c_uv u^) / r_u``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sympy as sp

from theory.language.goals import Equal, Same
from theory.language.gram import (
    Cosine,
    Direction,
    Family,
    Norm,
    Vector,
    cosine,
    direction,
    family_sum,
    inner,
    multiple,
    squared_norm,
    unit,
    vector,
)
from theory.language.jets import Jet
from theory.language.sums import fresh, substitute

__all__ = [
    "Calculus", "Cosine", "Direction", "Family", "Jet", "Norm", "Vector", "cosine", "direction", "equal", "equal_vectors", "family_sum",
    "inner", "multiple", "partial", "reflected", "squared_norm", "tangential", "unit", "vector", "without_sign",
]  # fmt: skip


def tangential(u: Direction, w: Vector) -> Vector:
    """``P_u w = w - <u^, w> u^``."""
    return w - inner(unit(u), w) * unit(u)


@lru_cache(maxsize=4096)  # of the same function at the same coordinate, as a claim's variants ask for it again and again
def partial(f: sp.Expr, coordinate: sp.Expr, explicit: bool = False) -> sp.Expr:
    """``df / d coordinate`` for a norm or a cosine, the member of a family included.

    With ``explicit`` only the coordinate as it is written counts, not the term of a sum over the family that
    equals it (``d/dc_k sum_j h(c_j) = h'(c_k)``), nor what an unspecified loss makes of it.
    """
    atoms = [a for a in _outermost(f) if a == coordinate or isinstance(a, (Jet, sp.Sum))]
    names = {a: sp.Dummy(f"x{i}", real=True, positive=a.is_extended_positive) for i, a in enumerate(atoms)}
    flat = f.xreplace(names)
    return sp.Add(*(
        without_sign(sp.diff(flat, x)).xreplace({v: k for k, v in names.items()}) * _atom_slope(a, coordinate, explicit)
        for a, x in names.items()
    ))  # fmt: skip


def without_sign(e: sp.Expr) -> sp.Expr:
    """SymPy's ``sign(x)``, the derivative of ``|x|``, as ``x/|x|``: undefined at the kink, as that derivative is."""
    return e.replace(lambda x: isinstance(x, sp.sign), lambda x: x.args[0] / sp.sqrt(x.args[0] ** 2))


def _outermost(f: sp.Expr) -> list[sp.Expr]:
    if isinstance(f, (Norm, Cosine, Jet, sp.Sum)):
        return [f]
    return list(dict.fromkeys(a for arg in f.args for a in _outermost(arg)))


def _atom_slope(atom: sp.Expr, coordinate: sp.Expr, explicit: bool) -> sp.Expr:
    if atom == coordinate:
        return sp.S.One
    if isinstance(atom, Jet):
        if explicit:
            return sp.S.Zero
        name, scale, radial, *indices = atom.args
        if isinstance(coordinate, Norm):
            return Jet(name, scale, radial + 1, *indices)
        member = _member(coordinate)
        return Jet(name, scale, radial, *indices, member) if member is not None else sp.S.Zero
    index, low, high = atom.limits[-1]
    body = atom.function if len(atom.limits) == 1 else sp.Sum(atom.function, *atom.limits[:-1])
    if index in coordinate.free_symbols:
        other = fresh(index, coordinate.free_symbols | atom.free_symbols)
        index, body = other, substitute(body, {index: other})
    inside, member = partial(body, coordinate, explicit), _member(coordinate)
    total = sp.Sum(inside, (index, low, high)) if inside != 0 else sp.S.Zero
    if member is not None and not explicit:
        bound = coordinate.xreplace({member: member.func(member.args[0], index)})
        total += substitute(partial(body, bound, explicit=True), {index: member.args[1]})
    return total


def _member(coordinate: sp.Expr) -> Direction | None:
    """The member of a family among the directions of a norm or cosine."""
    return next((a for a in coordinate.args if len(a.args) == 2), None)


@dataclass(frozen=True)
class Calculus:
    """Differentiation with respect to the vector ``u`` among the other vectors and families that occur.

    Raises `ValueError` for a vector or family that is given twice, or as another than ``u`` itself.
    """

    u: Direction
    others: tuple[Direction, ...] = ()
    families: tuple[Family, ...] = ()

    def __post_init__(self) -> None:
        named = [self.u, *self.others, *(family.name for family in self.families)]
        if len(set(map(str, named))) < len(named):
            raise ValueError(f"each vector is to be named once: {', '.join(map(str, named))}")

    def gradient(self, f: sp.Expr) -> Vector:
        """``grad_u f`` by the polar Gram chain rule.

        Raises `ValueError` where a family's index is used as a free symbol, a sum covers part of a family, or ``f``
        has a cosine with a vector that is not among those given: its part of the gradient would be missing.
        """
        self._check(f)
        r, u = Norm(self.u), unit(self.u)
        total = partial(f, r) * u
        for v, explicit in [*((v, False) for v in self.others), *((v, True) for v in self._named_members(f))]:
            slope = partial(f, Cosine(self.u, v), explicit)
            total = total + (slope / r) * (unit(v) - Cosine(self.u, v) * u)
        for family in self.families:
            family.check(f)
            k = sp.Dummy("k", integer=True, positive=True)
            slope = substitute(partial(f, Cosine(self.u, family.member(k))), {k: family.index})
            weight = slope * Cosine(self.u, family.member(family.index))
            pull = family.total(weight) if weight != 0 else sp.S.Zero
            total = total + (1 / r) * (family_sum(family, slope) - pull * u)
        return total

    def _check(self, f: sp.Expr) -> None:
        for c in f.atoms(Cosine):
            partners = [a for a in c.args if a != self.u] if self.u in c.args else []
            for a in partners:
                if a not in self.others and not any(a == family.member(a.args[-1]) for family in self.families):
                    raise ValueError(f"the cosine with {a} depends on {self.u}, but {a} is not among the vectors given")

    def _named_members(self, f: sp.Expr) -> list[Direction]:
        """Members of families that occur outside the sums over them, as in a coefficient of one member."""
        found = {
            a for c in f.atoms(Cosine) if self.u in c.args and c.free_symbols <= f.free_symbols
            for a in c.args if a not in (self.u, *self.others)
            and any(a == family.member(a.args[-1]) for family in self.families)
        }  # fmt: skip
        return sorted(found, key=sp.default_sort_key)

    def derivative(self, f: sp.Expr, w: Vector) -> sp.Expr:
        """Directional derivative of a scalar as ``u`` moves along ``w``."""
        return inner(self.gradient(f), w)

    def derivative_of_vector(self, v: Vector, w: Vector) -> Vector:
        """Directional derivative of a vector field: coefficients move, and so does ``u^``."""
        m = sp.Dummy("m", integer=True, positive=True)  # one member of a family, whose coefficient moves with it
        moved = Vector(
            {d: self.derivative(c, w) for d, c in v.terms.items()},
            {f: substitute(self.derivative(substitute(c, {f.index: m}), w), {m: f.index}) for f, c in v.families.items()},
        )
        turn = (1 / Norm(self.u)) * tangential(self.u, w)
        return moved + v.terms.get(self.u, sp.S.Zero) * turn

    def hessian_times(self, f: sp.Expr, w: Vector) -> Vector:
        """``H_f(u) w``, the derivative of the gradient along ``w``."""
        return self.derivative_of_vector(self.gradient(f), w)

    def scaled(self, expr: sp.Expr, c: sp.Expr) -> sp.Expr:
        """The expression with ``c u`` in place of ``u`` (``c > 0``: directions stay)."""
        r = Norm(self.u)
        looked_at = {j: Jet(j.args[0], c * j.args[1], *j.args[2:]) for j in expr.atoms(Jet)}
        return expr.xreplace({r: c * r, **looked_at})

    def at_multiple(self, v: Vector, c: sp.Rational) -> Vector:
        """The vector field ``v`` at ``c u``, for a number ``c`` other than 0."""
        return (reflected(self.u, v) if c < 0 else v).map(lambda e: self.scaled(e, abs(c)))


def reflected(u: Direction, v: Vector) -> Vector:
    """The vector field ``v`` at ``-u``: the direction and every cosine with ``u`` change sign."""

    def flip(e: sp.Expr) -> sp.Expr:
        return e.replace(lambda x: isinstance(x, Cosine) and u in x.args, lambda x: -x)

    flipped = v.map(flip)
    return Vector({d: -x if d == u else x for d, x in flipped.terms.items()}, flipped.families)


def equal_vectors(a: Vector, b: Vector, name: str = "", shown: str = "") -> Same:
    """The goal ``a = b``: every coefficient agrees; refuted by the length of ``a - b`` at real vectors."""
    return Same(a, b, name, shown or b.latex())


def equal(left: sp.Expr, right: sp.Expr, name: str = "") -> Equal:
    """The scalar goal ``left = right``."""
    return Equal(sp.sympify(left, strict=True), sp.sympify(right, strict=True), name)
