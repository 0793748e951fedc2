"""What has no place in a statement, or no value anywhere, is never proved and never raises."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp

from theory.kernel import (
    All,
    AtLeast,
    ByInduction,
    Combination,
    Domain,
    Equal,
    Expands,
    Instance,
    Interval,
    Monotone,
    Solves,
    Status,
    Tends,
    decide,
)
from theory.vectors import Cosine, direction

x, y = sp.symbols("x y", real=True)
p = sp.Symbol("p", positive=True)
d = sp.Symbol("d", negative=True)
s = sp.Symbol("s", nonnegative=True)
plain = sp.Symbol("plain")
n = sp.Symbol("n", integer=True, positive=True)
j = sp.Symbol("j", integer=True)
f = sp.Function("f")
U, V = direction("u"), direction("v")
A, B = sp.symbols("A B", commutative=False)
ONE = sp.sin(x) ** 2 + sp.cos(x) ** 2  # 1, though SymPy does not see it
NOTHING = Domain({x: Interval(1, 0)})
ODDITIES: dict[str, tuple[Any, Domain | None]] = {
    "0/0 in disguise": (Equal((ONE - 1) * x / (2 * ONE - 2), x / 2), None),
    "division by what vanishes identically": (Equal(x / (ONE - 1), x / (ONE - 1) + 0 * y), None),
    "division by what a hypothesis makes vanish": (Equal(1 / Cosine(U, V), 1 / Cosine(U, V)), Domain(orthogonal=((U, V),))),
    "a pole under a sum": (Equal(sp.Sum(1 / (j - 1), (j, 1, n)), sp.Sum(1 / (j - 1), (j, 1, n))), None),
    "nan": (Equal(sp.nan, sp.nan), None),
    "infinity": (Equal(sp.oo, sp.oo), None),
    "complex infinity": (Equal(sp.zoo * x, sp.zoo * x), None),
    "the imaginary unit": (Equal(sp.I**2 * x + sp.I - sp.I * 1, sp.I * x), None),
    "a root of a negative number": (AtLeast(sp.sqrt(-p), 0), None),
    "a logarithm of a negative number": (Equal(sp.log(sp.Integer(-2)), sp.log(2) + sp.log(-1)), None),
    "a square of the imaginary unit": (AtLeast(-1, 0, Combination((((sp.I) ** 2,),))), None),
    "a float": (Equal(0.1 + sp.Rational(1, 5), sp.Rational(3, 10)), None),
    "a Python float": (Equal(0.5, 0.5), None),
    "a float in a range": (AtLeast(1 - x, 0), Domain({x: Interval(sp.Float(0.25), 1)})),
    "a string": (Equal("x", 1), None),
    "no goal": (None, None),
    "an object": (object(), None),
    "a list": (Equal([1], [1]), None),
    "a matrix": (Equal(sp.eye(2), sp.eye(2)), None),
    "a relation": (Equal(x < y, x < y), None),
    "an integral": (Equal(sp.Integral(f(x), (x, 0, 1)), sp.Integral(f(y), (y, 0, 1))), None),
    "a limit": (Equal(sp.Limit(sp.sin(x) / x, x, 0), 1), None),
    "a noncommutative product": (Equal(A * B, B * A), None),
    "an infinite sum": (Equal(sp.Sum(2**-j, (j, 1, sp.oo)), 1), None),
    "ends of a sum that are no integers": (Equal(sp.Sum(x, (j, 1, sp.Rational(5, 2))), 3 * x), None),
    "an unevaluated derivative": (Equal(sp.Derivative(x**2, x), 2 * x), None),
    "ranges in a circle": (AtLeast(y - x, 0), Domain({x: Interval(0, y), y: Interval(0, x)})),
    "an empty range": (AtLeast(x, 2), Domain({x: Interval(1, 0)})),
    "all of nothing": (All(()), None),
    "a limit within a bounded range": (Tends(x, x, 1), Domain({x: Interval(0, 1)})),
    "a limit while another range closes": (Tends(y / p, p, 0, at_zero=True), Domain({y: Interval(0, p)})),
    "a limit that moves": (Tends(p + 1, p, p), None),
    "a limit of something infinite": (Tends(p, p, sp.oo), None),
    "an expansion at a pole": (Expands(1 / x, x, (0,)), None),
    "an expansion at a kink": (Expands(sp.sqrt(x**2), x, (0, 0)), None),
    "a step function": (Expands(sp.Heaviside(x - 1), x, (0, 0)), None),
    "an equation whose solution starts at a pole": (Solves(1 / p, y, p, -(y**2), 1), None),
    "an instance at integers only": (
        AtLeast(sp.sin(sp.pi * n) ** 2 + p, p, Combination(((Instance(n - n, n, p, Monotone(n, sp.S.Zero)),),))), None),
    "an induction about its own hypothesis": (ByInduction(s, {s: sp.S.One}, {s: s}, (s, s), s), None),
    "an induction whose hypothesis is never 0": (ByInduction(x, {x: sp.S.One}, {x: x - p}, (x, p), p), None),
}  # fmt: skip


@pytest.mark.parametrize("name", ODDITIES)
def test_what_has_no_place_or_no_value_is_not_proved(name: str) -> None:
    goal, domain = ODDITIES[name]
    assert not decide(goal, domain).proved


@pytest.mark.parametrize("name", [
    "0/0 in disguise", "division by what vanishes identically", "nan", "the imaginary unit", "a float", "an empty range",
    "ranges in a circle", "a limit within a bounded range", "a limit while another range closes", "a limit of something infinite",
    "an unevaluated derivative", "a root of a negative number", "an instance at integers only",
])  # fmt: skip
def test_what_is_vacuous_or_true_in_some_reading_is_not_refuted(name: str) -> None:
    goal, domain = ODDITIES[name]
    assert not decide(goal, domain).refuted


def test_a_verdict_with_an_open_condition_is_not_a_proof() -> None:
    verdict = decide(Equal((x**2 - 1) / (x - 1), x + 1))
    assert verdict.status is Status.PROVED
    assert verdict.conditions == ("x - 1 must not be 0",)
    assert not verdict.proved


def test_a_condition_that_the_domain_settles_is_not_named() -> None:
    verdict = decide(Equal((x**2 - 1) / (x - 1), x + 1), Domain({x: Interval(1, sp.oo)}))
    assert verdict.proved
    assert decide(AtLeast(1 / (x - 1) ** 2, 0)).conditions == ("x - 1 must not be 0",)


@pytest.mark.parametrize("goal", [Equal(x, x + 1), AtLeast(-1, 0), AtLeast(x, x, strict=True), Tends(p, p, 1)])
def test_nothing_is_refuted_on_a_domain_without_points(goal: Any) -> None:
    assert not decide(goal, NOTHING).refuted


@pytest.mark.parametrize("goal", [
    Equal((x + y + p + n) ** 5000, (x + y + p - n) ** 5000 + x),
    Equal(sp.Sum(j, (j, 1, 10**12)), 0),
    Equal(x ** (10**9), x ** (10**9 + 1)),
    Equal(sp.exp(sp.exp(sp.exp(sp.exp(x)))), 1),
    AtLeast(sp.log(sp.Integer(10) ** 5000 + 1), 0),
])  # fmt: skip
def test_what_is_too_large_ends_in_seconds(goal: Any) -> None:
    started = time.perf_counter()
    assert decide(goal).status in Status
    assert time.perf_counter() - started < 20


def test_interrupting_the_kernel_is_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Domain, "apply", interrupt)
    with pytest.raises(KeyboardInterrupt):
        decide(Equal(x, y))


@pytest.mark.parametrize("goal", [
    Equal(sp.gamma(x + 1), x * sp.gamma(x)),
    Equal(sp.sign(x) * sp.Abs(x), x),
    Equal(sp.Max(x, y) + sp.Min(x, y), x + y),
    Equal(sp.Piecewise((x, x > 0), (-x, True)), sp.Abs(x)),
    AtLeast(sp.Symbol("k", prime=True), 2),
    AtLeast(sp.cos(sp.pi * sp.Symbol("k", even=True)), 1),
    Equal(sp.Symbol("o", zero=True) + x, x),
    AtLeast(-(sp.Symbol("z", imaginary=True) ** 2), 0),
    Equal(sp.besselj(0, x), sp.besselj(0, -x)),
    Equal(sp.binomial(n, 1), n),
    Equal(sp.floor(x) + sp.frac(x), x),
    Equal(sp.conjugate(plain) * 0, 0),
])  # fmt: skip
def test_true_statements_about_what_the_kernel_does_not_know_are_not_refuted(goal: Any) -> None:
    assert not decide(goal).refuted


def test_the_limit_that_refutes_is_told_in_lowest_terms() -> None:
    ratio = (4 * s**2 - 4) / (s + 1)
    verdict = decide(Tends(ratio + p, p, s, at_zero=True))
    assert verdict.status is Status.REFUTED
    assert verdict.detail == "the limit is 4*s - 4"
