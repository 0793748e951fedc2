"""Conditions that are equations, solved for an atom or a direction; nothing is divided by that may vanish.

Each answer comes with what the condition says besides: an expression that is not 0 wherever the condition holds, or not
negative. Where nothing can be solved for, the proof has to do without the condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import sympy as sp

from theory.kernel import Domain
from theory.kernel.signs import sign
from theory.statements.algebra import cancelled, expanded
from theory.statements.demands import NONNEGATIVE, NONZERO, POSITIVE
from theory.statements.solutions import Replaced, Solution, Value
from theory.vectors import Cosine, Direction, Norm, Vector, squared_norm, unit

Fact = tuple[sp.Expr, str]  # and one of NONZERO, NONNEGATIVE, POSITIVE


@dataclass(frozen=True)
class Solved:
    """A replacement, facts that the condition says besides, and what is 0 besides."""

    by: Solution
    facts: tuple[Fact, ...] = ()
    zero: sp.Expr = sp.S.Zero
    both_signs: bool = False  # the atom is the value, or minus the value


def linear(gap: sp.Expr) -> Iterable[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """Atoms in which an expression is linear, with factor and rest; cosines first."""
    if gap.has(sp.Sum):
        return
    gap = expanded(gap)
    for atom in _atoms(gap):
        factor = gap.coeff(atom, 1)
        rest = expanded(gap - factor * atom)
        if factor != 0 and not factor.has(atom) and not rest.has(atom):
            yield atom, factor, rest


def _atoms(gap: sp.Expr) -> Iterator[sp.Expr]:
    kinds: list[Callable[[sp.Expr], bool]] = [lambda a: isinstance(a, Cosine), lambda a: isinstance(a, Norm), lambda a: a.is_Symbol]
    atoms = sorted(gap.atoms(Cosine, Norm, sp.Symbol), key=sp.default_sort_key)
    for kind in kinds:
        yield from (atom for atom in atoms if kind(atom) and not atom.is_integer)


def strictly(e: sp.Expr, domain: Domain) -> int:
    """The sign of what is certainly not 0, and 0 where that is not certain."""
    known = sign(e, domain)
    return known[0] if known is not None and known[1] else 0


def solved(gap: sp.Expr, domain: Domain, nonzero: Callable[[sp.Expr], bool]) -> Solved | None:
    """``gap == 0`` for one atom; ``nonzero`` says what is not 0 by another condition."""
    for e in (gap, *_inverted(gap)):
        if (found := _linearly(e, domain, nonzero) or _by_root(e, domain)) is not None:
            return found
    return None


def _linearly(gap: sp.Expr, domain: Domain, nonzero: Callable[[sp.Expr], bool]) -> Solved | None:
    for atom, factor, rest in linear(gap):
        if strictly(factor, domain) or nonzero(factor):
            return _solved(atom, cancelled(-rest / factor))
    for atom, factor, rest in linear(gap):
        if rest != 0 and (strictly(rest, domain) or nonzero(rest)):  # factor * atom is not 0, so neither of them is
            return _solved(atom, cancelled(-rest / factor), ((factor, NONZERO), (atom, NONZERO)))
    return None


def _solved(atom: sp.Expr, value: sp.Expr, facts: tuple[Fact, ...] = ()) -> Solved:
    """A cosine of 1 or -1 is said of the directions themselves."""
    if isinstance(atom, Cosine) and value in (1, -1):
        return Solved(Replaced(atom.args[0], value * unit(atom.args[1])), facts)
    said = ((value, POSITIVE),) if isinstance(atom, Norm) else ()
    return Solved(Value(atom, value), (*facts, *said))


def _by_root(gap: sp.Expr, domain: Domain) -> Solved | None:
    """``a atom**k + b = 0``: the root, if the atom is not negative; for even ``k`` the root up to its sign."""
    if gap.has(sp.Sum):
        return None
    gap = expanded(gap)
    for atom in _atoms(gap):
        powers = {p.exp for p in gap.atoms(sp.Pow) if p.base == atom}
        if len(powers) != 1 or not (k := powers.pop()).is_Integer or k < 2:
            continue
        factor = gap.coeff(atom, k)
        rest = expanded(gap - factor * atom**k)
        if factor == 0 or factor.has(atom) or rest.has(atom) or not strictly(factor, domain):
            continue
        value = cancelled(-rest / factor)
        if value == 0:
            return Solved(Value(atom, sp.S.Zero))
        if atom.is_extended_nonnegative or k % 2 == 0:
            return Solved(Value(atom, sp.root(value, k)), ((value, NONNEGATIVE),), both_signs=not atom.is_extended_nonnegative)
    return None


def _inverted(gap: sp.Expr) -> Iterator[sp.Expr]:
    """What follows of ``f(a) = b`` for ``a``: exponentials, logarithms, roots and bars undone."""
    if not gap.is_Add or len(gap.args) > 8:
        return
    for term in gap.args:
        for part in sp.Mul.make_args(term):
            rest, factor = gap - term, term / part
            if not factor.is_Rational:
                continue
            other = -rest / factor
            if isinstance(part, sp.exp):
                yield part.args[0] - sp.log(other)
            elif isinstance(part, sp.log):
                yield part.args[0] - sp.exp(other)
            elif part.is_Pow and part.exp == sp.Rational(1, 2):
                yield part.base - other**2
            elif isinstance(part, sp.Abs):
                yield part.args[0] ** 2 - other**2


def solved_vector(gap: Vector, domain: Domain, nonzero: Callable[[sp.Expr], bool], fixed: Callable[[Direction], bool]) -> Solved | None:
    """``gap == 0`` for one vector, or else for one direction; ``fixed`` says for which there is no replacement."""
    found = [_for(d, c, gap, domain, nonzero) for d, c in gap.terms.items() if c != 0 and not fixed(d)]
    known = [s for s in found if s is not None]
    return next((s for s in known if s.by.length is not None), known[0] if known else None)  # type: ignore[union-attr]


def _for(d: Direction, factor: sp.Expr, gap: Vector, domain: Domain, nonzero: Callable[[sp.Expr], bool]) -> Solved | None:
    own = cancelled(factor / Norm(d))
    is_whole = not own.has(d)
    factor = own if is_whole else factor
    rest = Vector({e: c for e, c in gap.terms.items() if e != d}, gap.families)
    if factor.has(d) or any(c.has(d) for c in (*rest.terms.values(), *rest.families.values())):
        return None
    if not strictly(factor, domain) and not nonzero(factor):
        return None
    vector = (-1 / factor) * rest
    length = expanded(squared_norm(vector))
    if length == 0:
        return None
    if is_whole:
        return Solved(Replaced.whole(d, vector), ((squared_norm(vector), POSITIVE), (length, POSITIVE)))
    return Solved(Replaced(d, vector), zero=length - 1)
