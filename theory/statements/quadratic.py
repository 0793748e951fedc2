"""Quadratic forms as sums of squares, by completing them: of scalars, and of directions, whose products are cosines.

Candidates only: the kernel checks that they add up and that no weight is negative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sympy as sp
from sympy.core.function import AppliedUndef

from theory.kernel import Combination, Length
from theory.statements.algebra import cancelled, expanded, factored, is_small, over_one_denominator
from theory.vectors import Cosine, Direction, Norm, Vector

_MOST = 6  # members of a basis
Square = tuple[sp.Expr, dict[int, sp.Expr]]  # weight, and coefficients of the basis


def of_directions(slack: sp.Expr) -> Iterator[Combination]:
    """A form that is linear in cosines as squared lengths, each with a weight."""
    directions = sorted(slack.atoms(Direction), key=str)
    if not 2 <= len(directions) <= _MOST or slack.has(sp.Sum) or not is_small(slack):
        return
    form, rest = dict[tuple[int, int], sp.Expr](), expanded(slack)
    for i, a in enumerate(directions):
        for j in range(i):
            c = rest.coeff(Cosine(a, directions[j]), 1)
            form[j, i] = c / 2
            rest = expanded(rest - c * Cosine(a, directions[j]))
    if rest.has(Cosine) or any(c.has(Cosine) for c in form.values()):
        return
    for term in sp.Add.make_args(rest):
        own = [i for i, d in enumerate(directions) if term.has(Norm(d))]
        share = own if len(own) == 1 else range(len(directions))
        for i in share:
            form[i, i] = form.get((i, i), sp.S.Zero) + term / len(share)
    if squares := _completed(form, len(directions)):
        lengths = [(weight, Length(Vector({directions[i]: c for i, c in of.items()}, {}))) for weight, of in squares]
        yield Combination(tuple(lengths))


def of_scalars(slack: sp.Expr) -> Iterator[tuple[Combination, sp.Expr]]:
    """A form of degree 2, or a factor of what is asked, as squares; and the number that is left, for a strict inequality."""
    if slack.has(sp.Sum) or not is_small(slack):
        return
    above, below = over_one_denominator(slack)
    whole = _squares_of(above)
    if whole is not None:
        products = tuple((1 / below, weight, square) for weight, square in whole if square != 1)
        left = sp.Add(*(weight for weight, square in whole if square == 1)) if below == 1 else sp.S.Zero
        yield Combination((*products, (1 / below, sp.Add(*(w for w, square in whole if square == 1))))), left
        return
    factors = sp.Mul.make_args(factored(above))
    for i, factor in enumerate(factors):
        others = sp.Mul(*factors[:i], *factors[i + 1 :]) / below
        for parts, f in ((_squares_of(factor), others), (_squares_of(-factor), -others)) if len(factors) > 1 else ():
            if parts is not None:
                yield Combination(tuple((f, weight, square) for weight, square in parts)), sp.S.Zero


def _squares_of(e: sp.Expr) -> list[tuple[sp.Expr, sp.Expr]] | None:
    """``sum of weight * square``, the weights numbers."""
    atoms = sorted(e.atoms(sp.Symbol, Norm, Cosine, AppliedUndef), key=sp.default_sort_key)
    if not atoms or len(atoms) >= _MOST or not e.is_polynomial(*atoms):
        return None
    polynomial = sp.Poly(e, *atoms)
    halves = [2 if all(powers[i] % 2 == 0 for powers in polynomial.monoms()) else 1 for i in range(len(atoms))]
    if any(sum(p // h for p, h in zip(powers, halves, strict=True)) > 2 for powers in polynomial.monoms()):
        halves = [1] * len(atoms)
    form = dict[tuple[int, int], sp.Expr]()
    for powers, c in polynomial.terms():
        places = [i for i, (p, h) in enumerate(zip(powers, halves, strict=True)) for _ in range(p // h)]
        if len(places) > 2 or not c.is_Rational:
            return None
        i, j = sorted([*places, *[len(atoms)] * (2 - len(places))])
        form[i, j] = form.get((i, j), sp.S.Zero) + (c if i == j else c / 2)
    basis = [*(a**h for a, h in zip(atoms, halves, strict=True)), sp.S.One]
    squares = _completed(form, len(basis))
    return squares and [(w, sp.Add(*(c * basis[i] for i, c in of.items())) ** 2) for w, of in squares]


def _completed(form: Mapping[tuple[int, int], sp.Expr], size: int) -> list[Square] | None:
    """One basis vector after the other is made to occur in one square only; none where that would divide by 0."""
    entries = {(i, j): cancelled(c) for (i, j), c in form.items()}

    def entry(i: int, j: int) -> sp.Expr:
        return entries.get((min(i, j), max(i, j)), sp.S.Zero)

    squares: list[Square] = []
    for i in range(size):
        row: Sequence[int] = [j for j in range(i + 1, size) if entry(i, j) != 0]
        weight = entry(i, i)
        if weight == 0:
            if row:
                return None
            continue
        squares.append((weight, {i: sp.S.One, **{j: cancelled(entry(i, j) / weight) for j in row}}))
        for j in row:
            for k in row:
                if k >= j:
                    entries[j, k] = cancelled(entry(j, k) - entry(i, j) * entry(i, k) / weight)
    return squares
