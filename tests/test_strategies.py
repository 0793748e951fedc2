"""The strategies are as wide as their names."""

from __future__ import annotations

import sympy as sp
from hypothesis import Phase, find, given, settings

from tests.strategies import INDEX, X, expressions, polynomials, rewritten

QUICK = settings(max_examples=1000, database=None, phases=(Phase.generate,))


def _reached(kind: type) -> sp.Expr:
    return find(expressions, lambda e: e.has(kind), settings=QUICK)


def test_expressions_reach_sums_roots_logarithms_and_circular_functions() -> None:
    for kind in (sp.Sum, sp.log, sp.exp, sp.sin, sp.Abs):
        assert _reached(kind).has(kind)
    assert find(expressions, lambda e: any(q.exp == sp.Rational(1, 2) for q in e.atoms(sp.Pow)), settings=QUICK) is not None


@given(expressions)
def test_expressions_leave_no_index_free(e: sp.Expr) -> None:
    assert INDEX not in e.free_symbols


@given(polynomials)
def test_polynomials_are_never_zero(e: sp.Expr) -> None:
    assert not sp.Poly(e, X, *(e.free_symbols - {X})).is_zero


def test_rewritings_change_how_an_expression_is_written() -> None:
    e, changed = find(rewritten(), lambda pair: pair[0] != pair[1], settings=QUICK)
    assert e != changed
