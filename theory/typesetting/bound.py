"""Sums inside sums, each with a letter of its own: as on paper, where a letter is bound once and means nothing else beside it.

For the kernel ``x_j / sum_j x_j`` is as good as any other; a reader takes it for a slip. Of two sums over one letter the outer gets
another, so that what stands inside is written alike wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, count
from string import ascii_lowercase

import sympy as sp

_LETTERS = "ilmhpq"  # for the sum outside; j and k are taken by the families of the laws
_PARTS = re.compile(r"[A-Za-z]+")


def apart(expr: sp.Basic) -> sp.Basic:
    """The same expression, no sum over an index of a sum inside it, nor over a letter that is free somewhere in it."""
    return _apart(expr, _letters(expr.free_symbols)) if expr.has(sp.Sum) else expr


def index_apart(index: sp.Symbol, body: sp.Basic, taken: frozenset[str] = frozenset()) -> tuple[sp.Symbol, sp.Basic]:
    """An index for a sum over ``body`` that is neither taken nor that of a sum inside, and ``body`` with it, the sums in it apart."""
    body = _apart(body, taken)
    inside = taken.union(symbol.name for total in body.atoms(sp.Sum) for symbol in total.bound_symbols)
    if index.name not in inside:
        return index, body
    every = inside | _letters(body.free_symbols)
    free = (letter for letter in chain(_LETTERS, ascii_lowercase, (f"{index.name}_{i}" for i in count(1))) if letter not in every)
    other = sp.Symbol(next(free), **index.assumptions0)
    return other, _replaced(body, index, other)


def _letters(symbols: Iterable[sp.Symbol]) -> frozenset[str]:
    """The letters of symbols, those below them included: p and j of ``p_j``."""
    return frozenset(part for symbol in symbols for part in _PARTS.findall(symbol.name))


def _apart(expr: sp.Basic, taken: frozenset[str]) -> sp.Basic:
    if not expr.has(sp.Sum):
        return expr
    if isinstance(expr, sp.Sum):
        *inner, (index, low, high) = expr.limits
        function = sp.Sum(expr.function, *inner) if inner else expr.function
        other, body = index_apart(index, function, taken)
        return expr if (other, body) == (index, function) else sp.Sum(body, (other, low, high))
    args = [_apart(arg, taken) for arg in expr.args]
    return expr if all(new is old for new, old in zip(args, expr.args, strict=True)) else expr.func(*args)


def _replaced(expr: sp.Basic, old: sp.Symbol, new: sp.Symbol) -> sp.Basic:
    """Another letter wherever the old one is free; no sum in it binds either."""
    if old not in expr.free_symbols:
        return expr
    return new if expr == old else expr.func(*(_replaced(arg, old, new) for arg in expr.args))
