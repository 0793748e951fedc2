"""Ways in which an earlier kernel could be made to prove something false: each stays closed."""

from __future__ import annotations

import pytest
import sympy as sp

from theory.kernel import (
    AtLeast,
    ByInduction,
    Combination,
    Domain,
    Equal,
    Expands,
    Goal,
    Instance,
    Interval,
    Length,
    Monotone,
    Same,
    Solves,
    Tends,
    Termwise,
    decide,
)
from theory.vectors import Cosine, Vector, direction

x, y = sp.symbols("x y", real=True)
p, q = sp.symbols("p q", positive=True)
a, s = sp.symbols("a s", nonnegative=True)
n = sp.Symbol("n", integer=True, positive=True)
j = sp.Symbol("j", integer=True, positive=True)
U, V, W = direction("u"), direction("v"), direction("w")
RAY = Interval(0, sp.oo, False)
ATTACKS: dict[str, tuple[Goal, Domain | None]] = {
    "a monotone certificate while another range moves along": (
        AtLeast(x**2 - 2 * x * y, 0, Monotone(x, sp.S.Zero)), Domain({x: RAY, y: Interval(0, x, False, False)})),
    "the same, the other way round": (
        AtLeast(x**2 - 2 * x * y, 0, Monotone(x, y)), Domain({x: Interval(y, sp.oo, False), y: RAY})),
    "a range of one index inside a sum": (
        AtLeast(sp.Sum(2 - j, (j, 1, n)), 0, Combination(((Termwise(((j, n),), sp.S.One, Combination(((2 - j,),))),),))),
        Domain({j: Interval(0, 2, True, False)})),
    "a range whose end is the index": (
        AtLeast(sp.Sum(x - j, (j, 1, n)), 0, Combination(((Termwise(((j, n),), sp.S.One, Combination(((x - j,),))),),))),
        Domain({x: Interval(j, sp.oo, False)})),
    "a state variable whose range does not outlive the step": (
        ByInduction(x, {x: sp.S.One}, {x: x - y}, (x, s), s), Domain({y: Interval(0, x, False, False), x: RAY, p: Interval(x, sp.oo)})),
    "a state variable that leaves the range of its assumptions": (
        ByInduction(p + 1, {p: sp.S.One}, {p: p - 2}, (p, s - 1), s), None),
    "an even state variable that becomes odd": (
        ByInduction((-1) ** sp.Symbol("e", even=True) * x, {sp.Symbol("e", even=True): sp.S.Zero, x: sp.S.One},
                    {sp.Symbol("e", even=True): sp.Symbol("e", even=True) + 1, x: -x}, (x, s), s), None),
    "a vector of imaginary length": (
        AtLeast(-1 - x**2, 0, Combination(((Length(Vector({U: sp.sqrt(-1 - x**2)}, {})),),))), None),
    "vectors that differ in one term": (Same(Vector({U: x}, {}), Vector({U: x, V: sp.S.One}, {})), None),
    "an equality that holds nowhere": (Equal(sp.sqrt(-1 - x**2) + 1, 1 + sp.sqrt(-1 - x**2)), None),
    "an inequality between what is nowhere defined": (AtLeast(sp.sqrt(-p) + 1, sp.sqrt(-p)), None),
    "a logarithm of what is negative": (Equal(sp.log(-p - 1) * x, sp.log(-1 - p) * x), Domain({x: Interval(0, 1)})),
    "a declared complex number squared": (AtLeast(sp.Symbol("w", complex=True) ** 2, 0), None),
    "an imaginary number squared": (AtLeast(sp.Symbol("w", imaginary=True) ** 2 + 1, 1), None),
    "an infinite number": (AtLeast(sp.Symbol("w", extended_positive=True, infinite=True), 0), None),
    "an index that is assumed to be even": (
        Equal(sp.Sum((-1) ** sp.Symbol("i", even=True, positive=True), (sp.Symbol("i", even=True, positive=True), 1, n)), n), None),
    "an index that is assumed to be positive and is not": (
        AtLeast(sp.Sum(j, (j, -5, n)), 0), None),
    "a sum with a negative number of terms": (
        AtLeast(sp.Sum(1 / j, (j, 1, sp.Symbol("m", integer=True))), 0), None),
    "a sum over halves": (AtLeast(sp.Sum(j, (j, sp.Rational(1, 2), n)), 1), None),
    "two undefined factors whose product is defined": (
        AtLeast(-p, 0, Combination(((sp.sqrt(-p), sp.sqrt(-p)),))), None),
    "an undefined weight": (
        AtLeast(sp.Sum(-p, (j, 1, n)), 0, Combination(((sp.sqrt(-p), Termwise(((j, n),), sp.sqrt(-p), Combination(((sp.S.One,),)))),))), None),
    "an instance at a negative value": (
        AtLeast(sp.log(1 + x) - x, 0, Combination(((Instance(a - a, a, x, Monotone(a, sp.S.Zero)),),))), Domain({x: Interval(-1, 0)})),
    "an instance of what grows only at integers": (
        AtLeast(p * (p - 1), 0, Combination(((Instance(n * (n - 1), n, p, Monotone(n, sp.S.One)),),))), None),
    "a derivative along integers": (AtLeast(sp.sin(sp.pi * n) + x**2, 1, Monotone(n, sp.S.One)), None),
    "a start with a pole": (AtLeast(-1 / p + 1, 0, Monotone(p, sp.S.Zero)), None),
    "a limit where another variable is squeezed": (Tends(y * p, p, 0), Domain({y: Interval(1 / p, 2 / p)})),
    "a limit by a root of unknown sign": (Tends(sp.sqrt(x / p), p, 0), None),
    "an expansion in an integer": (Expands(sp.cos(2 * sp.pi * n) + n, n, (1, 1)), None),
    "an expansion of a root at its branch point": (Expands(sp.sqrt(p) * p, p, (0, 0)), None),
    "a solution that jumps at its start": (
        Solves(1 + sp.atan(y / p) * 0 + sp.Abs(p) / p * 0 + sp.sign(p) - sp.sign(p), y, p, sp.S.Zero, 2), None),
    "a solution through a pole": (Solves(1 / (1 - p), y, p, y**2, 1), None),
    "a cosine that no hypothesis says is 0": (Equal(Cosine(U, V) + Cosine(U, W), Cosine(U, V)), Domain(orthogonal=((U, V),))),
    "a strict sign lost at the closed end": (
        AtLeast(sp.Symbol("c", real=True), 0, strict=True), Domain({sp.Symbol("c", real=True): Interval(-1, 0, True, False)})),
    "an odd power of something of unknown sign": (AtLeast(x**3 * p + p, 0), None),
    "a power of a base that may be negative": (Equal((x**2) ** y, x ** (2 * y)), None),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_proves_nothing(name: str) -> None:
    goal, domain = ATTACKS[name]
    assert not decide(goal, domain).proved


def test_what_was_proved_must_survive_a_few_exact_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("theory.kernel.deciders.is_zero", lambda *_: True)
    verdict = decide(Equal(x, x + 1))
    assert not verdict.proved
    assert "contradicts itself" in verdict.detail
