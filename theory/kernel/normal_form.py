"""Equality by a normal form: transcendental parts as generators, a rational normal form over them.

An expression becomes a quotient of coprime polynomials over Q in *generators*: symbols, Gram coordinates, ``exp``
of a monomial, logarithms of irreducible factors, radicals with the relation ``g**q = base``, sines with
``s**2 = 1 - c**2``, and finite sums over a symbolic number of terms with everything free of the index pulled
out. Every rewriting used is an identity of the reals wherever both sides are defined, so a zero normal form
is a proof there. A non-zero one is *not* a refutation: generators may depend on each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from operator import add, mul
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from theory.kernel.fraction import Fraction, factored, folded, lowered
from theory.kernel.verdict import Undecidable
from theory.language.atoms import is_real
from theory.language.sums import depth, distribute, of_index, substitute

_OPAQUE = (sp.acos, sp.asin, sp.atan)
_LARGEST = 10**60  # number whose prime factors are asked for
_MOST_WORK = 10**7  # exponents that are written for one normal form


class _Restart(Exception):
    """More generators or a finer root of one are needed."""


class Bound(sp.Symbol):
    """A summation index in canonical position (de Bruijn level)."""


@dataclass(frozen=True)
class Generator:
    """What is known of a generator: sign, indices it depends on, ``g**degree = relation``, what it is the root, exp or log of."""

    nonnegative: bool = False
    positive: bool = False
    indices: frozenset[sp.Basic] = frozenset()
    degree: int = 0
    relation: Fraction | None = None
    atom: sp.Expr | None = None
    exponential_of: Fraction | None = None
    logarithm_of: Fraction | None = None


class NormalForm:
    """The normal form of one expression: ``fraction``, and the generators it is written in.

    Raises `Undecidable` for what has none (complex, infinite, identically vanishing denominators).
    """

    def __init__(self, expr: sp.Expr) -> None:
        self._size, self._fineness, self._left, expr = 16, dict[Any, int](), _MOST_WORK, distribute(expr)
        while True:
            self.generators, self._position, self._lifted = list[Generator](), dict[Any, int](), dict[sp.Expr, Fraction]()
            self._ring = fmpq_mpoly_ctx.get([f"g{i}" for i in range(self._size)], "lex")
            self._one = self._ring.constant(1)
            with suppress(_Restart):
                self.fraction = self._reduced(self._lift(expr))
                return

    def _number(self, c: Any) -> Fraction:
        value = sp.Rational(c)
        return Fraction(self._ring.constant(fmpq(int(value.p), int(value.q))), self._one)

    def _spent(self, f: Fraction) -> Fraction:
        """The fraction, after what it took is counted; raises `Undecidable` when that is too much."""
        self._left -= (len(f.up) + len(f.down)) * self._size
        if self._left < 0:
            raise Undecidable("a normal form too long to write out")
        return f

    # -- generators ---------------------------------------------------------------------------------------

    def _generator(self, key: Any, **known: Any) -> Fraction:
        """The polynomial that stands for ``key``; made once."""
        if key not in self._position:
            if len(self.generators) == self._size:
                self._size *= 2
                raise _Restart
            self._position[key] = len(self.generators)
            self.generators.append(Generator(**known))
        return Fraction(self._ring.gen(self._position[key]), self._one)

    def _single(self, f: Fraction) -> Generator:
        """What is known of a fraction that is one generator; of any other, nothing."""
        at = [i for i, p in enumerate(f.powers()) if p]
        alone = len(at) == 1 and f.up == self._ring.gen(at[0]) and f.down.is_one()
        return self.generators[at[0]] if alone else Generator()

    def _finest(self, key: Any, denominator: int) -> int:
        """One root of ``key`` serves all its fractional powers; restart when a finer one is called for."""
        known = self._fineness.get(key, 1)
        if known % denominator:
            self._fineness[key] = math.lcm(known, denominator)
            raise _Restart
        return known

    def _indices(self, *fractions: Fraction) -> frozenset[sp.Basic]:
        used = (g for f in fractions for g, p in zip(self.generators, f.powers(), strict=False) if p)
        return frozenset[sp.Basic]().union(*(g.indices for g in used))

    def is_nonnegative(self, poly: fmpq_mpoly) -> bool:
        """Certificate by coefficients: none negative, every odd power of a non-negative generator."""
        return all(
            c > 0 and all(g.nonnegative or p % 2 == 0 for g, p in zip(self.generators, m, strict=False)) for m, c in poly.to_dict().items()
        )

    def is_positive(self, poly: fmpq_mpoly) -> bool:
        """Besides, some monomial is a product of positive generators."""
        return self.is_nonnegative(poly) and any(
            all(g.positive for g, p in zip(self.generators, m, strict=False) if p) for m in poly.to_dict()
        )

    # -- lifting: expression -> fraction in generators ----------------------------------------------------

    def _lift(self, e: sp.Expr) -> Fraction:
        if e.is_Rational:
            return self._number(e)
        if e in self._lifted:  # a part that comes back
            return self._lifted[e]
        if e.is_Add or e.is_Mul:
            step = add if e.is_Add else mul
            self._lifted[e] = folded(lambda a, b: self._spent(step(a, b)), [self._lift(arg) for arg in e.args])
            return self._lifted[e]
        if e is sp.E or isinstance(e, sp.exp):
            return self._exp(self._lift(e.args[0] if e.args else sp.S.One))
        if e.is_Pow:
            return self._power(e)
        for kind, lift in self._RULES.items():
            if isinstance(e, kind):
                return lift(self, e)
        return self._atom(e)

    def _atom(self, e: sp.Expr) -> Fraction:
        if isinstance(e, _OPAQUE):
            argument = self._reduced(self._lift(e.args[0]))
            return self._generator((e.func, argument.key), indices=self._indices(argument))
        if not is_real(e):
            raise Undecidable(f"no normal form for {type(e).__name__} {e}")
        known = {"positive": bool(e.is_extended_positive), "nonnegative": bool(e.is_extended_nonnegative)}
        fine = self._fineness.get(e, 1)  # an atom whose root occurs is a power of that root
        return self._generator((e, fine), **known, atom=e, indices=frozenset(e.atoms(Bound))) ** fine

    def _power(self, e: sp.Pow) -> Fraction:
        base, exponent = self._lift(e.base), e.exp
        if exponent.is_Integer:
            return base ** int(exponent)
        if exponent.is_Rational:
            return self._root(base, int(exponent.q)) ** int(exponent.p)
        if not e.base.is_extended_positive:
            raise Undecidable("symbolic power of a base not known positive")
        return self._exp(self._lift(exponent) * self._log(base))

    def _exp(self, argument: Fraction) -> Fraction:
        """``exp`` of a sum is the product of the exponentials of its monomials, each to a rational power."""
        f, result = self._reduced(argument), self._number(1)
        for monomial, c in f.up.to_dict().items():
            piece, power = Fraction.of(self._ring.from_dict({monomial: fmpq(1)}), f.down), sp.Rational(int(c.p), int(c.q))
            logged = self._single(piece).logarithm_of
            if logged is not None:
                result *= self._root(logged, int(power.q)) ** int(power.p)
                continue
            fine = self._finest("exp" + piece.key, int(power.q))
            result *= self._generator(
                ("exp", piece.key), positive=True, nonnegative=True, indices=self._indices(piece),
                exponential_of=piece * self._number(sp.Rational(1, fine)),
            ) ** int(power * fine)  # fmt: skip
        return result

    def _factors(self, f: Fraction) -> list[tuple[Fraction, int, bool]]:
        """Factors with multiplicity: those certified not negative, primes included, and the rest in one, marked so."""
        split: list[tuple[Fraction, int, bool]] = []
        rest = self._number(1)
        for poly, side in ((f.up, 1), (f.down, -1)):
            content, factors = factored(poly)
            if max(abs(content.p), content.q) > _LARGEST:
                raise Undecidable("a number too large to factor")
            rest *= self._number(1 if content > 0 else -1)
            primes = sp.Rational(abs(int(content.p)), int(content.q)).factors(limit=10**6)
            split += [(self._number(p), side * m, True) for p, m in primes.items() if p != 1]
            for factor, m in factors:
                piece = Fraction(factor, self._one)
                if self.is_nonnegative(factor):
                    split.append((piece, side * m, True))
                else:
                    rest *= piece ** (side * m)
        return split if rest == self._number(1) else [*split, (rest, 1, False)]

    def _root(self, base: Fraction, q: int) -> Fraction:
        """Principal ``q``-th root, split over certified non-negative factors."""
        f, result = self._reduced(base), self._number(1)
        if q == 1 or f.up.is_zero():
            return f
        for piece, m, certain in self._factors(f):
            atom = self._single(piece).atom
            if certain and (m % q == 0 or atom is not None):
                if m % q:
                    self._finest(atom, self._fineness.get(atom, 1) * q // math.gcd(m, q))
                result *= piece ** (m // q)
                continue
            fine = self._finest("root" + piece.key, q)
            g = self._generator(
                ("root", piece.key), nonnegative=True, positive=certain and self.is_positive(piece.up),
                indices=self._indices(piece), degree=fine, relation=piece,
            )  # fmt: skip
            result *= g ** ((fine // q) * m)
        return result

    def _log(self, argument: Fraction) -> Fraction:
        f, total = self._reduced(argument), self._number(0)
        if f.up.is_zero():
            raise Undecidable("logarithm of zero")
        for piece, m, _ in self._factors(f):
            known = self._single(piece)
            if known.exponential_of is not None:
                total += self._number(m) * known.exponential_of
            elif known.relation is not None and known.nonnegative:
                total += self._number(sp.Rational(m, known.degree)) * self._log(known.relation)
            else:
                logarithm = self._generator(("log", piece.key), indices=self._indices(piece), logarithm_of=piece)
                total += self._number(m) * logarithm
        return total

    def _circular(self, e: sp.Expr) -> Fraction:
        argument = self._reduced(self._lift(e.args[0]))
        cosine = self._generator(("cos", argument.key), indices=self._indices(argument))
        relation = self._number(1) + self._number(-1) * cosine**2
        sine = self._generator(("sin", argument.key), indices=self._indices(argument), degree=2, relation=relation)
        return {sp.sin: sine, sp.cos: cosine}.get(e.func) or sine * cosine**-1

    def _sum(self, e: sp.Sum) -> Fraction:
        """Linearity: the summand's numerator is split by its index-dependent monomials; the rest goes outside."""
        index, low, high, summand = of_index(e)
        positive, nonnegative = bool(low.is_integer and low.is_positive), bool(low.is_integer and low.is_nonnegative)
        level = Bound(f"_{depth(summand)}", integer=True, positive=positive or None, nonnegative=nonnegative or None)
        f = self._reduced(self._lift(substitute(summand, {index: level})))
        ends = self._reduced(self._lift(low)), self._reduced(self._lift(high))
        inside = [level in g.indices for g in self.generators]
        if any(p and i for p, i in zip(f.down.degrees(), inside, strict=False)):
            return self._total(level, ends, f)
        total = self._number(0)
        for monomial, c in f.up.to_dict().items():
            dependent = tuple(p if i < len(inside) and inside[i] else 0 for i, p in enumerate(monomial))
            outside = tuple(p - d for p, d in zip(monomial, dependent, strict=True))
            free = Fraction.of(self._ring.from_dict({outside: c}), f.down)
            count = ends[1] + self._number(-1) * ends[0] + self._number(1)
            body = Fraction(self._ring.from_dict({dependent: fmpq(1)}), self._one)
            total += free * (self._total(level, ends, body) if any(dependent) else count)
        return total

    def _total(self, level: Bound, ends: tuple[Fraction, Fraction], body: Fraction) -> Fraction:
        key = ("sum", level, *(end.key for end in ends), body.key)
        known = self.is_nonnegative(body.up) and self.is_nonnegative(body.down)
        return self._generator(key, nonnegative=known, indices=self._indices(body, *ends) - {level})

    _RULES: Mapping[Any, Callable[[NormalForm, Any], Fraction]] = {
        sp.Sum: _sum,
        sp.log: lambda self, e: self._log(self._lift(e.args[0])),
        (sp.sinh, sp.cosh, sp.tanh): lambda self, e: self._lift(e.rewrite(sp.exp)),
        (sp.sin, sp.cos, sp.tan): _circular,
        sp.Abs: lambda self, e: self._root(self._lift(e.args[0]) ** 2, 2),
    }  # fmt: skip

    def _reduced(self, f: Fraction) -> Fraction:
        """Apply ``g**degree = relation``, latest generator first, until no power reaches its degree."""
        for position in reversed(range(len(self.generators))):
            g = self.generators[position]
            if g.relation is not None and f.powers()[position] >= g.degree:
                up, down = (self._spent(lowered(side, position, g.degree, g.relation)) for side in (f.up, f.down))
                f = self._spent(up * down**-1)
        return f
