"""Signs by certificates: coefficients, sums of squares and known facts, monotone derivatives, Sturm.

A certificate is checked by the normal form; none is guessed from values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import sympy as sp
from flint import fmpq, fmpq_mpoly

from theory.kernel.domain import Domain
from theory.kernel.normal_form import Fraction, NormalForm
from theory.kernel.verdict import Undecidable


@dataclass(frozen=True)
class Square:
    """A factor that is non-negative because it is the square of a real expression."""

    root: sp.Expr


@dataclass(frozen=True)
class Fact:
    """A factor that must be one of the domain's facts (hypotheses, or squared lengths of vectors)."""

    expr: sp.Expr


class RealVector(Protocol):
    """Something whose squared length is non-negative because it is a vector of real coordinates."""

    def squared_length(self) -> sp.Expr:
        """``<v, v>``."""
        ...


@dataclass(frozen=True)
class Length:
    """A factor that is non-negative because it is the squared length of a real vector."""

    of: RealVector


@dataclass(frozen=True)
class Termwise:
    """A factor that is a (nested) sum whose every term is a product of certified factors."""

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


@dataclass(frozen=True)
class Combination:
    """``target = sum of products``: every factor of provable sign for the reason its type names."""

    products: tuple[tuple[Factor, ...], ...]

    def total(self) -> sp.Expr:
        """The sum of products, written out."""
        return sp.Add(*(sp.prod([_value(factor) for factor in product]) for product in self.products))


@dataclass(frozen=True)
class Monotone:
    """``target >= 0`` at ``start`` and its derivative is non-negative from there on."""

    variable: sp.Symbol
    start: sp.Expr


Factor = sp.Expr | Square | Fact | Length | Termwise | Instance
Certificate = Combination | Monotone


def unbounded(expr: sp.Expr, domain: Domain) -> sp.Expr:
    """Map every bounded variable onto a half line, where the signs of coefficients decide.

    ``low <= x <= high`` becomes ``x = low + (high - low) t/(1 + t)`` with ``t >= 0``; the closed right end is
    the limit, so only non-strict signs are read off there.
    """
    for position in range(32):
        atoms = [a for a in expr.atoms(sp.Symbol, sp.Function) if _bounded(a, domain)]
        if not atoms:
            return expr
        atom = max(atoms, key=lambda a: (_depth(a, domain), str(a)))
        box = domain.interval(atom)
        t = sp.Symbol(f"t{position}_{atom}", positive=box.low_open and box.high_open, nonnegative=True)
        if box.low == -sp.oo:
            value = box.high - t
        else:
            value = box.low + (t if box.high == sp.oo else (box.high - box.low) * t / (1 + t))
        expr = expr.xreplace({atom: value})
    raise Undecidable("ranges depend on each other in a circle")


def _bounded(atom: sp.Expr, domain: Domain) -> bool:
    box = domain.interval(atom)
    if atom.is_extended_nonnegative and box.low == 0 and box.high == sp.oo:
        return bool(box.low_open and not atom.is_extended_positive)
    return bool(box.low != -sp.oo or box.high != sp.oo)


def _depth(atom: sp.Expr, domain: Domain) -> int:
    """Variables whose ends mention others are replaced first."""
    box = domain.interval(atom)
    others = (box.low.free_symbols | box.high.free_symbols) - {atom}
    return 1 + max((_depth(o, domain) for o in others), default=0) if others else 0


def sign(expr: sp.Expr, domain: Domain) -> tuple[int, bool] | None:
    """``(s, strict)`` with ``s * expr >= 0`` (``> 0`` if strict) everywhere, or ``None`` if not certified."""
    session = NormalForm()
    f = session.fraction(unbounded(domain.apply(expr), domain))
    if f.numerator.is_zero():
        return 0, False
    sides = [_side(session, side, f) for side in (f.numerator, f.denominator)]
    if None in sides:
        return None
    (up, strict), (down, _) = sides  # type: ignore[misc]
    return up * down, strict


def _side(session: NormalForm, poly: fmpq_mpoly, f: Fraction) -> tuple[int, bool] | None:
    for s in (1, -1):
        if session.is_nonnegative(poly * fmpq(s), f.names):
            return s, _strict(session, poly, f)
    used = [n for n, p in zip(f.names, poly.degrees(), strict=True) if p]
    if len(used) == 1:
        return _univariate(session, poly, f, used[0])
    return None


def _strict(session: NormalForm, poly: fmpq_mpoly, f: Fraction) -> bool:
    """Some monomial is a product of positive generators."""
    return any(
        all(session.generators[n].positive for n, p in zip(f.names, m, strict=True) if p) for m in poly.to_dict()
    )


def _univariate(session: NormalForm, poly: fmpq_mpoly, f: Fraction, name: str) -> tuple[int, bool] | None:
    """Sturm: no root on the variable's half line (or line), and the sign at one point of it."""
    known, x = session.generators[name], sp.Symbol("x", real=True)
    p = sp.Poly({(int(m[f.names.index(name)]),): sp.Rational(int(c.p), int(c.q)) for m, c in poly.to_dict().items()}, x)
    half, at_zero = known.nonnegative, p.eval(0) == 0
    roots = p.count_roots(0, None) - int(at_zero) if half else p.count_roots()
    if roots or not known.real:
        return None
    return int(sp.sign(p.eval(1))), bool(known.positive or not at_zero)


def certified(target: sp.Expr, certificate: Certificate, domain: Domain, facts: Sequence[sp.Expr]) -> bool:
    """Whether the certificate shows ``target >= 0`` on the domain."""
    if isinstance(certificate, Monotone):
        x, start = certificate.variable, certificate.start
        ray = domain.interval(x)
        slope, at_start = sp.diff(target, x), target.xreplace({x: start})
        return ray.low == start and all((s := sign(e, domain)) is not None and s[0] >= 0 for e in (slope, at_start))
    return _admissible_all(certificate, domain, facts) and is_zero(target - certificate.total(), domain)


def _admissible_all(certificate: Combination, domain: Domain, facts: Sequence[sp.Expr]) -> bool:
    return all(_admissible(factor, domain, facts) for product in certificate.products for factor in product)


def _value(factor: Factor) -> sp.Expr:
    if isinstance(factor, Square):
        return factor.root**2
    if isinstance(factor, Length):
        return factor.of.squared_length()
    if isinstance(factor, Termwise):
        return factor.total()
    if isinstance(factor, Instance):
        return factor.target.xreplace({factor.variable: factor.value})
    return factor.expr if isinstance(factor, Fact) else factor


def _admissible(factor: Factor, domain: Domain, facts: Sequence[sp.Expr]) -> bool:
    if isinstance(factor, (Square, Length)):
        return True
    if isinstance(factor, Fact):
        return any(is_zero(factor.expr - fact, domain) for fact in facts)
    if isinstance(factor, Instance):
        general = factor.variable.is_nonnegative and certified(factor.target, factor.by, Domain(), ())
        at = sign(factor.value, domain)
        return bool(general and at is not None and at[0] >= 0)
    if isinstance(factor, Termwise):
        weight = sign(factor.weight, domain)
        return weight is not None and weight[0] >= 0 and _admissible_all(factor.body, domain, facts)
    s = sign(factor, domain)
    return s is not None and s[0] >= 0


def is_zero(expr: sp.Expr, domain: Domain) -> bool:
    """Whether the normal form of ``expr``, under the domain's substitutions, is zero."""
    return bool(NormalForm().fraction(domain.apply(expr)).numerator.is_zero())
