"""Exact points of a domain, drawn deterministically: numbers for scalars, integer coordinates for vectors.

Named vectors get coordinates in a few dimensions, and their norms and cosines are those of the coordinates, so
that a counterexample in Gram coordinates is one of real vectors.
"""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import gcd
from typing import Any

import sympy as sp
from flint import arb
from sympy.core.function import AppliedUndef

from theory.kernel.verdict import Undecidable
from theory.language.atoms import is_atom, is_real
from theory.language.domain import Domain, Interval
from theory.language.gram import Cosine, Direction, Norm
from theory.refutation.balls import ball

_DIMENSIONS = (2, 3, 4)
_TRAITS = (
    "extended_positive", "extended_negative", "zero", "integer", "even", "odd", "prime", "composite", "rational",
    "irrational", "algebraic", "extended_real", "imaginary", "finite",
)  # fmt: skip


def points(domain: Domain, count: int) -> Iterator[Point]:
    """Deterministic points; whether they lie in the domain is for the caller to certify with `Point.admitted`."""
    return (Point(domain, seed) for seed in range(count))


class Point:
    """One exact assignment, drawn lazily: an atom gets its value, a SymPy number, when first asked for."""

    def __init__(self, domain: Domain, seed: int) -> None:
        self.domain, self.seed = domain, seed
        self.values: dict[str, str] = {}
        self.memo: dict[Any, Any] = {}
        self._balls: dict[sp.Expr, arb] = {}

    def _random(self, key: object) -> random.Random:
        """A generator that depends on the seed and the key only, never on the order of questions."""
        return random.Random(zlib.crc32(f"{self.seed}|{key}".encode()))

    def ball(self, expr: sp.Expr) -> arb:
        """Rigorous enclosure of the expression's value here; not finite where it is undefined."""
        return ball(expr, self.value, self._balls)

    @property
    def admitted(self) -> bool:
        """Whether every range and every right angle of the domain certainly holds here."""
        said = (*self.domain.ranges.items(), *(self.domain.besides or {}).items())
        right = all(_dot(self.coordinates(a), self.coordinates(b)) == 0 for a, b in self.domain.orthogonal)
        return right and all(self.lies(atom, box, box.ends) for atom, box in said)

    def lies(self, e: sp.Expr, box: Interval, ends: tuple[sp.Expr, sp.Expr]) -> bool:
        """Whether ``e`` certainly lies between the ends, each of which belongs to the range or not as it does to ``box``."""
        value, low, high = map(self.exact, (e, *ends))
        above = low == -sp.oo or (gap := self.ball(value - low)) > 0 or (gap >= 0 and not box.low_open)
        below = high == sp.oo or (gap := self.ball(high - value)) > 0 or (gap >= 0 and not box.high_open)
        return bool(above and below and (value.is_integer or not box.whole))

    def exact(self, e: sp.Basic) -> sp.Basic:
        """The expression with its atoms replaced by their values here."""
        if is_atom(e):
            return self.value(e)
        if isinstance(e, sp.Sum):
            raise Undecidable("a sum has no exact value")
        return e.func(*map(self.exact, e.args)) if e.args else e

    @property
    def dimension(self) -> int:
        """Of all vectors here."""
        return _DIMENSIONS[self.seed % len(_DIMENSIONS)]

    def coordinates(self, v: Direction) -> tuple[int, ...]:
        """Integer coordinates of a vector; one declared orthogonal to others is projected exactly."""
        v = v.func(*map(self.exact, v.args)) if len(v.args) > 1 else v
        key = ("vector", v)
        if key not in self.memo:
            vector = self._free(v)
            done: list[tuple[int, ...]] = []
            for own, other in self.domain.orthogonal:
                if own == v and (v, other) not in self.domain.turned and (other, v) not in self.domain.turned:
                    done.append(_without(self.coordinates(other), done))
                    vector = _without(vector, done[-1:])
            if not any(vector):
                raise Undecidable("projected onto zero")
            if done:
                vector = tuple(x // gcd(*vector) for x in vector)  # short: a reader may check it
            self.memo[key] = vector
            self.values[str(v)] = str(vector)
        return self.memo[key]

    def _free(self, v: Direction) -> tuple[int, ...]:
        """Coordinates of a vector before it is projected: drawn, unless they are those of another one."""
        rng, d = self._random(str(v)), self.dimension
        if v in self.domain.ones:
            return (1,) * d
        if v in self.domain.signs:
            return tuple(rng.choice([-1, 1]) for _ in range(d))
        if other := next((b for a, b in self.domain.turned if a == v), None):
            if d % 2:
                raise Undecidable("no complex coordinates in an odd dimension")
            real, imaginary = (part := self.coordinates(other))[: d // 2], part[d // 2 :]
            return (*(-x for x in imaginary), *real)
        return (*(rng.randint(-9, 9) for _ in range(d - 1)), rng.choice([-7, -5, -3, 2, 4, 6]))

    def value(self, atom: sp.Expr) -> sp.Expr:
        """The value of an atom; equal arguments give equal values: ``f(n)`` is ``f(2)`` where ``n`` is 2."""
        if not atom.args and atom in self.memo:
            return self.memo[atom]
        if isinstance(atom, (Norm, Cosine)):
            a, b = (self.coordinates(v) for v in (atom.args[0], atom.args[-1]))
            return sp.sqrt(_dot(a, a)) if isinstance(atom, Norm) else _dot(a, b) / sp.sqrt(_dot(a, a) * _dot(b, b))
        if not is_real(atom) or (isinstance(atom, AppliedUndef) and _is_discrete(atom)):
            raise Undecidable(f"{atom} is not any real number")
        key = self._key(atom)
        if key not in self.memo:
            self.memo[key] = self._drawn(atom, key)
        return self.memo[key]

    def _key(self, atom: sp.Expr) -> Any:
        """What an atom's value may depend on."""
        if isinstance(atom, sp.Derivative):
            function = atom.expr
            if _binds_its_derivatives(function):
                raise Undecidable("a derivative that is not free")
            slots = Counter[int]()
            for v, n in atom.variable_count:
                slots[function.args.index(v)] += int(n)
            places = tuple(map(self.exact, function.args))
            if not all(place.is_Rational for place in places):
                raise Undecidable("a function at an irrational point")
            return function.func, places, tuple(sorted(slots.items()))
        if not atom.args:
            return atom
        key = atom.func(*map(self.exact, atom.args))
        if not all(a.is_Rational for a in key.args if isinstance(a, sp.Expr)):
            raise Undecidable("a function at an irrational point")
        return key

    def _drawn(self, atom: sp.Expr, key: object) -> sp.Expr:
        """A number inside the atom's range that its assumptions allow, simple enough to be read in a report."""
        rng, box = self._random(sp.srepr(key)), self.domain.interval(atom)
        low, high = self.exact(box.low), self.exact(box.high)
        if atom.is_integer or box.whole:
            low = sp.floor(low) + 1 if box.low_open else sp.ceiling(low)
            high = sp.ceiling(high) - 1 if box.high_open else sp.floor(high)
            span = 3 if sp.oo in (high, -low) else min(3, int(high - low))
            value = _inside(low, sp.oo if low != -sp.oo else high, sp.Integer(rng.randint(0, span)), sp.S.One)
        else:
            step = sp.Rational(rng.choice([1, 2, 3, 5, 7, 11, 40]), rng.choice([1, 2, 3, 4, 9, 50]))
            share = sp.Rational(rng.randint(int(box.low_open), 16 - int(box.high_open)), 16)
            rim = rng.random() < 1 / 4 and not (box.low_open if low != -sp.oo else box.high_open and high != sp.oo)
            if rng.random() < 1 / 4 and not box.high_open:
                rim, share = True, sp.S.One
            if low == -sp.oo and high == sp.oo and rng.random() < 1 / 2:
                step = -step
            value = _inside(low, high, sp.S.Zero if rim else step, share)
        value = sp.Integer(self.dimension) if atom == self.domain.dimension else value
        if not has_traits(value, atom):
            raise Undecidable(f"no value of {atom} drawn")
        self.values[str(key)] = str(value)
        return value


def has_traits(value: sp.Expr, atom: sp.Expr) -> bool:
    """Whether a number is what an atom is assumed to be."""
    return all(getattr(value, name) is holds for name, holds in _wanted(atom))


@lru_cache(maxsize=1024)
def _wanted(atom: sp.Expr) -> tuple[tuple[str, bool], ...]:
    """The assumptions that say something."""
    said = ((f"is_{trait}", getattr(atom, f"is_{trait}")) for trait in _TRAITS)
    return tuple((name, holds) for name, holds in said if holds is not None)


def _binds_its_derivatives(function: sp.Expr) -> bool:
    """Whether assumptions on a function's values say something of its derivatives: at a least value they vanish."""
    rim = function.is_extended_nonnegative and not function.is_extended_positive
    return bool(_is_discrete(function) or rim or (function.is_extended_nonpositive and not function.is_extended_negative))


def _is_discrete(function: sp.Expr) -> bool:
    """A smooth function of such values is constant."""
    return any(getattr(function, f"is_{trait}") is not None for trait in ("integer", "rational", "algebraic"))


def _inside(low: sp.Expr, high: sp.Expr, step: sp.Expr, share: sp.Expr) -> sp.Expr:
    """``step`` from the end there is, or a share of the way between two."""
    if low > high:
        raise Undecidable("an empty range")
    if low == -sp.oo:
        return step if high == sp.oo else high - step
    return low + (step if high == sp.oo else (high - low) * share)


def _dot(a: Iterable[int], b: Iterable[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _without(a: tuple[int, ...], others: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """A multiple of the part of ``a`` orthogonal to vectors that are orthogonal to each other."""
    for o in others:
        oo, ao = _dot(o, o), _dot(a, o)
        a = tuple(oo * x - ao * y for x, y in zip(a, o, strict=True)) if ao else a
    return a
