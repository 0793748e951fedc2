"""Equality by a normal form: transcendental parts as generators, a rational normal form over them.

An expression becomes a quotient of polynomials over Q in *generators*: symbols, Gram coordinates, ``exp`` of
a monomial, logarithms of irreducible factors, radicals with the relation ``g**q = base``, sines with
``s**2 = 1 - c**2``, and finite sums over a symbolic number of terms with everything free of the index pulled
out. Every rewriting used is an identity of the reals wherever both sides are defined, so a zero normal form
is a proof. A non-zero one is *not* a refutation: generators may depend on each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from theory.kernel.binding import depth, distribute, substitute
from theory.kernel.verdict import Undecidable

_HYPERBOLIC = {sp.sinh, sp.cosh, sp.tanh}
_OPAQUE = (sp.acos, sp.asin, sp.atan)
_LONGEST = 10**6  # terms of a polynomial
_LARGEST = 10**60  # number whose prime factors are asked for


class _Refine(Exception):
    """A finer root of a generator is needed: restart with the finer one."""


class Bound(sp.Symbol):
    """A summation index in canonical position (de Bruijn level)."""


@dataclass
class Generator:
    """A generator, with what may be used of it: sign, indices it depends on, and ``g**degree = relation``."""

    source: str
    nonnegative: bool = False
    positive: bool = False
    real: bool = True
    indices: frozenset[sp.Basic] = frozenset()
    degree: int = 0
    relation: sp.Expr | None = None
    exponential_of: sp.Expr | None = None
    logarithm_of: sp.Expr | None = None


@dataclass(frozen=True)
class Fraction:
    """``numerator / denominator`` in the listed generators, coprime, denominator with leading coefficient 1."""

    numerator: fmpq_mpoly
    denominator: fmpq_mpoly
    names: tuple[str, ...]

    def key(self) -> tuple[Any, ...]:
        """Hashable and independent of which other generators exist."""
        return tuple(
            tuple(sorted((tuple((n, int(p)) for n, p in zip(self.names, m, strict=True) if p), str(c)) for m, c in f.to_dict().items()))
            for f in (self.numerator, self.denominator)
        )


class NormalForm:
    """One session: the generators met so far, shared by everything normalised in it."""

    def __init__(self) -> None:
        self.generators: dict[str, Generator] = {}
        self._by_key: dict[Any, sp.Symbol] = {}
        self._fineness: dict[Any, int] = {}

    def fraction(self, expr: sp.Expr) -> Fraction:
        """The normal form of ``expr``, reduced by the relations of its generators.

        Raises `Undecidable` for what has none (complex, infinite, identically vanishing denominators).
        """
        while True:
            try:
                return self.reduced(self.quotient(self.lift(distribute(expr))))
            except _Refine:
                self.generators.clear()
                self._by_key.clear()

    # -- generators ---------------------------------------------------------------------------------------

    def generator(self, key: Any, source: object, **known: Any) -> sp.Symbol:
        """The symbol that stands for ``key``; made once."""
        if key not in self._by_key:
            self._by_key[key] = sp.Symbol(f"g{len(self._by_key)}")
            self.generators[self._by_key[key].name] = Generator(str(source), **known)
        return self._by_key[key]

    def _finest(self, key: Any, denominator: int) -> int:
        """One root of ``key`` serves all its fractional powers; restart when a finer one is called for."""
        known = self._fineness.get(key, 1)
        if known % denominator:
            self._fineness[key] = math.lcm(known, denominator)
            raise _Refine
        return known

    def _indices(self, expr: sp.Basic) -> frozenset[sp.Basic]:
        own = {s for s in expr.free_symbols if isinstance(s, Bound)}
        return frozenset(own.union(*(self.generators[s.name].indices for s in expr.free_symbols if s.name in self.generators)))

    def _all(self, expr: sp.Expr, trait: str) -> bool:
        return all(getattr(self.generators[s.name], trait) for s in expr.free_symbols)

    def is_nonnegative(self, poly: fmpq_mpoly, names: Iterable[str]) -> bool:
        """Certificate by coefficients: none negative, every odd power of a non-negative generator."""
        gens = [self.generators[n] for n in names]
        return all(
            c > 0 and all(g.nonnegative or (p % 2 == 0 and g.real) for g, p in zip(gens, m, strict=True) if p)
            for m, c in poly.to_dict().items()
        )

    # -- lifting: expression -> rational expression in generators -----------------------------------------

    def lift(self, e: sp.Expr) -> sp.Expr:
        """``e`` with every part that is not rational replaced by its generator."""
        if e.is_Rational:
            return e
        if e.is_Add or e.is_Mul:
            return e.func(*map(self.lift, e.args))
        if e is sp.E or isinstance(e, sp.exp):
            return self._exp(self.lift(e.args[0] if e.args else sp.S.One))
        if e.is_Pow:
            return self._power(e)
        if isinstance(e, sp.Sum):
            return self._sum(e)
        if isinstance(e, sp.log):
            return self._log(self.lift(e.args[0]))
        if e.func in _HYPERBOLIC:
            return self.lift(e.rewrite(sp.exp))
        if isinstance(e, (sp.sin, sp.cos, sp.tan)):
            return self._circular(e)
        if isinstance(e, sp.Abs) and e.args[0].is_extended_real:
            return self._root(self.lift(e.args[0]) ** 2, 2)
        return self._opaque(e)

    def _opaque(self, e: sp.Expr) -> sp.Expr:
        known = {"indices": self._indices(e)}
        if isinstance(e, _OPAQUE):
            arg = self.lift(e.args[0])
            return self.generator((e.func, self.reduced(self.quotient(arg)).key()), e, indices=self._indices(arg))
        if not (e.is_Symbol or e.is_Function or isinstance(e, sp.Derivative) or e is sp.pi) or not e.is_commutative:
            raise Undecidable(f"no normal form for {type(e).__name__}")
        positive, nonnegative = bool(e.is_extended_positive), bool(e.is_extended_nonnegative)
        real = e.is_extended_real is not False
        return self.generator(e, e, positive=positive, nonnegative=nonnegative, real=real, **known)

    def _power(self, e: sp.Pow) -> sp.Expr:
        base, exponent = self.lift(e.base), e.exp
        if exponent.is_Integer:
            return base**exponent
        if exponent.is_Rational:
            return self._root(base, int(exponent.q)) ** int(exponent.p)
        if not e.base.is_extended_positive:
            raise Undecidable("symbolic power of a base not known positive")
        return self._exp(self.lift(exponent) * self._log(base))

    def _exp(self, argument: sp.Expr) -> sp.Expr:
        """``exp`` of a sum is the product of the exponentials of its monomials, each to a rational power."""
        f, result = self.reduced(self.quotient(argument)), sp.S.One
        for monomial, coefficient in f.numerator.to_dict().items():
            piece = Fraction(self._poly({monomial: fmpq(1)}, f.names), f.denominator, f.names)
            power, expr = sp.Rational(int(coefficient.p), int(coefficient.q)), self.expression(piece)
            logged = self.generators[expr.name].logarithm_of if expr.is_Symbol else None
            if logged is not None:
                result *= self._root(logged, int(power.q)) ** int(power.p)
                continue
            fine = self._finest(("exp", piece.key()), int(power.q))
            real = self._all(expr, "real")
            g = self.generator(
                ("exp", piece.key()), f"exp({expr}/{fine})", positive=real, nonnegative=real, real=real,
                indices=self._indices(expr), exponential_of=expr / fine,
            )  # fmt: skip
            result *= g ** (power * fine)
        return result

    def _factors(self, f: Fraction) -> tuple[list[tuple[sp.Expr, int]], sp.Expr]:
        """Split into certified non-negative factors with multiplicity, primes included, and the rest."""
        sides = [(f.numerator, 1), (f.denominator, -1)]
        split: list[tuple[sp.Expr, int]] = []
        rest = sp.S.One
        for poly, sign in sides:
            content, factors = poly.factor()
            if content < 0:
                rest = -rest
            ratio = abs(sp.Rational(int(content.p), int(content.q)))
            if max(ratio.p, ratio.q) > _LARGEST:
                raise Undecidable("a number too large to factor")
            split += [(sp.Integer(p), sign * m) for p, m in sp.factorint(ratio, limit=10**6).items()]
            for factor, m in factors:
                piece = self.expression(Fraction(factor, self._poly({(0,) * len(f.names): fmpq(1)}, f.names), f.names))
                if self.is_nonnegative(factor, f.names):
                    split.append((piece, sign * int(m)))
                else:
                    rest *= piece ** (sign * int(m))
        return split, rest

    def _root(self, base: sp.Expr, q: int) -> sp.Expr:
        """Principal ``q``-th root, split over certified non-negative factors."""
        if q == 1:
            return base
        f = self.reduced(self.quotient(base))
        if f.numerator.is_zero():
            return sp.S.Zero
        split, rest = self._factors(f)
        result = sp.S.One
        for piece, m in [*split, (rest, 1)]:
            if piece == 1:
                continue
            key = ("root", self.reduced(self.quotient(piece)).key())
            fine, certain = self._finest(key, q), piece is not rest
            g = self.generator(
                (*key, fine), f"root({piece}, {fine})", nonnegative=True, positive=certain and self._all(piece, "positive"),
                real=certain or self._all(piece, "real"), indices=self._indices(piece), degree=fine, relation=piece,
            )  # fmt: skip
            result *= g ** ((fine // q) * m)
        return result

    def _log(self, argument: sp.Expr) -> sp.Expr:
        f = self.reduced(self.quotient(argument))
        if f.numerator.is_zero():
            raise Undecidable("logarithm of zero")
        split, rest = self._factors(f)
        total = sp.S.Zero
        for piece, m in [*split, (rest, 1)]:
            if piece == 1:
                continue
            known = self.generators[piece.name] if piece.is_Symbol else None
            if known is not None and known.positive and known.exponential_of is not None:
                total += m * known.exponential_of
                continue
            if known is not None and known.nonnegative and known.relation is not None:
                total += m * self._log(known.relation) / known.degree
                continue
            key = ("log", self.reduced(self.quotient(piece)).key())
            total += m * self.generator(key, f"log {piece}", indices=self._indices(piece), logarithm_of=piece)
        return total

    def _circular(self, e: sp.Expr) -> sp.Expr:
        argument = self.lift(e.args[0])
        key = self.reduced(self.quotient(argument)).key()
        known = {"indices": self._indices(argument), "real": self._all(argument, "real")}
        cosine = self.generator(("cos", key), f"cos({argument})", **known)
        sine = self.generator(("sin", key), f"sin({argument})", degree=2, relation=1 - cosine**2, **known)
        return {sp.sin: sine, sp.cos: cosine, sp.tan: sine / cosine}[e.func]

    def _sum(self, e: sp.Sum) -> sp.Expr:
        """Linearity: the summand's numerator is split by its index-dependent monomials; the rest goes outside."""
        index, low, high = e.limits[-1]
        summand = e.function if len(e.limits) == 1 else sp.Sum(e.function, *e.limits[:-1])
        positive, nonnegative = bool(low.is_integer and low.is_positive), bool(low.is_integer and low.is_nonnegative)
        level = Bound(f"_{depth(summand)}", integer=True, positive=positive or None, nonnegative=nonnegative or None)
        f = self.reduced(self.quotient(self.lift(substitute(summand, {index: level}))))
        ends = (self.lift(low), self.lift(high))
        inside = [level in self.generators[n].indices for n in f.names]
        if any(p for m in f.denominator.to_dict() for p, i in zip(m, inside, strict=True) if i):
            return self._total(level, ends, f)
        one = self._poly({(0,) * len(f.names): fmpq(1)}, f.names)
        total = sp.S.Zero
        for monomial, coefficient in f.numerator.to_dict().items():
            dependent = tuple(p if i else 0 for p, i in zip(monomial, inside, strict=True))
            outside = tuple(0 if i else p for p, i in zip(monomial, inside, strict=True))
            free = self.expression(Fraction(self._poly({outside: coefficient}, f.names), f.denominator, f.names))
            body = Fraction(self._poly({dependent: fmpq(1)}, f.names), one, f.names)
            total += free * (self._total(level, ends, body) if any(dependent) else ends[1] - ends[0] + 1)
        return total

    def _total(self, level: Bound, ends: tuple[sp.Expr, sp.Expr], f: Fraction) -> sp.Expr:
        body = self.expression(f)
        sign = self.is_nonnegative(f.numerator, f.names) and self.is_nonnegative(f.denominator, f.names)
        key = ("sum", level, *(self.reduced(self.quotient(end)).key() for end in ends), f.key())
        return self.generator(key, f"Sum({body})", nonnegative=sign, indices=self._indices(body + sp.Add(*ends)) - {level})

    # -- rational arithmetic ------------------------------------------------------------------------------

    def _poly(self, terms: Mapping[Any, fmpq], names: tuple[str, ...]) -> fmpq_mpoly:
        return fmpq_mpoly_ctx.get(names, "lex").from_dict(dict(terms))

    def expression(self, f: Fraction) -> sp.Expr:
        """Back to SymPy, in generator symbols."""
        gens = [sp.Symbol(n) for n in f.names]

        def side(poly: fmpq_mpoly) -> sp.Expr:
            products = (
                sp.Rational(int(c.p), int(c.q)) * sp.prod([g ** int(p) for g, p in zip(gens, m, strict=True)])
                for m, c in poly.to_dict().items()
            )
            return sp.Add(*products)

        return side(f.numerator) / side(f.denominator)

    def quotient(self, lifted: sp.Expr) -> Fraction:
        """A rational expression in generators as one coprime fraction."""
        closure, queue = set[str](), {s.name for s in lifted.free_symbols}
        while queue:
            closure |= queue
            relations = [self.generators[n].relation for n in queue]
            queue = {s.name for r in relations if r is not None for s in r.free_symbols} - closure
        names = tuple(sorted(closure, key=lambda n: int(n[1:])))
        ring = fmpq_mpoly_ctx.get(names, "lex")
        gens = dict(zip(names, ring.gens(), strict=True))
        return self._coprime(*self._rational(lifted, gens, ring), names)

    def _rational(self, e: sp.Expr, gens: Mapping[str, fmpq_mpoly], ring: Any) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        one = ring.constant(1)
        if e.is_Rational:
            return ring.constant(fmpq(int(e.p), int(e.q))), one
        if e.is_Symbol:
            return gens[e.name], one
        if e.is_Pow and e.exp.is_Integer:
            n, d = self._rational(e.base, gens, ring)
            if e.exp < 0:
                n, d = d, n
                if d.is_zero():
                    raise Undecidable("division by zero")
            power = abs(int(e.exp))
            if any(len(side) > 1 and math.comb(len(side) + power - 1, power) > _LONGEST for side in (n, d)):
                raise Undecidable("a power too large to write out")
            return n**power, d**power
        if not (e.is_Add or e.is_Mul):
            raise Undecidable(f"not rational: {type(e).__name__}")
        parts = [self._rational(arg, gens, ring) for arg in e.args]
        return reduce(_plus if e.is_Add else _times, parts)

    def _coprime(self, n: fmpq_mpoly, d: fmpq_mpoly, names: tuple[str, ...]) -> Fraction:
        if d.is_zero():
            raise Undecidable("a denominator vanishes identically")
        g = n.gcd(d)
        n, d = n / g, d / g
        return Fraction(n / d.leading_coefficient(), d / d.leading_coefficient(), names)

    def reduced(self, f: Fraction) -> Fraction:
        """Apply ``g**degree = relation`` to numerator and denominator until no power reaches its degree."""
        ring = fmpq_mpoly_ctx.get(f.names, "lex")
        gens = dict(zip(f.names, ring.gens(), strict=True))
        n, d = f.numerator, f.denominator
        for position in reversed(range(len(f.names))):
            rule = self.generators[f.names[position]]
            if rule.relation is None:
                continue
            above, below = self._rational(rule.relation, gens, ring)
            (n, up), (d, down) = (_lower(side, position, rule.degree, above, below, ring) for side in (n, d))
            n, d = n * below**down, d * below**up
        return self._coprime(n, d, f.names)


