"""Signs by certificates: coefficients, sums of squares and known facts, monotone derivatives, Sturm.

A certificate is checked by the normal form; none is guessed from values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import sympy as sp
from flint import fmpq, fmpq_mpoly
from sympy.core.function import AppliedUndef

from theory.kernel.binding import opened, substitute
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

    def coefficients(self) -> Sequence[sp.Expr]:
        """The scalars it is made of, which must be real for that."""
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
    """``target >= 0`` at ``start``, smooth from there on, and its derivative is non-negative."""

    variable: sp.Symbol
    start: sp.Expr


Factor: TypeAlias = "sp.Expr | Square | Fact | Length | Termwise | Instance"
Certificate = Combination | Monotone


_SMOOTH = (sp.Add, sp.Mul, sp.exp, sp.sin, sp.cos, sp.atan, sp.sinh, sp.cosh, sp.tanh)


def unsettled(e: sp.Expr, domain: Domain, x: sp.Symbol | None = None, at: sp.Expr | None = None) -> Iterator[sp.Expr]:
    """Parts of ``e`` not certified to be real and defined on the domain: bases of roots and powers, arguments.

    With ``x`` the parts not certified to be smooth functions of ``x`` (near ``at``, if given) as well;
    unspecified functions are smooth.
    """
    if x is not None and not e.has(x):
        x = None
    if isinstance(e, (sp.Pow, sp.log)) and not isinstance(e, sp.exp):
        base, exponent = (e.base, e.exp) if e.is_Pow else (e.args[0], sp.S.Half)
        whole, room = exponent.is_Integer, x is None and e.is_Pow and exponent.is_positive
        if not (whole and exponent > 0):
            s = _sign_or_none(base if at is None or x is None else base.xreplace({x: at}), domain)
            if s is None or not (s[1] or room) or not (whole or s[0] == 1):
                yield base
    elif isinstance(e, sp.Sum):
        body, low, high = opened(e)
        if x is not None and (low + high).has(x):
            yield low + high
        yield from unsettled(body, domain, x, at)
        return
    elif not isinstance(e, (*_SMOOTH, AppliedUndef)):
        known = e.is_Number or e is sp.pi or e.is_Symbol or e.is_extended_real
        if not known if x is None else e != x:
            yield e
        return
    for arg in e.args:
        yield from unsettled(arg, domain, x, at)


def _sign_or_none(e: sp.Expr, domain: Domain) -> tuple[int, bool] | None:
    try:
        return sign(e, domain)
    except Exception:  # whatever has no normal form has no certified sign
        return None


def unbounded(expr: sp.Expr, domain: Domain) -> sp.Expr:
    """Map every bounded variable onto a half line, where the signs of coefficients decide.

    ``low <= x <= high`` becomes ``x = low + (high - low) t/(1 + t)`` with ``t >= 0``; the closed right end is
    the limit, so only non-strict signs are read off there. What depends on a summation index becomes a
    function of it, and only what is true of every such atom (its own ``bounds``) is used.
    """
    indices = {limit[0] for total in expr.atoms(sp.Sum) for limit in total.limits}
    for _ in range(32):
        atoms = [a for a in expr.atoms(sp.Symbol, sp.Function) - indices if _bounded(a, _known(a, domain, indices))]
        if not atoms:
            return expr
        atom = max(atoms, key=lambda a: (_depth(a, domain), str(a)))
        box, bound = _known(atom, domain, indices).interval(atom), sorted(atom.free_symbols & indices, key=str)
        positive = True if box.low_open and box.high_open else None
        t = sp.Dummy("t", positive=positive, nonnegative=True)
        if bound:
            t = sp.Function(f"t{t.dummy_index}", positive=positive, nonnegative=True)(*bound)
        if box.low == -sp.oo:
            value = box.high - t
        else:
            value = box.low + (t if box.high == sp.oo else (box.high - box.low) * t / (1 + t))
        expr = expr.xreplace({atom: value}) if bound else substitute(expr, {atom: value})
    raise Undecidable("ranges depend on each other in a circle")


def _known(atom: sp.Expr, domain: Domain, indices: set[sp.Symbol]) -> Domain:
    """A declared range is about one value of its free symbols, not about all values of an index."""
    return Domain() if atom.free_symbols & indices else domain


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
    """``(s, strict)`` with ``s * expr >= 0`` (``> 0`` if strict) wherever defined, or ``None`` if not certified."""
    expr = domain.apply(expr)
    plain = _sign_of(expr)
    if plain is not None and (plain[1] or plain[0] == 0):
        return plain
    inside = _sign_of(unbounded(expr, domain))
    if inside is None or not inside[1]:
        return plain or inside
    return inside[0], all(_strict_at_end(expr, a, inside[0], domain) for a in _closed(expr, domain))


def _closed(expr: sp.Expr, domain: Domain) -> Iterator[sp.Expr]:
    """Atoms whose range has a right end that belongs to it and that `unbounded` reaches only as a limit."""
    for atom in expr.atoms(sp.Symbol, sp.Function):
        box = domain.interval(atom)
        if not box.high_open and box.high != sp.oo and box.low != -sp.oo:
            yield atom


def _strict_at_end(expr: sp.Expr, atom: sp.Expr, s: int, domain: Domain) -> bool:
    indices = {limit[0] for total in expr.atoms(sp.Sum) for limit in total.limits}
    at_end = substitute(expr, {atom: domain.interval(atom).high})
    return not atom.free_symbols & indices and not at_end.has(atom) and _sign_or_none(at_end, domain) == (s, True)


def _sign_of(expr: sp.Expr) -> tuple[int, bool] | None:
    """From the normal form and the assumptions of its generators alone."""
    session = NormalForm()
    f = session.fraction(expr)
    if f.numerator.is_zero():
        return 0, False
    sides = [_side(session, side, f) for side in (f.numerator, f.denominator)]
    if None in sides:
        return None
    (up, strict), (down, _) = sides  # type: ignore[misc]
    return up * down, strict


def _side(session: NormalForm, poly: fmpq_mpoly, f: Fraction) -> tuple[int, bool] | None:
    """By its coefficients, or else by those of its factors."""
    if (whole := _by_coefficients(session, poly, f)) is not None:
        return whole
    content, factors = poly.factor()
    s, strict = 1 if content > 0 else -1, True
    for factor, times in factors:
        known = _by_coefficients(session, factor, f) or _univariate(session, factor, f)
        if times % 2 == 0 and all(session.generators[n].real for n in f.names):
            known = 1, known is not None and known[1]
        if known is None:
            return None
        s, strict = s * known[0], strict and known[1]
    return s, strict


def _by_coefficients(session: NormalForm, poly: fmpq_mpoly, f: Fraction) -> tuple[int, bool] | None:
    return next((
        (s, _strict(session, poly, f)) for s in (1, -1) if session.is_nonnegative(poly * fmpq(s), f.names)
    ), None)  # fmt: skip


def _strict(session: NormalForm, poly: fmpq_mpoly, f: Fraction) -> bool:
    """Some monomial is a product of positive generators."""
    return any(
        all(session.generators[n].positive for n, p in zip(f.names, m, strict=True) if p) for m in poly.to_dict()
    )


def _univariate(session: NormalForm, poly: fmpq_mpoly, f: Fraction) -> tuple[int, bool] | None:
    """Sturm: no root on the only variable's half line (or line), and the sign at one point of it."""
    used = [n for n, p in zip(f.names, poly.degrees(), strict=True) if p]
    if len(used) != 1:
        return None
    name = used[0]
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
        x, start, target = certificate.variable, certificate.start, domain.apply(target)
        moving = (e for atom, box in domain.ranges.items() if atom != x for e in (box.low, box.high))
        if any(sp.sympify(e).has(x) for e in (*moving, *domain.facts)):  # the way from start would leave the domain
            return False
        if domain.interval(x).low != start or any(True for _ in unsettled(target, domain, x)):
            return False
        return all(_nonnegative(e, domain) for e in (sp.diff(target, x), substitute(target, {x: start})))
    return _admissible_all(certificate, domain, facts) and is_zero(target - certificate.total(), domain)


