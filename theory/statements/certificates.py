"""Candidates for certificates of an inequality: squared lengths and squares. The kernel checks each; none is trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import sympy as sp

from theory.kernel import Combination, Domain, Length, Termwise, substitute
from theory.kernel.verdict import Undecidable
from theory.language.sums import distribute
from theory.refutation.points import points
from theory.statements.algebra import is_small, over_one_denominator
from theory.statements.conditions import Setting
from theory.statements.lemmas import lemmas, strict_lemmas
from theory.vectors import Cosine, Direction, Norm, Vector, unit

_MOST_LENGTHS, _MOST_TERMS, _LOOKS = 8, 60, 4
_LONGEST = 300  # operations in what is written out


def certificates(slack: sp.Expr, lengths: Sequence[Vector], scalars: Sequence[sp.Expr], setting: Setting) -> Iterator[Combination]:
    """Reasons why ``slack`` may not be negative, the likely ones first; those that do not add up at some place are left out."""
    for by in chain(_candidates(slack, lengths, scalars, setting.put), lemmas(slack, lengths)):
        if _adds_up(slack - by.total(), setting.domain):
            yield by


def strict_certificates(slack: sp.Expr, setting: Setting) -> Iterator[tuple[sp.Expr, Combination]]:
    """Positive numbers, each with a reason why ``slack`` may not be less."""
    for least, by in strict_lemmas(slack):
        if _adds_up(slack - least - by.total(), setting.domain):
            yield least, by


def _adds_up(gap: sp.Expr, domain: Domain) -> bool:
    """Whether a difference is not seen to differ from 0 at a few places."""
    gap = domain.apply(gap)
    for point in points(domain, _LOOKS):
        try:
            if 0 not in point.ball(gap):
                return False
        except (Undecidable, ValueError, ArithmeticError, TypeError):
            continue
    return True


def _candidates(
    slack: sp.Expr, lengths: Sequence[Vector], scalars: Sequence[sp.Expr], put: Callable[[sp.Expr], sp.Expr]
) -> Iterator[Combination]:
    directions = sorted(slack.atoms(Direction), key=str)
    residuals = [_residual(u, directions, put) for u in directions if len(directions) > 1] if len(directions) <= 5 else []
    for length in (*lengths[:_MOST_LENGTHS], *residuals):
        for weight in (sp.S.One, *(x**2 for x in scalars), sp.Rational(1, 2), sp.Integer(2)):
            yield Combination(((weight, Length(length)),))
    yield from (found for found in (_squares(slack), _termwise(slack)) if found is not None)
    if (each := _termwise(slack)) is not None and slack.has(sp.exp, sp.log):
        (((term,),),) = (each.products,)
        assert isinstance(term, Termwise)
        (((body,),),) = (term.body.products,)
        yield from (Combination(((Termwise(term.indices, sp.S.One, by),),)) for by in lemmas(sp.sympify(body), ()))


def _termwise(slack: sp.Expr) -> Combination | None:
    """``a n + sum_j b_j`` as ``sum_j (a + b_j)``, every term of which needs a sign."""
    if sp.count_ops(slack) > _LONGEST or not is_small(slack):
        return None
    slack = distribute(sp.expand(slack))
    sums = slack.atoms(sp.Sum)
    ends = {total.limits[-1][1:] for total in sums}
    if len(ends) != 1 or any(len(total.limits) != 1 for total in sums):
        return None
    (low, n), index = next(iter(ends)), sp.Symbol("j", integer=True, positive=True)
    factors = {total: slack.coeff(total, 1) for total in sums}
    rest = sp.cancel((slack - sp.Add(*(c * total for total, c in factors.items()))) / n)
    if low != 1 or rest.has(n, sp.Sum) or any(c.has(sp.Sum) for c in factors.values()):
        return None
    body = rest + sp.Add(*(c * substitute(total.function, {total.limits[0][0]: index}) for total, c in factors.items()))
    return Combination(((Termwise(((index, n),), sp.S.One, Combination(((body,),))),),))


def _residual(u: Direction, directions: Sequence[Direction], put: Callable[[sp.Expr], sp.Expr]) -> Vector:
    """What is left of a direction without its parts along the others: Bessel, where these are orthogonal."""
    rest = unit(u)
    for v in directions:
        if v != u:
            rest = rest - put(Cosine(u, v)) * unit(v)
    return rest


def _squares(slack: sp.Expr) -> Combination | None:
    """Every mixed product ``k a b`` as ``|k|/2 (a ± b)^2``; whatever is left needs a sign of its own."""
    if slack.has(sp.Sum) or sp.count_ops(slack) > _LONGEST or not is_small(slack):
        return None
    above, below = over_one_denominator(slack)
    atoms = sorted(above.atoms(sp.Symbol, Norm, Cosine), key=sp.default_sort_key)
    if not above.is_polynomial(*atoms) or not atoms:
        return None
    polynomial = sp.Poly(above, *atoms)
    if len(polynomial.terms()) > _MOST_TERMS:
        return None
    rest, products = polynomial.as_expr(), []
    for powers, k in polynomial.terms():
        odd = [x for x, p in zip(atoms, powers, strict=True) if p % 2]
        if len(odd) == 2 and not all(isinstance(x, Norm) for x in odd):
            half = [x ** (p // 2) for x, p in zip(atoms, powers, strict=True)]
            shared, square = sp.prod(half), (odd[0] + sp.sign(k) * odd[1]) ** 2
            rest = sp.expand(rest - abs(k) / 2 * shared**2 * square)
            products.append((1 / below, abs(k) / 2, shared**2, square))
    return Combination((*products, (1 / below, rest))) if products else None
