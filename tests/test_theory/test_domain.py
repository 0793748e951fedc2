"""Domains and the exact points drawn from them."""

from __future__ import annotations

import mpmath as mp
import pytest
import sympy as sp
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import expressions
from tests.test_theory.evaluation import UndefinedError, value
from theory.kernel import AtLeast, Domain, Equal, Interval, decide
from theory.kernel.signs import sign
from theory.kernel.verdict import Undecidable
from theory.refutation.points import Point, points

x, y = sp.symbols("x y", real=True)
p = sp.Symbol("p", positive=True)
n, m = sp.symbols("n m", integer=True, positive=True)
j = sp.Symbol("j", integer=True)
f = sp.Function("f")


def drawn(domain: Domain, e: sp.Expr, count: int = 60) -> list[sp.Expr]:
    return [point.exact(e) for point in points(domain, count)]


def test_points_are_the_same_in_every_run_and_whatever_is_asked_first() -> None:
    first, second = Point(Domain(), 3), Point(Domain(), 3)
    first.exact(x)
    assert first.exact(y) == second.exact(y)
    assert first.exact(x) == second.exact(x)


@pytest.mark.parametrize("traits", [
    {"positive": True}, {"negative": True}, {"nonnegative": True}, {"nonpositive": True}, {"integer": True}, {"real": True},
    {"integer": True, "positive": True}, {"integer": True, "negative": True}, {"nonzero": True}, {},
])  # fmt: skip
def test_values_have_the_assumptions_of_their_symbols(traits: dict[str, bool]) -> None:
    symbol = sp.Symbol("a", **traits)
    found = []
    for point in points(Domain(), 40):
        try:
            found.append(point.exact(symbol))
        except Undecidable:
            continue
    assert len(set(found)) > 3 or traits.get("integer")
    assert all(getattr(value, f"is_{trait}") for value in found for trait in traits)


@pytest.mark.parametrize("traits", [{"prime": True}, {"irrational": True}, {"imaginary": True}, {"zero": True}])
def test_assumptions_that_no_draw_meets_give_no_point(traits: dict[str, bool]) -> None:
    with pytest.raises(Undecidable):
        for point in points(Domain(), 40):
            value = point.exact(sp.Symbol("a", **traits))
            assert value.is_prime if "prime" in traits else value == 0
        raise Undecidable


@given(st.integers(-5, 5), st.integers(1, 4), st.booleans(), st.booleans())
def test_values_lie_in_their_range_and_reach_closed_ends(low: int, width: int, low_open: bool, high_open: bool) -> None:
    domain = Domain({x: Interval(low, low + width, low_open, high_open)})
    values = drawn(domain, x)
    assert all(low <= v <= low + width for v in values)
    assert (low in values) is (not low_open)
    assert (low + width in values) is (not high_open)


@given(st.integers(-3, 3), st.integers(0, 5))
def test_integers_stay_within_both_ends(low: int, width: int) -> None:
    closed = Domain({j: Interval(low, low + width, False, False)})
    assert all(v.is_integer and low <= v <= low + width for v in drawn(closed, j))
    if width > 1:
        assert all(low < v < low + width for v in drawn(Domain({j: Interval(low, low + width)}), j))


def test_ranges_may_depend_on_other_variables() -> None:
    domain = Domain({x: Interval(p, 2 * p), y: Interval(x, sp.oo)})
    for point in points(domain, 20):
        assert point.exact(p) < point.exact(x) < 2 * point.exact(p)
        assert point.exact(y) > point.exact(x)
        assert point.admitted


def test_a_range_that_is_empty_admits_no_point() -> None:
    domain = Domain({x: Interval(p, 1)})
    for point in points(domain, 40):
        try:
            admitted = point.admitted
        except Undecidable:
            continue
        assert not admitted or point.exact(p) < 1


def test_nothing_is_refuted_where_the_range_of_an_absent_variable_is_empty() -> None:
    domain = Domain({x: Interval(p, 1)})  # so p < 1, wherever there is an x
    assert not decide(AtLeast(1, p), domain).refuted
    assert decide(AtLeast(1, 2 * p), domain).refuted


