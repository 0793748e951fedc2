"""Places at the roots of simple factors of the difference of both sides, and between them: an inequality may fail only there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import sympy as sp

from theory.language.sums import substitute
from theory.statements.algebra import factored, is_small, over_one_denominator
from theory.statements.evaluation import Place
from theory.statements.routes import Sides
from theory.vectors import Norm, Vector

_LONGEST = 200  # operations in what is factored


@dataclass(frozen=True)
class _Root:
    """A factor is 0 where ``atom``, a scalar or a norm, is ``value``, which may depend on other scalars."""

    atom: sp.Expr
    value: sp.Expr


def rooted(here: Sides, places: Iterable[Place]) -> Iterator[Place]:
    """Each place moved to every root, and to the middle between neighbours; the conditions are not looked at."""
    if isinstance(here.left, Vector) or isinstance(here.right, Vector):
        return
    names = {symbol: name for name, symbol in here.meaning.scalars.items()}
    roots = list(_roots(here.gap, names))
    for place in places if roots else ():
        known: dict[sp.Expr, sp.Expr] = {
            s: sp.Rational(x.numerator, x.denominator) for s, n in names.items() if (x := place.scalars.get(n)) is not None
        }
        values: dict[sp.Expr, set[Fraction]] = {}
        for root in roots:
            found = _value(root.value, known)
            if found.is_Rational:
                values.setdefault(root.atom, set()).add(Fraction(int(found.p), int(found.q)))
        for atom, numbers in values.items():
            ordered = sorted(numbers)
            middles = [(a + b) / 2 for a, b in pairwise(ordered)]
            for number in (*ordered, *middles):
                if (moved := _moved(place, atom, number, names)) is not None:
                    yield moved


def _value(e: sp.Expr, known: Mapping[sp.Expr, sp.Expr]) -> sp.Expr:
    try:
        return substitute(e, known)
    except ValueError:  # too large
        return sp.nan


def _roots(gap: sp.Expr, names: Mapping[sp.Symbol, str]) -> Iterator[_Root]:
    """Of factors that are linear in a scalar or a norm."""
    if gap.has(sp.Sum) or not is_small(gap):
        return
    above = over_one_denominator(gap)[0]
    if sp.count_ops(above) > _LONGEST:
        return
    for factor in sp.Mul.make_args(factored(above)):
        base = factor.as_base_exp()[0]
        for atom in sorted(base.atoms(sp.Symbol, Norm) & {*names, *base.atoms(Norm)}, key=str):
            if base.is_polynomial(atom) and sp.degree(base, atom) == 1:
                a, b = sp.Poly(base, atom).all_coeffs()
                yield _Root(atom, -b / a)


def _moved(place: Place, atom: sp.Expr, value: Fraction, names: Mapping[sp.Symbol, str]) -> Place | None:
    if atom in names:
        return replace(place, scalars={**place.scalars, names[atom]: value})
    name = str(atom.args[0])
    if name not in place.vectors or value <= 0:
        return None
    axis = tuple(value * (i == 0) for i in range(place.dimension))
    return replace(place, vectors={**place.vectors, name: axis})
