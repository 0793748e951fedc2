"""Certificates by named inequalities: what they show, what they ask for, and what the kernel does not take from them."""

from __future__ import annotations

import pytest
import sympy as sp

from theory.kernel import AtLeast, Combination, Domain, Gram, Interval, Monotone, Schwarz, Status, Swing, Tangent, decide
from theory.kernel.certificates import certified, remaining
from theory.statements.conditions import assumptions, setting
from theory.statements.demands import NONNEGATIVE, NONZERO, POSITIVE
from theory.statements.draws import bounds_of
from theory.statements.kinds import read
from theory.statements.meaning import Meaning
from theory.statements.requirements import entailed
from theory.vectors import Cosine, Norm, Vector, direction, inner, squared_norm, unit, vector

u, v, w = map(direction, "uvw")
x, y = sp.symbols("x y", real=True)
t = sp.Symbol("t", nonnegative=True)
SUM = vector(u) + vector(v)
THREE = 1 + 2 * Cosine(u, v) * Cosine(v, w) * Cosine(u, w) - Cosine(u, v) ** 2 - Cosine(v, w) ** 2 - Cosine(u, w) ** 2


def by(*factors: object) -> Combination:
    return Combination((factors,))  # type: ignore[arg-type]


SHOWN = (
    (Norm(u) * sp.sqrt(squared_norm(SUM)) - inner(vector(u), SUM), by(Schwarz(vector(u), SUM))),
    (Norm(u) * sp.sqrt(squared_norm(SUM)) + inner(vector(u), SUM), by(Schwarz((-1) * vector(u), SUM))),
    (THREE, by(Gram((unit(u), unit(v), unit(w))))),
    (sp.exp(x) - 1 - x, by(Tangent(x))),
    (x**2 * (sp.exp(x * y) - 1 - x * y), by(x**2, Tangent(x * y))),
    (1 - sp.sin(x), by(Swing(sp.sin(x), 1))),
    (1 + sp.cos(x * y), by(Swing(sp.cos(x * y), -1))),
    (sp.exp(t) - 1 - t - t**2 / 2, Monotone(t, sp.S.Zero, 2)),
)


@pytest.mark.parametrize(("target", "reason"), SHOWN, ids=str)
def test_a_named_inequality_shows_itself_and_nothing_less(target: sp.Expr, reason: Combination | Monotone) -> None:
    assert certified(target, reason, Domain())
    assert decide(AtLeast(target, sp.S.Zero, reason)).status is Status.PROVED  # but for lengths of sums, of which it knows no sign
    if isinstance(reason, Combination):
        assert not certified(target - sp.Rational(1, 1000), reason, Domain())
        assert not certified(-target, reason, Domain())
        assert not decide(AtLeast(target, sp.S.Zero, reason, strict=True)).proved


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (x * (sp.exp(x) - 1 - x), by(x, Tangent(x))),  # a weight of unknown sign
        (1 - sp.exp(x), by(Swing(sp.exp(x), 1))),  # no sine
        (1 - 2 * sp.sin(x), by(Swing(sp.sin(x), 2))),  # twice
        (sp.exp(t) - 1 - t - t**2, Monotone(t, sp.S.Zero, 5)),
        (sp.exp(t) - 1 - t - t**2 / 2, Monotone(t, sp.S.Zero, 1)),  # one derivative too few
        (t**2 - t / 10, Monotone(t, sp.S.Zero, 5)),  # starts downhill
        (sp.sqrt(t) - t, Monotone(t, sp.S.Zero, 5)),  # not smooth at the start
        (sp.exp(x) - 1 - x, Monotone(x, sp.S.Zero, 5)),  # the range goes on below
    ],
    ids=str,
)
def test_what_is_no_reason_is_not_taken(target: sp.Expr, reason: Combination | Monotone) -> None:
    assert remaining(target, reason, Domain()) is None
    assert not decide(AtLeast(target, sp.S.Zero, reason)).proved


def test_what_a_reason_asks_for_is_said_and_leaves_the_goal_open() -> None:
    target = x - 1 - sp.log(x)
    assert remaining(target, by(Tangent(sp.log(x))), Domain()) == ("x must be positive",)
    assert not certified(target, by(Tangent(sp.log(x))), Domain())
    verdict = decide(AtLeast(target, sp.S.Zero, by(Tangent(sp.log(x)))))
    assert not verdict.proved
    assert "x must be positive" in verdict.conditions
    assert decide(AtLeast(target, sp.S.Zero, by(Tangent(sp.log(x)))), Domain({x: Interval(0, sp.oo)})).proved


def test_vectors_that_are_not_real_show_nothing() -> None:
    root = sp.sqrt(-1 - x**2)
    imaginary = Vector({u: root}, {})
    for reason in (by(Schwarz(imaginary, imaginary)), by(Gram((imaginary,)))):
        verdict = decide(AtLeast(reason.total(), sp.S.Zero, reason))
        assert not verdict.proved
    refuted = decide(AtLeast(-1 - x**2, sp.S.Zero, by(Gram((imaginary,)))))
    assert refuted.status is Status.REFUTED
    z = sp.Symbol("z", imaginary=True)
    assert remaining(sp.exp(z) - 1 - z, by(Tangent(z)), Domain()) is None or not decide(AtLeast(sp.exp(z), 1 + z, by(Tangent(z)))).proved


def test_a_reason_may_rest_on_what_is_certain_only() -> None:
    problem = read("x*dot(u, v) >= 1/norm(u - v)", {}, ("x**2 == y**3",))
    bounds = bounds_of(problem)
    meaning = Meaning(problem, assumptions(bounds))
    here = setting(problem, meaning, bounds, slack=False)
    said = entailed(problem, meaning, here, {})
    assert f"y**3 {NONNEGATIVE}" in said
    assert f"y**3 {POSITIVE}" not in said
    assert f"y**3 {NONZERO}" not in said
