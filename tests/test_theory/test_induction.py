"""Induction: base, step, the tie between slack and state, and ranges that are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from theory.kernel import ByInduction, Domain, Interval, Status, decide

z, z0, q = sp.symbols("z z_0 q", positive=True)
a, A, s = sp.symbols("a A s", nonnegative=True)
x = sp.Symbol("x", real=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
LOWER = ByInduction(z - z0 - 2 * A, {z: z0, A: sp.S.Zero}, {z: z + 2 * a + a**2 / z, A: A + a}, (z, z0 + 2 * A + s), s, starts_equal=True)


def test_the_lower_sandwich_is_proved_and_what_is_above_it_refuted() -> None:
    assert decide(LOWER).proved
    assert decide(replace(LOWER, initial={**LOWER.initial, z: z0 / 2})).refuted
    assert decide(replace(LOWER, update={**LOWER.update, z: z + a})).refuted


@pytest.mark.parametrize("change", [
    {"solved": (z, z0 + 2 * A - s)}, {"solved": (z, z0 + 3 * A + s)}, {"solved": (z, 2 * (z0 + 2 * A + s))}, {"solved": (A, (z - z0 + s) / 2)},
    {"assumed": z0}, {"assumed": q}, {"starts_equal": True, "initial": {z: z0 + 1, A: sp.S.Zero}}, {"exact": True},
])  # fmt: skip
def test_a_wrong_tie_or_hypothesis_proves_nothing(change: dict[str, object]) -> None:
    verdict = decide(replace(LOWER, **change))  # type: ignore[arg-type]
    assert verdict.status is not Status.PROVED
    assert not verdict.refuted or "initial" in change or "exact" in change


def test_an_update_that_may_leave_the_range_of_its_variable_proves_nothing() -> None:
    shrinking = ByInduction(z, {z: z0}, {z: z - 1}, (z, s), s)
    assert not decide(shrinking).proved
    within = ByInduction(1 - x, {x: sp.S.Half}, {x: x / 2}, (x, 1 - s), s)
    assert decide(within, Domain({x: Interval(0, 1)})).proved
    assert not decide(replace(within, update={x: x - sp.Rational(1, 10)}), Domain({x: Interval(0, 1)})).proved


def test_a_start_outside_the_range_of_its_variable_proves_nothing() -> None:
    count = sp.Symbol("K", positive=True)
    goal = ByInduction(x - count * q, {x: sp.S.Zero, count: sp.S.Zero}, {x: x + q, count: count + 1}, (x, count * q + s), s)
    assert not decide(goal).proved
    from_one = replace(goal, initial={x: q, count: sp.S.One})
    assert decide(from_one).proved
    assert decide(replace(from_one, update={x: x + q / 2, count: count + 1})).refuted


def test_integers_stay_integers() -> None:
    goal = ByInduction(x - k, {x: sp.S.Zero, k: sp.S.Zero}, {x: x + 1, k: k + 1}, (x, k + s), s, exact=True)
    assert decide(goal).proved
    assert not decide(replace(goal, update={x: x + sp.S.Half, k: k + sp.S.Half})).proved


def test_a_step_that_fails_only_where_no_orbit_comes_refutes_nothing() -> None:
    goal = ByInduction(1 - x, {x: sp.S.Zero}, {x: x**2}, (x, 1 - s), s)
    assert not decide(goal).refuted
    assert decide(replace(goal, initial={x: sp.Integer(2)})).refuted


@given(st.integers(1, 5), st.integers(-3, 3), st.integers(-3, 3))
def test_sums_of_linear_terms_have_the_closed_form_that_gauss_says(start: int, slope: int, constant: int) -> None:
    closed = start + slope * k * (k - 1) / 2 + constant * k
    goal = ByInduction(x - closed, {x: sp.Integer(start), k: sp.S.Zero}, {x: x + slope * k + constant, k: k + 1}, (x, closed + s), s, exact=True)
    assert decide(goal).proved
    assert decide(replace(goal, update={x: x + slope * k + constant + 1, k: k + 1})).refuted
    assert decide(replace(goal, initial={x: sp.Integer(start + 1), k: sp.S.Zero})).refuted
