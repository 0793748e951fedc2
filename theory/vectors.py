"""Dimension-free vectors in polar Gram coordinates.

A named vector ``u`` is its norm ``r_u > 0`` times its unit direction; two named vectors meet only through their
cosine ``c_uv``. Every scalar is a function of norms and cosines, every vector a linear combination of unit
directions with scalar coefficients, so an identity proved here holds in every dimension. A `Family` has a
symbolic number of members and is summed over, which is how "any number of candidates" is said.

The gradient is THEORY A1's: ``grad_u f = df/dr_u u^ + sum_v df/dc_uv (v^ - c_uv u^) / r_u``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from theory.kernel import Equal, Point, Same, fresh, substitute
from theory.typeset import latex

_DIMENSIONS = (2, 3, 4)  # refutations are realised in these; a counterexample there is one


class Direction(sp.Basic):
    """The unit direction of a named vector, or of one member of a family (``args = (name, *indices)``).

    The name is no symbol: a scalar of the same name is something else.
    """

    def __new__(cls, name: sp.Basic, *indices: sp.Expr) -> Direction:
        return super().__new__(cls, Str(str(name)), *indices)

    def latex(self) -> str:
        """``\\hat{u}``, with the index of a family member below."""
        name, *indices = self.args
        below = f"_{{{','.join(sp.latex(i) for i in indices)}}}" if indices else ""
        base, _, tag = str(name).partition("_")
        return rf"\hat{{{base}}}_{{{tag}}}" if tag and not below else rf"\hat{{{base}}}{below}"

    def coordinates(self, point: Point) -> tuple[int, ...]:
        """Integer coordinates at a point; a vector declared orthogonal to others is projected exactly."""
        key = ("vector", self)
        if key not in point.memo:
            rng, d = point.random(str(self)), _DIMENSIONS[point.seed % len(_DIMENSIONS)]
            vector = (*(rng.randint(-9, 9) for _ in range(d - 1)), rng.choice([-7, -5, -3, 2, 4, 6]))
            done: list[tuple[int, ...]] = []
            for own, other in point.domain.orthogonal:
                if own == self:
                    done.append(_without(other.coordinates(point), done))
                    vector = _without(vector, done[-1:])
            if not any(vector):
                raise ValueError("projected onto zero")
            point.memo[key] = vector
            point.values[str(self)] = str(vector)
        return point.memo[key]

    def __str__(self) -> str:
        return "".join(str(a) for a in self.args)


def _dot(a: Iterable[int], b: Iterable[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _without(a: tuple[int, ...], others: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """A multiple of the part of ``a`` orthogonal to vectors that are orthogonal to each other."""
    for o in others:
        oo, ao = _dot(o, o), _dot(a, o)
        a = tuple(oo * x - ao * y for x, y in zip(a, o, strict=True)) if ao else a
    return a


class Norm(sp.Function):
    """Length of a named vector, positive."""

    nargs = 1
    is_positive = True
    is_extended_positive = True
    is_extended_real = True

    def realise(self, point: Point) -> sp.Expr:
        v = self.args[0].coordinates(point)
        return sp.sqrt(_dot(v, v))

    def _sympystr(self, printer: Any) -> str:
        return f"|{self.args[0]!s}|"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        name, *indices = self.args[0].args
        base, _, tag = str(name).partition("_")
        below = ",".join([tag] * bool(tag) + [sp.latex(i) for i in indices])
        body = rf"\lVert {base}{f'_{{{below}}}' if below else ''}\rVert"
        return body if exp is None else f"{body}^{{{exp}}}"


class Cosine(sp.Function):
    """Cosine of the angle between two named vectors: symmetric, 1 with itself, in [-1, 1]."""

    nargs = 2
    is_extended_real = True
    bounds = (sp.S.NegativeOne, sp.S.One)

    @classmethod
    def eval(cls, a: Direction, b: Direction) -> sp.Expr | None:
        if a == b:
            return sp.S.One
        first, second = sorted((a, b), key=sp.default_sort_key)
        return cls(first, second, evaluate=False) if (first, second) != (a, b) else None

    def realise(self, point: Point) -> sp.Expr:
        a, b = (v.coordinates(point) for v in self.args)
        return _dot(a, b) / sp.sqrt(_dot(a, a) * _dot(b, b))

    def _sympystr(self, printer: Any) -> str:
        return f"cos({self.args[0]!s}, {self.args[1]!s})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        tags = "".join(str(a.args[0]) + "".join(f"_{{{sp.latex(i)}}}" for i in a.args[1:]) for a in self.args)
        body = rf"c_{{{tags}}}"
        return body if exp is None else rf"{body}^{{{exp}}}"


class Jet(sp.Function):
    """A partial derivative of an unspecified loss: ``(loss, scale, radial order, *angular indices)``.

    At a point its values are free, because every finite jet is the jet of a smooth function. ``scale`` is the
    factor ``c`` when the loss is looked at from ``c u``.
    """

    is_extended_real = True
    is_free = True

    @classmethod
    def eval(cls, name: sp.Basic, scale: sp.Expr, radial: sp.Integer, *indices: sp.Basic) -> sp.Expr | None:
        ordered = (Str(str(name)), scale, radial, *sorted(indices, key=sp.default_sort_key))
        return cls(*ordered, evaluate=False) if ordered != (name, scale, radial, *indices) else None

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        name, scale, radial, *indices = self.args
        below = "r" * int(radial) + "".join(sp.latex(i.args[-1]) for i in indices)
        at = "" if scale == 1 else rf"|_{{{sp.latex(scale)}u}}"
        body = rf"\partial_{{{below}}}{name}{at}" if below else f"{name}{at}"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


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

    def squared_length(self) -> sp.Expr:
        """``<v, v>``, a certificate of sign: these are real vectors."""
        return inner(self, self)

    def coefficients(self) -> tuple[sp.Expr, ...]:
        """All of them, which must be real for `squared_length` to be one."""
        return (*self.terms.values(), *self.families.values())

    def latex(self) -> str:
        """On paper: coefficients before directions, sums with their index."""
        pieces = sorted(
            (_coefficient(c) + d.latex() for d, c in self.terms.items() if c != 0), key=lambda p: p.startswith("-")
        )
        for f, c in self.families.items():
            member = _coefficient(c) + f.member(f.index).latex()
            total = rf"\sum_{{j=1}}^{{{latex(f.size)}}} {member.removeprefix('-')}"
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
    return (_coefficient(sp.sympify(factor)) + r"\," + name).removeprefix(r"\,").replace(r"-\,", "-")


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
            i = fresh(sp.Symbol("i", integer=True, positive=True), x.free_symbols | y.free_symbols)
            inside = _summed(g, y, substitute(x, {f.index: i}), f.member(i))
            total += sp.Sum(inside, (i, 1, f.size)) if inside != 0 else 0
    return total


def _summed(family: Family, coefficient: sp.Expr, other: sp.Expr, partner: Direction) -> sp.Expr:
    """``sum_j coefficient(j) other <partner, v^_j>``, with an index that neither ``other`` nor ``partner`` knows."""
    j = fresh(family.index, other.free_symbols | partner.free_symbols)
    body = substitute(coefficient, {family.index: j}) * other * Cosine(partner, family.member(j))
    return sp.Sum(body, (j, 1, family.size)) if body != 0 else sp.S.Zero


def squared_norm(a: Vector) -> sp.Expr:
    """``<a, a>``; non-negative for real vectors, hence usable as a `Fact`."""
    return inner(a, a)


def cosine(a: Vector, b: Vector) -> sp.Expr:
    """``<a, b> / (|a| |b|)``."""
    return inner(a, b) / sp.sqrt(squared_norm(a) * squared_norm(b))


def tangential(u: Direction, w: Vector) -> Vector:
    """``P_u w = w - <u^, w> u^``."""
    return w - inner(unit(u), w) * unit(u)


def partial(f: sp.Expr, coordinate: sp.Expr, explicit: bool = False) -> sp.Expr:
    """``df / d coordinate`` for a norm or a cosine, the member of a family included.

    With ``explicit`` only the coordinate as it is written counts, not the term of a sum over the family that
    equals it (``d/dc_k sum_j h(c_j) = h'(c_k)``), nor what an unspecified loss makes of it.
    """
    atoms = [a for a in _outermost(f) if a == coordinate or isinstance(a, (Jet, sp.Sum))]
    names = {a: sp.Dummy(f"x{i}", real=True, positive=a.is_extended_positive) for i, a in enumerate(atoms)}
    flat = f.xreplace(names)
    return sp.Add(*(
        sp.diff(flat, x).xreplace({v: k for k, v in names.items()}) * _atom_slope(a, coordinate, explicit)
        for a, x in names.items()
    ))  # fmt: skip


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
    """Differentiation with respect to the vector ``u`` among the other vectors and families that occur."""

    u: Direction
    others: tuple[Direction, ...] = ()
    families: tuple[Family, ...] = ()

    def gradient(self, f: sp.Expr) -> Vector:
        """``grad_u f`` by the polar Gram chain rule.

        Raises `ValueError` where a family's index is used as a free symbol, or a sum covers part of a family.
        """
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


def reflected(u: Direction, v: Vector) -> Vector:
    """The vector field ``v`` at ``-u``: the direction and every cosine with ``u`` change sign."""

    def flip(e: sp.Expr) -> sp.Expr:
        return e.replace(lambda x: isinstance(x, Cosine) and u in x.args, lambda x: -x)

    flipped = v.map(flip)
    return Vector({d: -x if d == u else x for d, x in flipped.terms.items()}, flipped.families)


def equal_vectors(a: Vector, b: Vector, name: str = "", shown: str = "") -> Same:
    """The goal ``a = b``: every coefficient agrees; refuted by the squared length of ``a - b`` at real vectors."""
    gap = a - b
    pairs = tuple(
        (left.get(key, sp.S.Zero), right.get(key, sp.S.Zero))
        for left, right in ((a.terms, b.terms), (a.families, b.families))
        for key in dict.fromkeys([*left, *right])
    )
    return Same(pairs, squared_norm(gap), name, shown or b.latex())


def equal(left: sp.Expr, right: sp.Expr, name: str = "") -> Equal:
    """The scalar goal ``left = right``."""
    return Equal(sp.sympify(left), sp.sympify(right), name)


def scale_invariant(loss: str) -> Callable[[sp.Expr], sp.Expr]:
    """The substitution that ``L(c u) = L(u)`` permits: no radial derivative, the same jet at every scale."""

    def rule(expr: sp.Expr) -> sp.Expr:
        jets = {j for j in expr.atoms(Jet) if str(j.args[0]) == loss}
        return expr.xreplace({j: sp.S.Zero if j.args[2] > 0 else Jet(j.args[0], 1, *j.args[2:]) for j in jets})

    return rule


def orthogonal(a: Direction, b: Direction) -> Callable[[sp.Expr], sp.Expr]:
    """The substitution that ``<a, b> = 0`` permits."""
    return lambda expr: expr.xreplace({Cosine(a, b): sp.S.Zero})
