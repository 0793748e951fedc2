"""Candidates for certificates of an inequality: squared lengths and squares. The kernel checks each; none is trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import sympy as sp

from theory.kernel import Combination, Domain, Length, Termwise, substitute
from theory.kernel.verdict import Undecidable
from theory.language.sums import distribute
from theory.refutation.points import points
from theory.statements.algebra import expanded, factored, is_small, over_one_denominator
from theory.statements.conditions import Setting
from theory.statements.lemmas import lemmas, strict_lemmas
from theory.statements.solutions import Value
from theory.vectors import Cosine, Direction, Norm, Vector, inner, unit

_MOST_LENGTHS, _MOST_TERMS, _LOOKS = 8, 60, 4
_LONGEST = 300  # operations in what is written out


def certificates(slack: sp.Expr, lengths: Sequence[Vector], scalars: Sequence[sp.Expr], setting: Setting) -> Iterator[Combination]:
    """Reasons why ``slack`` may not be negative, the likely ones first; those that do not add up at some place are left out."""
    for by in chain(_candidates(slack, lengths, scalars, setting.put), lemmas(slack, lengths), _written(_of_fractions(slack))):
        if _adds_up(slack - by.total(), setting.domain):
            yield by


def strict_certificates(slack: sp.Expr, setting: Setting) -> Iterator[tuple[sp.Expr, Combination]]:
    """Positive numbers, each with a reason why ``slack`` may not be less."""
    for least, by in strict_lemmas(slack):
        if _adds_up(slack - least - by.total(), setting.domain):
            yield least, by


def _written(found: Iterator[Combination]) -> Iterator[Combination]:
    try:
        yield from found
    except (ValueError, ArithmeticError, sp.PolynomialError):  # too large, or of no such form
        return


def beside_conditions(slack: sp.Expr, setting: Setting) -> Iterator[tuple[Combination, sp.Expr]]:
    """Squared lengths, and what each is where cosines are as the conditions say: ``slack`` may be no less than that there."""
    if not is_small(slack):
        return
    known = [x.atom for x in setting.solutions if isinstance(x, Value) and isinstance(x.atom, Cosine)]
    known += [atom for atom in setting.domain.ranges if isinstance(atom, Cosine)]
    others = sorted({d for atom in known for d in atom.args}, key=str)
    for pair in sorted(slack.atoms(Cosine), key=str) if known else ():
        (a, b), k = pair.args, expanded(slack).coeff(pair, 1)
        for w in others if k.is_Rational and k != 0 else ():
            if w not in (a, b):
                both = unit(a) + sp.sign(k) * unit(b)
                by = Combination(((abs(k) / 2, Length(both - setting.put(inner(both, unit(w))) * unit(w))),))
                yield by, setting.put(by.total())


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


def _of_fractions(slack: sp.Expr) -> Iterator[Combination]:
    """A cosine that occurs once, in fractions of exponentials: ``k c = |k|/2 |v ± w|^2 - |k|``, and squares of what is left."""
    if not (slack.has(sp.exp) and slack.has(Cosine)) or slack.has(sp.Sum) or sp.count_ops(slack) > _LONGEST:
        return
    names = dict[sp.Expr, sp.Dummy]()
    above, below = _with_common_factors(_shrunk(_without_exponentials(slack, names)))
    back = {x: sp.exp(e) for e, x in names.items()}
    for c in sorted(above.atoms(Cosine), key=str):
        if not above.is_polynomial(c) or sp.degree(above, c) != 1:
            continue
        k, (v, w) = expanded(above).coeff(c, 1), c.args
        for sign in (1, -1):
            rest = _squares(expanded(above - k * c - sign * k), known=True)
            length = (sign * factored(k).xreplace(back) / 2, 1 / below.xreplace(back), Length(unit(v) + sign * unit(w)))
            products = rest.products if rest is not None else ((above - k * c - sign * k,),)
            yield Combination((length, *((1 / below.xreplace(back), *(f.xreplace(back) for f in product)) for product in products)))  # type: ignore[union-attr]


def _without_exponentials(e: sp.Expr, names: dict[sp.Expr, sp.Dummy]) -> sp.Expr:
    """Powers of positive numbers in the place of exponentials."""
    if isinstance(e, sp.exp):
        factors = [term.as_coeff_Mul() for term in sp.Add.make_args(expanded(e.args[0]))]
        return sp.Mul(*(names.setdefault(x, sp.Dummy("E", positive=True)) ** k if k.is_Integer else sp.exp(k * x) for k, x in factors))
    return e.func(*(_without_exponentials(arg, names) for arg in e.args)) if e.args and not isinstance(e, Cosine | Norm) else e


def _shrunk(e: sp.Expr) -> sp.Expr:
    """The same with every small part over one denominator, the inner ones first."""
    if not e.args or isinstance(e, Cosine | Norm):
        return e
    e = e.func(*map(_shrunk, e.args))
    return factored(e) if e.is_Add and is_small(e) else e


def _with_common_factors(e: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Numerator and denominator of a sum of fractions whose denominators are products of the same few factors."""
    terms = [sp.fraction(term) for term in sp.Add.make_args(e)]
    powers = dict[sp.Expr, sp.Expr]()
    for base, power in (f.as_base_exp() for _, below in terms for f in sp.Mul.make_args(below)):
        powers[base] = max(powers.get(base, sp.S.Zero), power)
    whole = sp.Mul(*(base**power for base, power in powers.items()))
    return sp.Add(*(above * (whole / below) for above, below in terms)), whole


def _squares(slack: sp.Expr, known: bool = False) -> Combination | None:
    """Every mixed product ``k a b`` as ``|k|/2 (a ± b)^2``; whatever is left needs a sign of its own.

    ``known``: a product of what is positive is left as it is.
    """
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
        is_clear = known and k.is_positive and all(x.is_positive for x in odd)
        if len(odd) == 2 and not is_clear and not all(isinstance(x, Norm) for x in odd):
            half = [x ** (p // 2) for x, p in zip(atoms, powers, strict=True)]
            shared, square = sp.prod(half), (odd[0] + sp.sign(k) * odd[1]) ** 2
            rest = sp.expand(rest - abs(k) / 2 * shared**2 * square)
            products.append((1 / below, abs(k) / 2, shared**2, square))
    return Combination((*products, (1 / below, rest))) if products else None
