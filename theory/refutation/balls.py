"""Rigorous enclosures (Arb) of an expression's value, given the exact values of its atoms.

A ball that excludes 0 is a certificate, one that contains 0 says nothing; where an expression is undefined its
ball is not finite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from theory.kernel.verdict import Undecidable
from theory.language.atoms import is_atom
from theory.language.sums import depth, of_index, substitute

_PRECISION_BITS = 256  # balls this narrow separate every false near miss of the tables
_FUNCTIONS: Mapping[Any, Callable[[arb], arb]] = {
    sp.exp: arb.exp, sp.log: arb.log, sp.sin: arb.sin, sp.cos: arb.cos, sp.tan: arb.tan, sp.acos: arb.acos,
    sp.asin: arb.asin, sp.atan: arb.atan, sp.sinh: arb.sinh, sp.cosh: arb.cosh, sp.tanh: arb.tanh, sp.Abs: abs,
}  # fmt: skip
_LONGEST_SUM, _NESTED, _SHORTEST_LIMIT = 400, 20, 6  # terms; by how much fewer for each sum inside; but as many always


def ball(e: sp.Expr, value: Callable[[sp.Expr], sp.Expr], known: dict[sp.Expr, arb] | None = None) -> arb:
    """The enclosure; raises `Undecidable` for what has none.

    ``known`` takes what was enclosed already, with the same ``value``, and is added to.
    """
    ctx.prec = _PRECISION_BITS
    return _enclosed(e, value, {} if known is None else known)


def _enclosed(e: sp.Expr, value: Callable[[sp.Expr], sp.Expr], known: dict[sp.Expr, arb]) -> arb:
    found = known.get(e)
    if found is None:
        found = known[e] = _worked_out(e, value, known)
    return found


def _worked_out(e: sp.Expr, value: Callable[[sp.Expr], sp.Expr], known: dict[sp.Expr, arb]) -> arb:
    if e.is_Rational:
        return arb(fmpq(int(e.p), int(e.q)))
    if e.is_Add or e.is_Mul:
        total = arb(0 if e.is_Add else 1)
        for arg in e.args:
            part = _enclosed(arg, value, known)
            total = total + part if e.is_Add else total * part
        return total
    if e is sp.pi or e is sp.E:
        return arb.pi() if e is sp.pi else arb.const_e()
    if e.is_Pow and not isinstance(e, sp.exp):
        return _power(e, value, known)
    if isinstance(e, sp.Sum):
        return _sum(e, value, known)
    if e.func in _FUNCTIONS and len(e.args) == 1:
        return _FUNCTIONS[e.func](_enclosed(e.args[0], value, known))
    if not is_atom(e):
        raise Undecidable(f"no ball for {e}")
    return _enclosed(value(e), value, known)


def _power(e: sp.Pow, value: Callable[[sp.Expr], sp.Expr], known: dict[sp.Expr, arb]) -> arb:
    base, exponent = _enclosed(e.base, value, known), e.exp
    if exponent.is_Integer:
        return base ** int(exponent)
    if exponent.is_Rational:
        return base.root(int(exponent.q)) ** int(exponent.p)
    return (_enclosed(exponent, value, known) * base.log()).exp()


def _sum(e: sp.Sum, value: Callable[[sp.Expr], sp.Expr], known: dict[sp.Expr, arb]) -> arb:
    """Term by term; a sum over a negative number of terms is undefined here, whatever one may extend it to."""
    index, low, high, body = of_index(e)
    first, last = (_enclosed(end, value, known).unique_fmpz() for end in (low, high))
    longest = max(_LONGEST_SUM // _NESTED ** depth(body), _SHORTEST_LIMIT)
    if first is None or last is None or not 0 <= int(last) - int(first) + 1 <= longest:
        raise Undecidable("the number of terms is not a number of terms here")
    total = arb(0)
    for k in range(int(first), int(last) + 1):
        total += _enclosed(substitute(body, {index: sp.Integer(k)}), value, known)
    return total
