"""Where a statement is claimed to hold, and the exact points at which it may be refuted.

A `Domain` carries the ranges of the variables, the substitutions that hypotheses permit (for instance "the
radial derivative of a scale-invariant loss is 0") and facts, expressions assumed non-negative. Points are
drawn deterministically from it as exact rationals, or by the atoms themselves (vectors realise their own
Gram coordinates), and statements are evaluated there in Arb ball arithmetic: a ball that excludes 0 is a
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

from theory.kernel.binding import substitute
from theory.kernel.verdict import Undecidable

_PRECISION_BITS = 256  # balls this narrow separate every false near miss of the tables; only refutation uses it
_FUNCTIONS: Mapping[Any, Callable[[arb], arb]] = {
    sp.exp: arb.exp, sp.log: arb.log, sp.sin: arb.sin, sp.cos: arb.cos, sp.tan: arb.tan, sp.acos: arb.acos,
    sp.asin: arb.asin, sp.atan: arb.atan, sp.sinh: arb.sinh, sp.cosh: arb.cosh, sp.tanh: arb.tanh, sp.Abs: abs,
}  # fmt: skip


@dataclass(frozen=True)
class Interval:
    """Range of a variable; the ends may be expressions in other variables or ``±oo``."""

    low: sp.Expr
    high: sp.Expr
    low_open: bool = True
    high_open: bool = True


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
            return Interval(*atom.bounds, low_open=False, high_open=False)
        if atom.is_extended_nonnegative:
            return Interval(sp.S.Zero, sp.oo, low_open=bool(atom.is_extended_positive))
        return Interval(-sp.oo, sp.oo)

    def points(self, count: int) -> Iterator[Point]:
        """Deterministic points; whether facts hold there is for the caller to certify with `admits`."""
        return (Point(self, seed) for seed in range(count))


class Point:
    """One exact assignment, drawn lazily: an atom gets its value when first asked for."""

    def __init__(self, domain: Domain, seed: int) -> None:
        self.domain, self.seed = domain, seed
        self.values: dict[str, str] = {}
        self.memo: dict[Any, Any] = {}

    def random(self, key: object) -> random.Random:
        """A generator that depends on the seed and the key only, never on the order of questions."""
        return random.Random(zlib.crc32(f"{self.seed}|{key}".encode()))

    def admits(self) -> bool:
        """Whether every fact of the domain certainly holds here."""
        return all(self.ball(fact) >= 0 for fact in self.domain.facts)

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
        if not (e.is_Symbol or e.is_Function or isinstance(e, sp.Derivative)):
            raise Undecidable(f"no ball for {e}")
        return self._atom(e)

    def _power(self, base: arb, exponent: sp.Expr) -> arb:
        if exponent.is_Integer:
            return base ** int(exponent)
        if exponent.is_Rational and int(exponent.q) > 1:
            return base.root(int(exponent.q)) ** int(exponent.p)
        return (self._ball(exponent) * base.log()).exp()

    def _sum(self, e: sp.Sum) -> arb:
        (index, low, high), total = e.limits[-1], arb(0)
        ends = [self._ball(end).unique_fmpz() for end in (low, high)]
        if None in ends:
            raise Undecidable("sum limits are not integers here")
        inner = e.function if len(e.limits) == 1 else sp.Sum(e.function, *e.limits[:-1])
        for k in range(int(ends[0]), int(ends[1]) + 1):
            total += self._ball(substitute(inner, {index: sp.Integer(k)}))
        return total

    def _atom(self, atom: sp.Expr) -> arb:
        if atom not in self.memo:
            self.memo[atom] = atom.realise(self) if hasattr(atom, "realise") else self._draw(atom)
        return self.memo[atom]

    def _draw(self, atom: sp.Expr) -> arb:
        """An exact rational inside the atom's range, simple enough to be read in a report."""
        rng, box = self.random(sp.srepr(atom)), self.domain.interval(atom)
        if atom.is_integer:
            low = 0 if box.low == -sp.oo else int(sp.floor(box.low)) + int(box.low_open)
            value = fmpq(rng.randint(low, low + 3))
        elif box.low != -sp.oo and box.high != sp.oo:
            low, high = self._ball(box.low), self._ball(box.high)
            share = fmpq(rng.randint(1, 15), 16)
            self.values[str(atom)] = f"{float(low + (high - low) * share):.6g}"
            return low + (high - low) * share
        else:
            value = fmpq(rng.choice([1, 2, 3, 5, 7, 11, 40]), rng.choice([1, 2, 3, 4, 9, 50]))
            if box.high != sp.oo or (box.low == -sp.oo and rng.random() < 0.5):
                value = -value
        end = box.low if box.low != -sp.oo else (box.high if box.high != sp.oo else None)
        self.values[str(atom)] = str(value) if end in (None, sp.S.Zero) or atom.is_integer else f"{end} + ({value})"
        return arb(value) if end is None or atom.is_integer else self._ball(end) + value
