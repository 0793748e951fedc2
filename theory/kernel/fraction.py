"""Exact rational functions: quotients of coprime polynomials over Q, in the generators of a normal form."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from flint import fmpq, fmpq_mpoly

from theory.kernel.verdict import Undecidable

_LONGEST = 10**6  # terms of a polynomial
_LARGEST = 2 * 10**7  # exponents that a polynomial is stored in: terms times generators
_HIGHEST, _SPLIT, _DIGITS = 200, 200, 10**4  # degree in one generator, terms, bits: of what is factored
_STEEPEST = 2000  # degree in one generator, of what is cancelled


def factored(poly: fmpq_mpoly) -> tuple[fmpq, list[tuple[fmpq_mpoly, int]]]:
    """Content and factors; raises `Undecidable` for what would take hours, or all memory."""
    if len(poly) > 1:
        if len(poly) > _SPLIT or _degree(poly) > _HIGHEST:
            raise Undecidable("a polynomial too large to factor")
        if _bits(poly) > _DIGITS:
            raise Undecidable("numbers too large to factor")
    content, factors = poly.factor()
    return content, [(factor, int(times)) for factor, times in factors]


def _degree(poly: fmpq_mpoly) -> int:
    return max(map(int, poly.degrees()), default=0)


def _bits(*polys: fmpq_mpoly) -> int:
    return max((max(int(c.p).bit_length(), int(c.q).bit_length()) for poly in polys for c in poly.coeffs()), default=0)


def _check(terms: int, poly: fmpq_mpoly, what: str) -> None:
    if terms > _LONGEST or terms * poly.context().nvars() > _LARGEST:
        raise Undecidable(f"{what} too large to write out")


@dataclass(frozen=True)
class Fraction:
    """``up / down``, coprime polynomials in the generators of one session, the leading coefficient below 1."""

    up: fmpq_mpoly
    down: fmpq_mpoly

    @classmethod
    def of(cls, up: fmpq_mpoly, down: fmpq_mpoly) -> Fraction:
        """Cancelled. Raises `Undecidable` for a denominator that vanishes identically."""
        if down.is_one():  # nothing to cancel
            return cls(up, down)
        if down.is_zero():
            raise Undecidable("a denominator vanishes identically")
        if len(up) > 1 and len(down) > 1 and max(_degree(up), _degree(down)) > _STEEPEST:
            raise Undecidable("powers too large to cancel")
        g = up.gcd(down)
        up, down = up / g, down / g
        return cls(up / down.leading_coefficient(), down / down.leading_coefficient())

    def __add__(self, other: Fraction) -> Fraction:
        if self.down == other.down:
            return Fraction.of(self.up + other.up, self.down)
        _check(max(len(self.up), len(other.up)) * max(len(self.down), len(other.down)), self.up, "a sum")
        return Fraction.of(self.up * other.down + other.up * self.down, self.down * other.down)

    def __mul__(self, other: Fraction) -> Fraction:
        _check(max(len(self.up) * len(other.up), len(self.down) * len(other.down)), self.up, "a product")
        return Fraction.of(self.up * other.up, self.down * other.down)

    def __pow__(self, n: int) -> Fraction:
        if n == 1:
            return self
        up, down = (self.up, self.down) if n >= 0 else (self.down, self.up)
        bits = _bits(up, down) - 1
        terms = max(math.comb(len(side) + abs(n) - 1, abs(n)) if len(side) > 1 else 1 for side in (up, down))
        _check(terms, up, "a power")
        if bits * abs(n) > _LONGEST:
            raise Undecidable("a power too large to write out")
        return Fraction.of(up ** abs(n), down ** abs(n))

    @property
    def key(self) -> str:
        """The same text for the same fraction."""
        return f"({self.up})/({self.down})"

    def powers(self) -> tuple[int, ...]:
        """Highest power of each generator on either side."""
        return tuple(max(int(a), int(b), 0) for a, b in zip(self.up.degrees(), self.down.degrees(), strict=True))


def lowered(poly: fmpq_mpoly, position: int, degree: int, relation: Fraction) -> Fraction:
    """``poly`` with ``g**degree`` replaced by ``relation``."""
    groups: dict[int, dict[Any, fmpq]] = {}
    for monomial, c in poly.to_dict().items():
        times, left = divmod(int(monomial[position]), degree)
        groups.setdefault(times, {})[(*monomial[:position], left, *monomial[position + 1 :])] = c
    ring = poly.context()
    one = ring.constant(1)
    return reduce(add, (Fraction(ring.from_dict(terms), one) * relation**times for times, terms in groups.items()))


def folded(step: Callable[[Fraction, Fraction], Fraction], parts: list[Fraction]) -> Fraction:
    """A sum or product of some, halves first: that way long ones are copied least."""
    while len(parts) > 1:
        odd = parts[len(parts) // 2 * 2 :]
        parts = [step(a, b) for a, b in zip(parts[::2], parts[1::2], strict=False)] + odd
    return parts[0]