def _nonnegative(e: sp.Expr, domain: Domain) -> bool:
    s = _sign_or_none(e, domain)
    return s is not None and s[0] >= 0


def _settled(e: sp.Expr, domain: Domain) -> bool:
    return not any(True for _ in unsettled(domain.apply(e), domain))


def _admissible_all(certificate: Combination, domain: Domain, facts: Sequence[sp.Expr]) -> bool:
    return all(_admissible(factor, domain, facts) for product in certificate.products for factor in product)


def _value(factor: Any) -> sp.Expr:
    if isinstance(factor, Square):
        return factor.root**2
    if isinstance(factor, Length):
        return factor.of.squared_length()
    if isinstance(factor, Termwise):
        return factor.total()
    if isinstance(factor, Instance):
        return substitute(factor.target, {factor.variable: factor.value})
    return factor.expr if isinstance(factor, Fact) else factor


def _admissible(factor: Any, domain: Domain, facts: Sequence[sp.Expr]) -> bool:
    if isinstance(factor, Square):
        return _settled(factor.root, domain)
    if isinstance(factor, Length):
        return all(_settled(c, domain) for c in factor.of.coefficients())
    if isinstance(factor, Fact):
        return any(is_zero(factor.expr - fact, domain) for fact in facts)
    if isinstance(factor, Instance):
        x, reached = factor.variable, _sign_or_none(factor.value, domain)
        inside = reached in ((1, True), (0, False), (1, False))[: 1 if x.is_positive else 3]
        real = bool(x.is_nonnegative and not x.is_integer)
        return real and inside and certified(factor.target, factor.by, Domain(), ())
    if isinstance(factor, Termwise):
        indices = {index for index, _ in factor.indices}
        outer = [f for f in facts if not f.free_symbols & indices]  # a fact about an index is about one value of it
        ranged = [e for k, b in domain.ranges.items() for e in (k, b.low, b.high)]
        plain = all(i.is_positive is not False and not any(e.has(i) for e in ranged) for i in indices)
        return bool(plain and _nonnegative(factor.weight, domain) and _settled(factor.weight, domain)
                    and _admissible_all(factor.body, domain, outer))  # fmt: skip
    return _nonnegative(factor, domain) and _settled(factor, domain)


def is_zero(expr: sp.Expr, domain: Domain) -> bool:
    """Whether the normal form of ``expr``, under the domain's substitutions, is zero."""
    return bool(NormalForm().fraction(domain.apply(expr)).numerator.is_zero())
