"""Substitution that respects summation indices: nothing free is captured, nothing bound is replaced."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache

import sympy as sp

_LONGEST = 3000  # terms that SymPy is asked to write out
_MOST_BITS = 10**5  # of a power of numbers
_SPARE = "jklmpqstabdefgh"


def substitute(e: sp.Expr, change: Mapping[sp.Basic, sp.Basic]) -> sp.Expr:
    """``e`` with atoms replaced; a sum whose index would capture a new symbol gets another index first."""
    found = _replaced(e, change, {}) if change else None
    return e if found is None else found


def _replaced(e: sp.Basic, change: Mapping[sp.Basic, sp.Basic], done: dict[sp.Basic, sp.Expr | None]) -> sp.Expr | None:
    """The same, or None where nothing that changes occurs; a part that comes back is not looked at again."""
    if e in change:
        return change[e]
    if not e.args:
        return None
    if e not in done:
        done[e] = _rebuilt(e, change, done)
    return done[e]


def _rebuilt(e: sp.Basic, change: Mapping[sp.Basic, sp.Basic], done: dict[sp.Basic, sp.Expr | None]) -> sp.Expr | None:
    if isinstance(e, (sp.Derivative, sp.Sum)):
        if not any(e.has(k) for k in change):
            return None
        return (_derivative_elsewhere if isinstance(e, sp.Derivative) else _sum_elsewhere)(e, change)
    found = [_replaced(arg, change, done) for arg in e.args]
    if all(arg is None for arg in found):
        return None
    args = [old if new is None else new for old, new in zip(e.args, found, strict=True)]
    return power(*args) if e.is_Pow and not isinstance(e, sp.exp) else e.func(*args)


def _sum_elsewhere(e: sp.Sum, change: Mapping[sp.Basic, sp.Basic]) -> sp.Sum:
    """Nothing bound is replaced, nothing new captured."""
    index, low, high, body = of_index(e)
    inner = {k: v for k, v in change.items() if index not in k.free_symbols}
    incoming = set().union(*(v.free_symbols for v in inner.values())) if inner else set()
    if index in incoming:
        other = fresh(index, (incoming | body.free_symbols).union(*(k.free_symbols for k in inner)))
        body, index = substitute(body, {index: other}), other
    body = substitute(body, inner) if inner else body
    return sp.Sum(body, (index, substitute(low, change), substitute(high, change)))


def power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    """``base**exponent``; raises `ValueError` for a number that is too large to be written out."""
    is_number = base.is_Rational and exponent.is_Rational and base not in (0, 1, -1)
    if is_number and abs(exponent) * max(int(base.p).bit_length(), int(base.q).bit_length()) > _MOST_BITS:
        raise ValueError("a power too large to be written out")
    return base**exponent


def _derivative_elsewhere(e: sp.Derivative, change: Mapping[sp.Basic, sp.Basic]) -> sp.Expr:
    """Variables may be renamed to others; at any other place it would be the derivative of something else."""
    places = [substitute(a, change) for a in e.free_symbols]
    if len(set(places)) < len(places) or not all(a.is_Symbol for a in places):
        raise ValueError(f"{e} cannot be written at another place")
    return e.func(*(arg.func(*(substitute(a, change) for a in arg.args)) if arg.args else arg for arg in e.args))


def fresh(index: sp.Symbol, taken: Iterable[sp.Symbol]) -> sp.Symbol:
    """The index itself if its name is not taken, another letter otherwise."""
    names = {s.name for s in taken}
    return sp.Symbol(next(c for c in (index.name, *_SPARE) if c not in names), **index.assumptions0)


def of_index(total: sp.Sum) -> tuple[sp.Symbol, sp.Expr, sp.Expr, sp.Expr]:
    """The outermost index of a sum, its ends, and what is summed over it."""
    index, low, high = total.limits[-1]
    return index, low, high, total.function if len(total.limits) == 1 else sp.Sum(total.function, *total.limits[:-1])


def opened(total: sp.Sum) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """The summand with a free index that knows what the lower end says of it, and both ends."""
    index, low, high, body = of_index(total)
    return substitute(body, {index: _generic(index, low)}), low, high


def _generic(index: sp.Symbol, low: sp.Expr) -> sp.Dummy:
    """A fresh index that knows what the lower end says of it; raises `ValueError` for one that is assumed to be more."""
    known = {"positive": low.is_positive, "nonnegative": low.is_nonnegative} if low.is_integer else {}
    free = sp.Dummy(index.name, integer=True, **{trait: True for trait, holds in known.items() if holds})
    if not index.assumptions0.items() <= free.assumptions0.items():
        raise ValueError(f"{index} is assumed to be more than the range of its sum says")
    return free


def distribute(e: sp.Expr) -> sp.Expr:
    """Linearity of sums, innermost first: each becomes a combination of sums of single products."""
    if not e.has(sp.Sum):
        return e
    return _distributed(e) if isinstance(e, sp.Sum) else e.func(*map(distribute, e.args))


@lru_cache(maxsize=4096)  # the sums of a loss come back in every difference that is looked at
def _distributed(e: sp.Sum) -> sp.Expr:
    index, low, high, body = of_index(e)
    _generic(index, low)
    total = sp.S.Zero
    for term in sp.Add.make_args(written_out(distribute(body), power_base=False, power_exp=False, log=False)):
        outside, inside = term.as_independent(index, as_Add=False)
        total += outside * (sp.Sum(inside, (index, low, high)) if inside != 1 else high - low + 1)
    return total


def written_out(e: sp.Expr, **hints: bool) -> sp.Expr:
    """Expanded; raises `ValueError` where that would be far too long."""
    if _terms(e) > _LONGEST:
        raise ValueError("too long to write out")
    return sp.expand(e, **hints)


def _terms(e: sp.Expr) -> int:
    """How many terms an expression has at most when its powers and products are written out."""
    if e.is_Add:
        return sum(map(_terms, e.args))
    if e.is_Mul:
        return math.prod(map(_terms, e.args))
    if e.is_Pow and e.exp.is_Integer and e.exp > 0:
        return math.comb(_terms(e.base) + int(e.exp) - 1, int(e.exp))
    return max(map(_terms, e.args), default=1) if e.args else 1


def depth(e: sp.Basic) -> int:
    """How many sums are nested in ``e``."""
    return max(map(depth, e.args), default=0) + (len(e.limits) if isinstance(e, sp.Sum) else 0)


def finite(e: sp.Expr, change: Mapping[sp.Basic, sp.Basic]) -> sp.Expr:
    """Substitute, and write out every sum whose ends have become integers."""
    e = substitute(e, change)
    if not e.args:
        return e
    if isinstance(e, sp.Sum) and all(end.is_Integer for end in e.limits[-1][1:]):
        index, low, high, body = of_index(e)
        return sp.Add(*(finite(substitute(body, {index: sp.Integer(k)}), {}) for k in range(low, high + 1)))
    return e.func(*(finite(arg, {}) for arg in e.args)) if e.has(sp.Sum) else e
