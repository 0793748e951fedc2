"""Signs: certificates that hold, and certificates that must not."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from theory.kernel import AtLeast, Combination, Domain, Instance, Interval, Length, Monotone, Termwise, decide
from theory.kernel.certificates import certified
from theory.kernel.definedness import unmet
from theory.kernel.signs import sign
from theory.vectors import Vector, direction

x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", nonnegative=True)
p, q = sp.symbols("p q", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
j = sp.Symbol("j", integer=True)
f = sp.Function("f")
EVERYWHERE = Domain()


@pytest.mark.parametrize(("e", "expected"), [
    (p + a, (1, True)), (a * p, (1, False)), (-p * q - a, (-1, True)), (x**2 * p, (1, False)), (x**2 + p, (1, True)),
    (sp.exp(x) - 0, (1, True)), (sp.sqrt(p) * sp.exp(-x), (1, True)), (x * y, None), (p - q, None), (x**2 - 2 * x + 2, None),
    (x**2 - 2 * x + 1, (1, False)), ((p - 1) ** 2 / p, (1, False)), (-((x - y) ** 2) * p, (-1, False)), (a**2 - a + 1, None),
    (sp.Sum(sp.exp(f(j)), (j, 1, n)), (1, False)), (p * q - p * q, (0, False)), (sp.log(1 + p), None), (sp.cosh(x), (1, True)),
    (1 / (x - 1) ** 2, (1, True)), (p - 2 * sp.sqrt(p * q) + q, (1, False)), (n - 1, (1, False)), (sp.sin(x) ** 2 + sp.cos(x) ** 2, (1, True)),
])  # fmt: skip
def test_signs_from_coefficients_factors_and_roots(e: sp.Expr, expected: tuple[int, bool] | None) -> None:
    assert sign(e, EVERYWHERE) == expected


@given(st.lists(st.integers(-4, 4), min_size=2, max_size=6))
def test_the_sign_of_a_polynomial_is_that_of_its_values(coefficients: list[int]) -> None:
    for symbol, samples in ((x, range(-20, 21)), (a, range(41)), (p, range(1, 41))):
        e = sp.Poly(coefficients, symbol).as_expr()
        known = sign(e, EVERYWHERE)
        values = [e.subs(symbol, sp.Rational(k, 7)) for k in samples]
        if known is not None:
            assert all(known[0] * v >= 0 for v in values)
            assert not known[1] or all(v != 0 for v in values)


@given(st.lists(st.integers(-4, 4), min_size=2, max_size=5), st.booleans(), st.booleans())
def test_the_sign_on_an_interval_is_that_of_the_values_ends_included(coefficients: list[int], low_open: bool, high_open: bool) -> None:
    e, domain = sp.Poly(coefficients, x).as_expr(), Domain({x: Interval(-1, 2, low_open, high_open)})
    known = sign(e, domain)
    ends = [sp.Integer(v) for v, without in ((-1, low_open), (2, high_open)) if not without]
    values = [e.subs(x, v) for v in (*ends, *(sp.Rational(k, 10) for k in range(-9, 20)))]
    if known is not None:
        assert all(known[0] * v >= 0 for v in values)
        assert not known[1] or all(v != 0 for v in values)


def test_ranges_that_depend_on_each_other_are_resolved_outermost_first() -> None:
    domain = Domain({x: Interval(0, y), y: Interval(0, p)})
    assert sign(p - x, domain) == (1, True)
    assert sign(y - x, domain) == (1, True)
    assert sign(x - y / 2, domain) is None


def test_a_range_of_one_index_says_nothing_of_all_indices() -> None:
    k = sp.Symbol("k", integer=True, positive=True)
    domain = Domain({f(k): Interval(0, 1)})
    assert sign(f(k), domain) == (1, True)
    assert sign(sp.Sum(f(k), (k, 1, n)), domain) is None


def test_what_an_expression_asks_for_is_named() -> None:
    e = sp.sqrt(x) + 1 / (y - 1) + sp.log(p - 1) + sp.acos(x) + 1 / p
    wanted = {"x must not be negative", "y - 1 must not be 0", "p - 1 must be positive", "1 - x**2 must not be negative"}
    assert set(unmet(e, EVERYWHERE)) == wanted
    assert not unmet(e, Domain({x: Interval(0, 1, False, False), y: Interval(1, sp.oo), p: Interval(1, sp.oo)}))
    assert not unmet(sp.exp(x) / (1 + x**2) + sp.sqrt(p), EVERYWHERE, x)
    assert unmet(sp.Abs(x), EVERYWHERE, x) == ("x**2 must be positive",)
    assert unmet(sp.sqrt(a), EVERYWHERE, a) == ("a must be positive",)
    assert not unmet(sp.sqrt(a), EVERYWHERE)
    assert not unmet(sp.sqrt(1 + x), EVERYWHERE, x, at={x: sp.S.Zero})
    assert unmet(sp.sqrt(x), EVERYWHERE, x, at={x: sp.S.Zero})


def test_a_sum_asks_for_a_number_of_terms() -> None:
    m, real = sp.Symbol("m", integer=True), sp.Symbol("c", real=True)
    assert not unmet(sp.Sum(f(j), (j, 1, n)), EVERYWHERE)
    assert not unmet(sp.Sum(f(j), (j, 2, n)), EVERYWHERE)
    assert unmet(sp.Sum(f(j), (j, 3, n)), EVERYWHERE)
    assert unmet(sp.Sum(f(j), (j, 1, m)), EVERYWHERE)
    assert unmet(sp.Sum(f(j), (j, 1, real)), EVERYWHERE)
    assert unmet(sp.Sum(sp.log(j - 1), (j, 1, n)), EVERYWHERE)
    assert not unmet(sp.Sum(sp.log(j), (j, 1, n)), EVERYWHERE)


GOOD = {
    "square": (x**2 - 2 * x * y + y**2, Combination((((x - y) ** 2,),))),
    "square times a sign": (p * (x - y) ** 2, Combination(((p, (x - y) ** 2),))),
    "two products": (p + x**2, Combination(((p,), ((x) ** 2,)))),
    "a factor in its range": (p * (x - 1), Combination(((p, x - 1),))),
    "two factors in their ranges": ((x - 1) * (2 - y), Combination(((x - 1, 2 - y),))),
}  # fmt: skip
RANGES = Domain({x: Interval(1, sp.oo, False), y: Interval(-sp.oo, 2, True, False)})
J = sp.Symbol("j", integer=True, positive=True)
NEGATIVE = sp.Symbol("d", negative=True)
GOOD["termwise"] = (
    sp.Sum((x - J) ** 2 / J, (J, 1, n)),
    Combination(((Termwise(((J, n),), 1 / J, Combination((((x - J) ** 2,),))),),)),
)


@pytest.mark.parametrize("name", GOOD)
def test_a_certificate_that_adds_up_is_accepted(name: str) -> None:
    target, certificate = GOOD[name]
    assert certified(target, certificate, RANGES)


BAD = {
    "does not add up": (x**2 - 2 * x * y + 2 * y**2, Combination((((x - y) ** 2,),))),
    "adds up to the opposite": (-((x - y) ** 2), Combination((((x - y) ** 2,),))),
    "a negative factor": (-((x - y) ** 2), Combination(((sp.S.NegativeOne, (x - y) ** 2),))),
    "a factor of unknown sign": (y * x**2, Combination(((y, x**2),))),
    "a factor beyond its range": (x - 2, Combination(((x - 2,),))),
    "a factor with its sign changed": (1 - x, Combination(((1 - x,),))),
    "a square that is not real": (-1 - x**2, Combination((((sp.sqrt(-1 - x**2)) ** 2,),))),
    "a square of a logarithm of a negative": (sp.log(-p) ** 2, Combination((((sp.log(-1 - p)) ** 2,),))),
    "a square with a pole": (1 / (x - 3) ** 2 - 1 + 1, Combination((((1 / (x - 3)) ** 2,),))),
    "a length that is not real": (-1 - x**2, Combination(((Length(Vector({direction("u"): sp.sqrt(-1 - x**2)}, {})),),))),
    "nothing": (x**2, Combination(())),
    "two undefined factors whose product is defined": (-1 - x**2, Combination(((sp.sqrt(-1 - x**2), sp.sqrt(-1 - x**2)),))),
    "an instance at a negative value": (NEGATIVE**3, Combination(((Instance(a**3, a, NEGATIVE, Monotone(a, sp.S.Zero)),),))),
    "a factor under a bad sum": (sp.Sum(x - J, (J, 1, n)), Combination(((Termwise(((J, n),), sp.S.One, Combination(((x - J,),))),),))),
    "a sum whose weight may be negative": (sp.Sum(y, (J, 1, n)), Combination(((Termwise(((J, n),), y, Combination(((sp.S.One,),))),),))),
    "an instance out of range": (sp.log(1 + y) - y / (1 + y), Combination(((Instance(sp.log(1 + a) - a / (1 + a), a, y, Monotone(a, sp.S.Zero)),),))),
    "an instance of what is not certified": (p - sp.log(1 + p) * 2, Combination(((Instance(a - 2 * sp.log(1 + a), a, p, Monotone(a, sp.S.Zero)),),))),
    "an instance at 0 of what holds beyond": (-a, Combination(((Instance(q - a, q, a, Monotone(q, sp.S.Zero)),),))),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_certificate_that_does_not_hold_is_refused(name: str) -> None:
    target, certificate = BAD[name]
    try:
        accepted = certified(target, certificate, RANGES)
    except Exception:  # the kernel's caller takes any failure for a refusal
        accepted = False
    assert not accepted


RAY = Domain({x: Interval(0, sp.oo, False)})


@pytest.mark.parametrize(("target", "start"), [
    (1 / (1 - x), 0), (sp.tan(x), 0), (x - 1, 0), (x - 1, 1), (-x, 0), (sp.floor(x) - x + 1, 0), (sp.sin(x), 0), (sp.log(x - 1), 0),
    (sp.Piecewise((1, x < 1), (-1, True)), 0), (sp.sign(1 - x), 0), (sp.atan(1 / (1 - x)), 0),
])  # fmt: skip
def test_a_derivative_is_no_certificate_across_a_jump_or_from_elsewhere(target: sp.Expr, start: int) -> None:
    assert not decide(AtLeast(target, 0, Monotone(x, sp.Integer(start))), RAY).proved


@pytest.mark.parametrize("target", [x, x**3 + x, sp.log(1 + x), 1 - 1 / (1 + x), sp.atan(x), sp.exp(x) - 1, sp.sqrt(1 + x) - 1, sp.sinh(x)])
def test_what_grows_from_0_is_not_negative(target: sp.Expr) -> None:
    assert decide(AtLeast(target, 0, Monotone(x, sp.S.Zero)), RAY).proved


def test_a_strict_inequality_is_not_proved_by_a_certificate_of_a_weak_one() -> None:
    assert not decide(AtLeast(x**2, 0, Combination((((x) ** 2,),)), strict=True)).proved
