"""Where a statement is claimed to hold, and the exact points at which it may be refuted.

A `Domain` carries the ranges of the variables, the substitutions that hypotheses permit (for instance "the
radial derivative of a scale-invariant loss is 0") and facts, expressions assumed non-negative. Points are
drawn deterministically from it as exact numbers, or by the atoms themselves (vectors realise their own Gram
coordinates), and statements are evaluated there in Arb ball arithmetic: a ball that excludes 0 is a
certificate, one that contains 0 says nothing.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq
from sympy.core.function import AppliedUndef

from theory.kernel.binding import substitute
from theory.kernel.verdict import Undecidable

_PRECISION_BITS = 256  # balls this narrow separate every false near miss of the tables; only refutation uses it
_FUNCTIONS: Mapping[Any, Callable[[arb], arb]] = {
    sp.exp: arb.exp, sp.log: arb.log, sp.sin: arb.sin, sp.cos: arb.cos, sp.tan: arb.tan, sp.acos: arb.acos,
    sp.asin: arb.asin, sp.atan: arb.atan, sp.sinh: arb.sinh, sp.cosh: arb.cosh, sp.tanh: arb.tanh, sp.Abs: abs,
}  # fmt: skip
_TRAITS = (
    "extended_positive", "extended_negative", "zero", "integer", "even", "odd", "prime", "composite", "rational",
    "irrational", "algebraic", "extended_real", "imaginary", "finite",
)  # fmt: skip
_LONGEST_SUM = 2000


@dataclass(frozen=True)
class Interval:
    """Range of a variable; the ends may be expressions in other variables or ``±oo``."""

    low: sp.Expr
    high: sp.Expr
    low_open: bool = True
    high_open: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", sp.sympify(self.low))
        object.__setattr__(self, "high", sp.sympify(self.high))


@dataclass(frozen=True)
class Domain:
    """Ranges by atom, substitutions that hypotheses permit, facts assumed ``>= 0``, orthogonal vector pairs."""

    ranges: Mapping[sp.Expr, Interval] = field(default_factory=dict)
    rules: tuple[Callable[[sp.Expr], sp.Expr], ...] = ()
    facts: tuple[sp.Expr, ...] = ()
    orthogonal: tuple[tuple[sp.Basic, sp.Basic], ...] = ()

    def apply(self, expr: sp.Expr) -> sp.Expr:
        """The expression after every substitution that the hypotheses permit."""
        for rule in self.rules:
            expr = rule(expr)
        return expr

    def interval(self, atom: sp.Expr) -> Interval:
        """The declared range, or what SymPy's assumptions (and the atom's own ``bounds``) say."""
        if atom in self.ranges:
            return self.ranges[atom]
        if hasattr(atom, "bounds"):
            return Interval(atom.bounds[0], atom.bounds[1], low_open=False, high_open=False)
        if atom.is_extended_nonnegative:
            return Interval(sp.S.Zero, sp.oo, low_open=bool(atom.is_extended_positive))
        if atom.is_extended_nonpositive:
            return Interval(-sp.oo, sp.S.Zero, high_open=bool(atom.is_extended_negative))
        return Interval(-sp.oo, sp.oo)

    def points(self, count: int) -> Iterator[Point]:
        """Deterministic points; whether they lie in the domain is for the caller to certify with `admits`."""
        return (Point(self, seed) for seed in range(count))


class Point:
    """One exact assignment, drawn lazily: an atom gets its value, a SymPy number, when first asked for."""

    def __init__(self, domain: Domain, seed: int) -> None:
        self.domain, self.seed = domain, seed
        self.values: dict[str, str] = {}
        self.memo: dict[Any, Any] = {}

    def random(self, key: object) -> random.Random:
        """A generator that depends on the seed and the key only, never on the order of questions."""
        return random.Random(zlib.crc32(f"{self.seed}|{key}".encode()))

    def admits(self, expr: sp.Expr) -> bool:
        """Whether ranges, facts and substitutions of the domain (those of ``expr`` too) certainly hold here."""
        realised = (a for a in expr.atoms(sp.Function) if hasattr(a, "realise") and not a.free_symbols)
        return (
            all(self.ball(self.domain.apply(fact)) >= 0 for fact in self.domain.facts)
            and all(self._lies(atom, box) for atom, box in self.domain.ranges.items())
            and all(self.ball(self.domain.apply(a)).overlaps(self.ball(a)) for a in realised)
        )

    def _lies(self, atom: sp.Expr, box: Interval) -> bool:
        value, low, high = map(self.exact, (atom, box.low, box.high))
        above = low == -sp.oo or (gap := self.ball(value - low)) > 0 or (gap >= 0 and not box.low_open)
        below = high == sp.oo or (gap := self.ball(high - value)) > 0 or (gap >= 0 and not box.high_open)
        return bool(above and below)

    def exact(self, e: sp.Basic) -> sp.Basic:
        """The expression with its atoms replaced by their values here."""
        if _is_atom(e):
            return self._value(e)
        if isinstance(e, sp.Sum):
            raise Undecidable("a sum has no exact value")
        return e.func(*map(self.exact, e.args)) if e.args else e

    def ball(self, expr: sp.Expr) -> arb:
        """Rigorous enclosure of the expression's value here; NaN where it is undefined."""
        ctx.prec = _PRECISION_BITS
        return self._ball(expr)

    def _ball(self, e: sp.Expr) -> arb:
        if e.is_Rational:
            return arb(fmpq(int(e.p), int(e.q)))
        if e is sp.pi or e is sp.E:
            return arb.pi() if e is sp.pi else arb.const_e()
        if e.is_Add or e.is_Mul:
            total = arb(0 if e.is_Add else 1)
            for arg in e.args:
                total = total + self._ball(arg) if e.is_Add else total * self._ball(arg)
            return total
        if e.is_Pow and not isinstance(e, sp.exp):
            return self._power(self._ball(e.base), e.exp)
        if isinstance(e, sp.Sum):
            return self._sum(e)
        if e.func in _FUNCTIONS and len(e.args) == 1:
            return _FUNCTIONS[e.func](self._ball(e.args[0]))
        if not _is_atom(e):
            raise Undecidable(f"no ball for {e}")
        return self._ball(self._value(e))

    def _power(self, base: arb, exponent: sp.Expr) -> arb:
        if exponent.is_Integer:
            return base ** int(exponent)
        if exponent.is_Rational and int(exponent.q) > 1:
            return base.root(int(exponent.q)) ** int(exponent.p)
        return (self._ball(exponent) * base.log()).exp()

    def _sum(self, e: sp.Sum) -> arb:
        """Term by term; a sum over a negative number of terms is undefined here, whatever one may extend it to."""
        (index, low, high), total = e.limits[-1], arb(0)
        first, last = (self._ball(end).unique_fmpz() for end in (low, high))
        if first is None or last is None or not 0 <= int(last) - int(first) + 1 <= _LONGEST_SUM:
            raise Undecidable("the number of terms is not a number of terms here")
        inner = e.function if len(e.limits) == 1 else sp.Sum(e.function, *e.limits[:-1])
        for k in range(int(first), int(last) + 1):
            total += self._ball(substitute(inner, {index: sp.Integer(k)}))
        return total

    def _value(self, atom: sp.Expr) -> sp.Expr:
        """Equal arguments give equal values: ``f(n)`` is ``f(2)`` where ``n`` is 2."""
        key: Any = atom
        if isinstance(atom, sp.Derivative):
            function = atom.expr
            places = set(function.args)
            if not isinstance(function, AppliedUndef) or not all(a.is_Symbol for a in places) or len(places) < len(function.args):
                raise Undecidable("derivative of something specified")
            slots = tuple((function.args.index(v), int(n)) for v, n in atom.variable_count)
            key = (function.func, tuple(map(self.exact, function.args)), slots)
        elif atom.args:
            key = atom.func(*map(self.exact, atom.args))
            if key.func != atom.func:
                return self.exact(key)
            if not all(a.is_Rational for a in key.args if isinstance(a, sp.Expr)):
                raise Undecidable("a function at an irrational point")
        if key not in self.memo:
            self.memo[key] = key.realise(self) if hasattr(key, "realise") else self._drawn(atom, key)
        return self.memo[key]

    def _drawn(self, atom: sp.Expr, key: object) -> sp.Expr:
        """A number inside the atom's range that its assumptions allow, simple enough to be read in a report."""
        rng, box = self.random(sp.srepr(key)), self.domain.interval(atom)
        low, high = self.exact(box.low), self.exact(box.high)
        if atom.is_integer:
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
        if any((wanted := getattr(atom, f"is_{t}")) is not None and getattr(value, f"is_{t}") is not wanted for t in _TRAITS):
            raise Undecidable(f"no value of {atom} drawn")
        self.values[str(key)] = str(value)
        return value


def _is_atom(e: sp.Basic) -> bool:
    return bool(e.is_Symbol or isinstance(e, (AppliedUndef, sp.Derivative)) or hasattr(e, "realise") or getattr(e, "is_free", False))


def _inside(low: sp.Expr, high: sp.Expr, step: sp.Expr, share: sp.Expr) -> sp.Expr:
    """``step`` from the end there is, or a share of the way between two."""
    if low > high:
        raise Undecidable("an empty range")
    if low == -sp.oo:
        return step if high == sp.oo else high - step
    return low + (step if high == sp.oo else (high - low) * share)