def test_a_function_has_one_value_at_one_argument() -> None:
    for point in points(Domain(), 20):
        k = point.exact(n)
        assert point.exact(f(n)) == point.exact(f(k))
        assert 0 in point.ball(sp.Sum(f(j), (j, 1, n)) - sp.Sum(f(j), (j, 1, n - 1)) - f(n))
    assert not decide(Equal(f(x) * (x - y), f(y) * (x - y)), Domain({x: Interval(y, y, False, False)})).refuted


def test_derivatives_of_one_function_at_one_place_agree() -> None:
    same = sp.Derivative(f(x), x) - sp.Derivative(f(y), y)
    domain = Domain({x: Interval(y, y, False, False)})
    assert not decide(Equal(same, 0), domain).refuted
    assert decide(Equal(same, 0)).refuted


def test_ranges_are_hypotheses_of_every_refutation() -> None:
    assert decide(AtLeast(x, 1)).refuted
    verdict = decide(AtLeast(x, 1), Domain({x: Interval(0, 2, False, False)}))
    assert verdict.refuted
    assert 0 <= sp.Rational(verdict.values["x"]) < 1
    assert not decide(AtLeast(x, 1), Domain({x: Interval(1, sp.oo, False)})).refuted


def test_sums_over_a_negative_number_of_terms_have_no_value() -> None:
    point = Point(Domain(), 0)
    assert point.ball(sp.Sum(x, (j, 1, 0))) == 0
    for high in (-1, sp.Rational(1, 2), 10**9):
        with pytest.raises(Undecidable):
            point.ball(sp.Sum(x, (j, 1, high)))


@pytest.mark.parametrize("e", [sp.sqrt(-p), sp.log(-p), sp.root(-1 - p, 3), sp.acos(1 + p), 1 / (sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1)])
def test_what_is_undefined_has_no_finite_ball(e: sp.Expr) -> None:
    try:
        assert not Point(Domain(), 0).ball(e).is_finite()
    except Undecidable:
        assert e.has(sp.I) or e.has(sp.zoo)


@given(expressions, st.integers(0, 23))
def test_balls_contain_the_value_that_60_digits_give(e: sp.Expr, seed: int) -> None:
    point = Point(Domain(), seed)
    try:
        ball = point.ball(e)
        found = value(e, lambda atom: mp.mpf(int(point.exact(atom).p)) / int(point.exact(atom).q))
    except (Undecidable, UndefinedError):
        return
    if ball.is_finite():
        with mp.workdps(60):
            assert abs(ball - arb(mp.nstr(found, 58))) <= arb("1e-40") * (1 + abs(ball))


def test_reported_values_are_the_exact_values_used() -> None:
    verdict = decide(AtLeast(x - y, 0), Domain({x: Interval(sp.sqrt(2), 2, False, True), y: Interval(0, 2)}))
    assert verdict.refuted
    x0, y0 = (sp.sympify(verdict.values[name]) for name in ("x", "y"))
    assert bool(x0 - y0 < 0)
    assert bool(sp.sqrt(2) <= x0)


def test_ends_of_ranges_may_be_plain_numbers() -> None:
    assert decide(AtLeast(x, 0), Domain({x: Interval(0, 1)})).proved


def test_an_answer_that_is_remembered_is_given_for_the_same_question_only() -> None:
    above, around = Domain({x: Interval(0, 1)}), Domain({x: Interval(-1, 1)})
    assert [sign(x, domain) for domain in (above, around, above, around, Domain())] == [(1, True), None, (1, True), None, None]
    assert hash(Domain({x: Interval(0, 1), y: Interval(0, 2)})) == hash(Domain({y: Interval(0, 2), x: Interval(0, 1)}))
    ranges = {x: Interval(0, 1)}
    changing = Domain(ranges)
    assert sign(x, changing) == (1, True)
    ranges[x] = Interval(-1, 1)  # nobody should; but then it is another question
    assert sign(x, changing) is None
    assert sign(x, above) == (1, True)
    other = sp.Symbol("x", positive=True)  # the same name, another symbol
    assert sign(other, Domain()) == (1, True)