def _plus(a: tuple[fmpq_mpoly, fmpq_mpoly], b: tuple[fmpq_mpoly, fmpq_mpoly]) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    if a[1] == b[1]:
        return a[0] + b[0], a[1]
    g = a[1].gcd(b[1])
    return a[0] * (b[1] / g) + b[0] * (a[1] / g), a[1] / g * b[1]


def _times(a: tuple[fmpq_mpoly, fmpq_mpoly], b: tuple[fmpq_mpoly, fmpq_mpoly]) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    return a[0] * b[0], a[1] * b[1]


def _lower(
    poly: fmpq_mpoly, position: int, degree: int, above: fmpq_mpoly, below: fmpq_mpoly, ring: Any
) -> tuple[fmpq_mpoly, int]:
    """``poly * below**k`` with ``g**degree`` replaced by ``above/below``; returns it and ``k``."""
    groups: dict[int, dict[Any, fmpq]] = {}
    for monomial, c in poly.to_dict().items():
        times, left = divmod(int(monomial[position]), degree)
        key = (*monomial[:position], left, *monomial[position + 1 :])
        groups.setdefault(times, {})[key] = c
    top = max(groups, default=0)
    total = ring.constant(0)
    for times, terms in groups.items():
        total += ring.from_dict(terms) * above**times * below ** (top - times)
    return total, top
