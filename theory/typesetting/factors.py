"""Factors of a product as one writes them: what a bracket's terms share stands before it, and what is above and below cancels.

SymPy multiplies numbers into brackets by itself, so ``2 (1 - x)`` comes back as ``2 - 2 x``, and leaves ``x/(x + x y)`` as it is.
Letters are drawn out only where they cannot be 0; brackets that come out alike cancel as SymPy cancels those that are alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sympy as sp
from sympy.core.function import AppliedUndef


def drawn_out(factors: Sequence[sp.Expr]) -> Sequence[sp.Expr]:
    """The same product; the factors themselves where no bracket has anything to share."""
    powers, number, changed = dict[sp.Expr, sp.Expr](), sp.S.One, False
    for factor in factors:
        base, exponent = power_of(factor)
        for part, power in _parts(base) if base.is_Add and exponent.is_Integer else ((base, 1),):
            changed |= part != base or -part in powers
            if part.is_Rational:
                number *= part ** (power * exponent)
            else:
                number *= _joined(powers, part, power * exponent)
    return [number, *(_power(base, exponent) for base, exponent in powers.items() if exponent != 0)] if changed else factors


def power_of(factor: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Base and exponent; a power of e is no power of anything."""
    return (factor.base, factor.exp) if factor.is_Pow and not isinstance(factor, sp.exp) else (factor, sp.S.One)


def _joined(powers: dict[sp.Expr, sp.Expr], base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    """Puts a power to the others of its base, or of the base with the other sign; the sign that is left."""
    opposite = -base
    if base.is_Add and opposite in powers and exponent.is_Integer:
        powers[opposite] += exponent
        return sp.S.NegativeOne**exponent
    powers[base] = powers.get(base, sp.S.Zero) + exponent
    return sp.S.One


def _parts(bracket: sp.Expr) -> Iterator[tuple[sp.Expr, int]]:
    """A number and letters that all terms share, with their powers, and the bracket without them."""
    number, shared = number_of(bracket), _shared(bracket)
    if number == 1 and not shared:
        yield bracket, 1
        return
    yield number, 1
    yield from shared.items()
    common = number * sp.Mul(*(s**e for s, e in shared.items()))
    yield sp.Add(*(term / common for term in bracket.args)), 1


def number_of(total: sp.Expr) -> sp.Rational:
    """What the terms' numbers have in common above and below: 2 of ``2 + 2 x``, 1/2 of ``1/2 + x/2``, 1 of ``1 + x/2``."""
    numbers = [term.as_coeff_Mul()[0] for term in total.args]
    return sp.Rational(sp.igcd(*(c.p for c in numbers)), sp.igcd(*(c.q for c in numbers)))


def _shared(total: sp.Expr) -> Mapping[sp.Symbol, int]:
    """Positive letters of every term, each in the least of its powers."""
    terms = [dict(map(power_of, sp.Mul.make_args(term))) for term in total.args]
    letters = (base for base in terms[0] if base.is_Symbol and base.is_positive)
    found = {s: min((t.get(s, sp.S.Zero) for t in terms), default=sp.S.Zero, key=_order) for s in letters}
    return {s: int(e) for s, e in found.items() if e.is_Integer and e > 0}


def _order(exponent: sp.Expr) -> sp.Expr:
    return exponent if exponent.is_Rational else sp.S.Zero


def _power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    return base if exponent == 1 else sp.Pow(base, exponent, evaluate=False)


def powers_joined(factors: Sequence[sp.Expr]) -> list[sp.Expr]:
    """A number below a bar joins the powers of its base: ``1/(2 2^b)`` is ``1/2^(1 + b)``, which SymPy keeps apart."""
    number = sp.Mul(*(f for f in factors if f.is_Rational))
    below, found = number.q, list[sp.Expr]()
    for factor in (f for f in factors if not f.is_Rational):
        base, exponent = power_of(factor)
        while below > 1 and base.is_Integer and base > 1 and not exponent.is_Rational and below % int(base) == 0:
            below, exponent = below // int(base), exponent - 1
        found.append(_power(base, exponent) if base.is_Integer else factor)
    return [sp.Rational(number.p, below), *found]


def dimension_last(factors: Sequence[sp.Expr]) -> list[sp.Expr]:
    """A letter d behind the letters that it would stand before: ``d p`` reads as a differential, ``p d`` does not."""
    found = list(factors)
    at = next((i for i, f in enumerate(found) if _is_letter(f) and power_of(f)[0].name == "d"), None)
    if at is None:
        return found
    dimension, end = found.pop(at), at
    while end < len(found) and (_is_letter(found[end]) or isinstance(found[end], AppliedUndef)):
        end += 1
    return [*found[:end], dimension, *found[end:]]


def _is_letter(factor: sp.Expr) -> bool:
    base, exponent = power_of(factor)
    return bool(base.is_Symbol and (exponent.is_Integer or not exponent.is_Rational))


def joined_roots(factors: Sequence[sp.Expr]) -> list[sp.Expr]:
    """One root for all factors of one power: ``sqrt(2)/(2 sqrt(G) sqrt(k))`` is ``1/sqrt(2 G k)``."""
    number = sp.Mul(*(f for f in factors if f.is_Rational))
    rest, roots = [], dict[sp.Rational, list[sp.Expr]]()
    for f in factors:
        power = power_of(f)[1]
        if f.is_Rational or not power.is_Rational or power.is_Integer:
            rest += [] if f.is_Rational else [f]
        elif f.base.is_Integer and power > 0 and number.q % int(f.base) == 0:
            number *= f.base
            roots.setdefault(power - 1, []).append(f.base)
        else:
            roots.setdefault(power, []).append(f.base)
    return [number, *rest, *(sp.Pow(sp.Mul(*bases), power, evaluate=False) for power, bases in roots.items())]
