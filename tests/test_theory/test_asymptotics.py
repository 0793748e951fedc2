"""Limits: leading terms against high-precision values far out."""

from __future__ import annotations

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import coefficients
from theory.kernel import Domain, Equal, Expands, Interval, Tends, decide
from theory.kernel.limits import leading, limit_at_infinity
from theory.kernel.verdict import Undecidable

t, p = sp.symbols("t p", positive=True)
x = sp.Symbol("x", real=True)
EVERYWHERE = Domain()


@pytest.mark.parametrize(("e", "expected"), [
    (3 * t**2 + t, (3, 2)), (1 / (2 * t + 1), (sp.Rational(1, 2), -1)), (sp.sqrt(4 * t**2 + 1), (2, 1)), (sp.exp(-p * t), (0, -sp.oo)),
    (sp.exp(1 / t), (1, 0)), (sp.exp(p + 1 / t), (sp.exp(p), 0)), (sp.log(1 + 2 / t), (2, -1)), (sp.log(p + 1 / t + 1), (sp.log(1 + p), 0)),
    (x * t, (x, 1)), ((t + 1) * sp.exp(-t), (0, -sp.oo)),
])  # fmt: skip
def test_leading_terms(e: sp.Expr, expected: tuple[sp.Expr, sp.Expr]) -> None:
    c, power = leading(e, t, EVERYWHERE)
    assert decide(Equal(c, sp.sympify(expected[0]))).proved
    assert power == expected[1]


@pytest.mark.parametrize(("goal", "growth"), [
    (Tends(p * sp.sqrt(t), t, sp.S.One), p * sp.sqrt(t)), (Tends(p / sp.sqrt(t), t, sp.S.One, at_zero=True), p / sp.sqrt(t)),
    (Tends((p + 1) * t**2 + t, t, sp.S.One), (p + 1) * t**2),
])  # fmt: skip
def test_what_grows_without_bound_is_said_to_grow_as_its_leading_term(goal: Tends, growth: sp.Expr) -> None:
    verdict = decide(goal)
    assert verdict.refuted
    assert sp.sympify(verdict.values["leading"], locals={"t": t, "p": p}) == growth


@pytest.mark.parametrize("e", [
    sp.sqrt(t**2 + t) - t, sp.exp(t), t * sp.log(t), sp.sin(t), 1 / (x * t + 1), sp.sqrt(x * t), t ** x, sp.log(t) - sp.log(t + 1),
    sp.exp(-x * t), (-1) ** t, sp.Abs(x * t - p), 1 / (sp.sqrt(t + 1) - sp.sqrt(t)), sp.log(t) * sp.exp(sp.log(t) / sp.log(t + 1)),
])  # fmt: skip
def test_there_is_no_limit_where_leading_terms_do_not_tell(e: sp.Expr) -> None:
    with pytest.raises(Undecidable):
        limit_at_infinity(e, t, EVERYWHERE)
    assert not decide(Tends(e, t, sp.S.One)).refuted


@given(st.lists(coefficients, min_size=1, max_size=3), st.lists(coefficients, min_size=1, max_size=3), st.sampled_from([1, sp.Rational(1, 2)]))
def test_limits_of_quotients_are_approached(above: list[sp.Rational], below: list[sp.Rational], power: sp.Rational) -> None:
    numerator, denominator = sp.Poly(above, t).as_expr(), sp.Poly(below, t).as_expr()
    e = (numerator / denominator) ** 2 if power == 1 else sp.sqrt(numerator**2 + 1) / denominator
    try:
        limit = limit_at_infinity(e, t, EVERYWHERE)
    except Undecidable:
        assert numerator.as_poly(t).degree() > denominator.as_poly(t).degree()
        assert not decide(Tends(e, t, sp.S.Zero)).proved
        return
    with mp.workdps(60):
        far = e.subs(t, sp.Integer(10) ** 25).evalf(50)
    assert abs(far - limit) < sp.Rational(1, 10**15)
    assert decide(Tends(e, t, limit)).proved
    assert decide(Tends(e, t, limit + sp.Rational(1, 1000))).refuted


@given(coefficients, coefficients, st.integers(1, 3))
def test_limits_at_0_are_those_of_the_inverse_at_infinity(a: sp.Rational, b: sp.Rational, k: int) -> None:
    e = (a + t**k) / (b + t)
    assert decide(Tends(e, t, a / b, at_zero=True)).proved
    assert decide(Tends(e, t, -a / b, at_zero=True)).refuted


def test_constants_of_unknown_sign_may_multiply_what_vanishes() -> None:
    assert decide(Tends(p + (x - p) * sp.exp(-t), t, p)).proved
    assert decide(Tends((x - p) / t, t, 0)).proved
    assert decide(Tends((x - p) * t / (1 + t), t, x - p)).proved
    assert not decide(Tends((x - p) * t, t, 0)).proved
    assert decide(Tends(1 / (x * t), t, 0)).conditions == ("x must not be 0",)


def test_a_limit_is_taken_where_the_domain_lets_the_variable_go() -> None:
    inside = Domain({t: Interval(0, 1)})
    assert decide(Tends(1 + t, t, 1, at_zero=True), inside).proved
    assert not decide(Tends(1 / t, t, 0), inside).proved
    away = Domain({t: Interval(1, sp.oo)})
    assert decide(Tends(1 / t, t, 0), away).proved
    assert not decide(Tends(t, t, 0, at_zero=True), away).proved
    shrinking, growing = Domain({x: Interval(0, t)}), Domain({x: Interval(0, 1 / t)})
    assert not decide(Tends(x * t, t, 0, at_zero=True), shrinking).proved
    assert decide(Tends(x * t, t, 0, at_zero=True), growing).proved


@given(st.lists(coefficients, min_size=1, max_size=4), st.integers(0, 3))
def test_expansions_of_polynomials_are_their_coefficients(parts: list[sp.Rational], wrong: int) -> None:
    e = sum((c * x**i for i, c in enumerate(parts)), sp.S.Zero) + x ** len(parts) * sp.exp(x)
    assert decide(Expands(e, x, tuple(parts))).proved
    changed = [c + int(i == wrong % len(parts)) for i, c in enumerate(parts)]
    assert decide(Expands(e, x, tuple(changed))).refuted


@given(st.sampled_from([sp.exp(x), 1 / (1 + x), sp.log(1 + x), sp.sqrt(1 + x), sp.sin(x), sp.tanh(x), sp.exp(x) / (1 + x**2)]), st.integers(1, 4))
def test_expansions_are_those_of_sympy(e: sp.Expr, order: int) -> None:
    series = sp.series(e, x, 0, order).removeO()
    assert decide(Expands(e, x, tuple(series.coeff(x, i) for i in range(order)))).proved


@pytest.mark.parametrize("e", [sp.Abs(x), x * sp.Abs(x), sp.sqrt(x**2), t ** sp.Rational(5, 2), t**2 * sp.log(t), sp.exp(-1 / t), sp.floor(x)])
def test_what_is_not_smooth_at_0_has_no_expansion(e: sp.Expr) -> None:
    variable = x if e.has(x) else t
    for order in (1, 2, 3):
        assert not decide(Expands(e, variable, (sp.S.Zero,) * order)).proved
