"""Candidates for certificates by named inequalities: Cauchy and Schwarz, tangents of exp and log, bounds of sine and cosine.

The kernel checks each that is put to it; those that do not add up at some place are left out before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from typing import TypeVar

import sympy as sp
from sympy.core.function import AppliedUndef

from theory.kernel import Combination, Gram, Length, Schwarz, Swing, Tangent, Termwise, substitute
from theory.language.certificates import Factor
from theory.statements.algebra import expanded
from theory.statements.quadratic import of_directions, of_scalars
from theory.vectors import Cosine, Direction, Vector, inner, squared_norm, unit, vector

T = TypeVar("T")
_MOST_VECTORS, _MOST_FUNCTIONS = 5, 4
_LONGEST = 800  # operations


def lemmas(slack: sp.Expr, lengths: Sequence[Vector]) -> Iterator[Combination]:
    """Reasons why ``slack`` may not be negative, the likely ones first."""
    if sp.count_ops(slack) > _LONGEST:
        return
    if slack.has(Cosine):
        yield from _without_errors(of_directions(slack))
        yield from _without_errors(_of_vectors(slack, lengths))
    if slack.has(sp.exp, sp.log):
        yield from _without_errors(_tangents(slack))
    if slack.has(sp.sin, sp.cos):
        yield from _without_errors(_swings(slack))
    if slack.has(sp.Sum):
        yield from _without_errors(_of_pairs(slack, lengths))
    yield from (by for by, _ in _without_errors(of_scalars(slack)))


def strict_lemmas(slack: sp.Expr) -> Iterator[tuple[sp.Expr, Combination]]:
    """A positive number, and why ``slack`` may not be less than it."""
    if sp.count_ops(slack) > _LONGEST:
        return
    for by, left in _without_errors(of_scalars(slack)):
        if left.is_Rational and left > 0:
            yield left, Combination(by.products[:-1])
    for least in (sp.S.One, sp.Rational(1, 2)) if slack.has(sp.exp, sp.log) else ():
        for by in _without_errors(_tangents(slack - least)):
            yield least, by


def _without_errors(found: Iterator[T]) -> Iterator[T]:
    """As many as can be written."""
    try:
        yield from found
    except (ValueError, ArithmeticError, sp.PolynomialError):  # too large, or of no such form
        return


def _of_vectors(slack: sp.Expr, lengths: Sequence[Vector]) -> Iterator[Combination]:
    directions = sorted(slack.atoms(Direction), key=str)
    plain = [d for d in directions if all(index.is_Integer for index in d.args[1:])]
    short = [v for v in lengths if len(v.terms) + len(v.families) <= _MOST_VECTORS]
    vectors = _different([*short, *map(vector, plain)])[:_MOST_VECTORS]
    for a, b in combinations(vectors, 2):
        over, beside = Schwarz(a, b), Schwarz((-1) * a, b)
        lengths_ = sp.sqrt(squared_norm(a)), sp.sqrt(squared_norm(b))
        if 0 in lengths_:
            continue
        ones = [(1 / length) * v for length, v in zip(lengths_, (a, b), strict=True)]
        for product in ((over,), (beside,), (sp.Integer(2), over), (sp.Integer(2), beside), (over, beside)):
            yield Combination((product,))
        normal, against = Schwarz(*ones), Schwarz((-1) * ones[0], ones[1])
        for product in ((normal,), (against,), (normal, against)):
            yield Combination((product,))
    for a, b in permutations(vectors, 2):
        if (length := squared_norm(a)) != 0:
            along = (inner(a, b) / length) * a
            yield from (Combination(((Length(v),),)) for v in (along, b - along))
    for three in combinations(plain, 3) if len(plain) <= _MOST_VECTORS else ():
        yield from (Combination(((Gram(tuple(map(of, three))),),)) for of in (unit, vector))


def _different(vectors: Sequence[Vector]) -> list[Vector]:
    found: list[Vector] = []
    for v in vectors:
        if v not in found and any(c != 0 for c in (*v.terms.values(), *v.families.values())):
            found.append(v)
    return found


def _tangents(slack: sp.Expr) -> Iterator[Combination]:
    """The tangents of all exponentials and logarithms in a sum, with its coefficients as weights, and a rest."""
    slack = expanded(slack)
    functions = sorted(slack.atoms(sp.exp, sp.log), key=sp.default_sort_key)[:_MOST_FUNCTIONS]
    for f in functions:
        c = slack.coeff(f, 1)
        ways = [(f.args[0], sp.S.One), (f.args[0] - 1, sp.E)] if isinstance(f, sp.exp) else [(f, -sp.S.One), (-f, sp.S.One)]
        for at, factor in ways if c != 0 else ():
            tangent, weight = Tangent(at), c * factor
            yield Combination(((weight, tangent), (expanded(slack - weight * tangent.total()),)))
    logs = [f for f in functions if isinstance(f, sp.log)]
    at = sp.Add(*(slack.coeff(f, 1) * f for f in logs))
    for tangent in (Tangent(at), Tangent(-at)) if len(logs) > 1 else ():
        yield Combination(((tangent,), (expanded(slack - tangent.total()),)))
    steep = [(slack.coeff(f, 1), Tangent(f.args[0])) for f in functions if isinstance(f, sp.exp)]
    if len(steep) > 1:
        rest = expanded(slack - sp.Add(*(c * t.total() for c, t in steep)))
        yield Combination((*steep, (rest,)))


def _of_pairs(slack: sp.Expr, lengths: Sequence[Vector]) -> Iterator[Combination]:
    """Sums over all pairs of members: what a sum of squares is more than the square of a sum, by Lagrange."""
    i, j = (sp.Symbol(name, integer=True, positive=True) for name in ("i", "j"))

    def over_pairs(size: sp.Expr, *each: Factor) -> Combination:
        return Combination(((Termwise(((i, size), (j, size)), sp.Rational(1, 2), Combination((each,))),),))

    for v in lengths:
        for family, c in v.families.items() if len(v.families) == 1 and not v.terms else ():
            ci, cj = (substitute(c, {family.index: k}) for k in (i, j))
            yield over_pairs(family.size, Length(Vector({family.member(i): ci, family.member(j): -cj}, {})))
    families = sorted({f.func for f in slack.atoms(AppliedUndef) if len(f.args) == 1}, key=str)[:_MOST_FUNCTIONS]
    for size in {total.limits[-1][2] for total in slack.atoms(sp.Sum)}:
        yield from (over_pairs(size, (x(i) - x(j)) ** 2) for x in families)
        yield from (over_pairs(size, (x(i) * y(j) - x(j) * y(i)) ** 2) for x, y in combinations(families, 2))


def _swings(slack: sp.Expr) -> Iterator[Combination]:
    """Sines and cosines that occur once, each taken to its bound."""
    slack = expanded(slack)
    products, rest = list[tuple[sp.Expr, Swing]](), slack
    for f in sorted(slack.atoms(sp.sin, sp.cos), key=sp.default_sort_key)[:_MOST_FUNCTIONS]:
        c = slack.coeff(f, 1)
        if not c.is_Rational or c == 0:
            return
        swing = Swing(f, -1 if c > 0 else 1)
        products.append((abs(c), swing))
        rest = expanded(rest - abs(c) * swing.total())
    yield Combination((*products, (rest,)))
