"""The normal form: what is identified, what is kept apart, and how generators are made."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from tests.strategies import expressions, rewritten
from theory.kernel import Equal, decide
from theory.kernel.normal_form import NormalForm
from theory.kernel.verdict import Undecidable
from theory.language.sums import depth, distribute, finite, substitute

x, y = sp.symbols("x y", real=True)
p, q = sp.symbols("p q", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True)
f, g = sp.Function("f"), sp.Function("g")


def is_zero(e: sp.Expr) -> bool:
    return bool(NormalForm(e).fraction.up.is_zero())


@pytest.mark.parametrize("e", [
    sp.sqrt(8) - 2 * sp.sqrt(2),
    sp.sqrt(p) * p ** sp.Rational(1, 3) - p ** sp.Rational(5, 6),
    sp.sqrt(p * q / (p + q)) * sp.sqrt(p + q) - sp.sqrt(p) * sp.sqrt(q),
    sp.exp(x / 2) ** 3 * sp.exp(-x) - sp.exp(x / 2),
    sp.exp(sp.log(p) / 2) - sp.sqrt(p),
    sp.log(sp.sqrt(p) * sp.exp(x)) - sp.log(p) / 2 - x,
    p**x * q**x - (p * q) ** x,
    sp.cosh(x) + sp.sinh(x) - sp.exp(x),
    sp.tan(x) * sp.cos(x) - sp.sin(x),
    sp.sin(x) ** 4 - sp.cos(x) ** 4 - 2 * sp.sin(x) ** 2 + 1,
    f(x + y) - f(y + x),
])  # fmt: skip
def test_identities_have_normal_form_zero(e: sp.Expr) -> None:
    assert is_zero(e)


@pytest.mark.parametrize("e", [
    sp.Symbol("g0") - x, sp.Symbol("g1") - sp.Symbol("g0"), sp.Symbol("_0", integer=True) - n, sp.Symbol("log x") - sp.log(x),
    sp.exp(sp.Symbol("log x")) - sp.exp(x), sp.log(sp.Symbol("exp(x)", positive=True)) - x,
    sp.Symbol("x") - sp.Symbol("x", positive=True), f(x) - f(y), f(x) - g(x), sp.exp(x) - sp.exp(2 * x), sp.asin(x) - sp.acos(x),
])  # fmt: skip
def test_names_of_symbols_mean_nothing_to_the_kernel(e: sp.Expr) -> None:
    assert not is_zero(e)


def test_symbols_that_share_the_names_of_generators_stay_themselves() -> None:
    g0, g1 = sp.symbols("g0 g1", real=True)
    assert is_zero(sp.exp(g1 + g0) * sp.sqrt(g0**2) - sp.exp(g0) * sp.Abs(g0) * sp.exp(g1))
    assert not is_zero(sp.Sum(g0 * j, (j, 1, n)) - sp.Sum(g1 * j, (j, 1, n)))
    assert is_zero(sp.Sum(g0 * f(j), (j, 1, n)) - g0 * sp.Sum(f(j), (j, 1, n)))


def test_a_finer_root_restarts_the_session_and_serves_both() -> None:
    form = NormalForm(sp.sqrt(p + 1) + (p + 1) ** sp.Rational(1, 3) + (p + 1) ** sp.Rational(1, 7))
    assert [known.degree for known in form.generators if known.degree] == [42]
    assert len(form.generators) == 2


def test_an_atom_whose_root_occurs_is_a_power_of_that_root() -> None:
    form = NormalForm(sp.sqrt(p) + p ** sp.Rational(1, 3) + p)
    assert [known.atom for known in form.generators] == [p]
    assert form.fraction.powers()[0] == 6


def test_more_generators_than_a_ring_was_made_for_are_no_limit() -> None:
    many = sp.symbols("a:70", positive=True)
    assert is_zero(sp.Add(*many) ** 2 - sp.expand(sp.Add(*many) ** 2))
    assert not is_zero(sp.Add(*many) - sp.Add(*many[1:]))


def test_a_root_of_a_base_that_may_be_negative_is_kept_whole() -> None:
    assert not is_zero(sp.sqrt(x * y) - sp.sqrt(x) * sp.sqrt(y))
    assert not is_zero(sp.log(x * y) - sp.log(x) - sp.log(y))
    assert not is_zero(sp.sqrt(x**2) - x)


def test_what_is_nowhere_defined_has_no_normal_form() -> None:
    with pytest.raises(Undecidable, match="vanishes"):
        NormalForm(1 / (sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1))
    with pytest.raises(Undecidable):
        NormalForm(sp.log(sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1))
    with pytest.raises(Undecidable, match="too large"):
        NormalForm((x + y + p + q) ** 10**6)


def test_the_index_of_a_sum_has_only_the_sign_its_lower_end_gives_it() -> None:
    assert is_zero(sp.Sum(sp.Abs(j), (j, 1, n)) - sp.Sum(j, (j, 1, n)))
    assert is_zero(sp.Sum(sp.Abs(j), (j, 0, n)) - sp.Sum(j, (j, 0, n)))
    assert not is_zero(sp.Sum(sp.Abs(j), (j, -1, n)) - sp.Sum(j, (j, -1, n)))
    assert not is_zero(sp.Sum(sp.Abs(j), (j, i, n)) - sp.Sum(j, (j, i, n)))


def test_an_inner_sum_that_ends_at_the_outer_index_is_not_pulled_out() -> None:
    triangle = sp.Sum(sp.Sum(f(i), (i, 1, j)), (j, 1, n))
    assert not is_zero(triangle - n * sp.Sum(f(i), (i, 1, n)))
    assert is_zero(triangle - sp.Sum(sp.Sum(f(k), (k, 1, i)), (i, 1, n)))


def test_double_sums_over_independent_indices_factor() -> None:
    double = sp.Sum(sp.Sum(f(i) * g(j), (i, 1, n)), (j, 1, n))
    assert depth(double) == 2
    assert is_zero(double - sp.Sum(f(i), (i, 1, n)) * sp.Sum(g(i), (i, 1, n)))


def test_substitution_captures_nothing_and_leaves_bound_indices_alone() -> None:
    total = sp.Sum(f(j) * x, (j, 1, n))
    assert substitute(total, {x: j}).free_symbols == {j, n}
    assert substitute(total, {j: i}) == total
    assert substitute(total, {n: j}).limits[0][2] == j
    assert finite(substitute(total, {x: j}), {n: sp.Integer(2)}) == j * f(1) + j * f(2)


def test_an_index_renamed_does_not_take_the_name_of_what_is_replaced() -> None:
    double = sp.Sum(f(i) * f(j), (j, 1, n), (i, 1, n))
    assert substitute(double * g(j), {j: i}) == double * g(i) or is_zero(substitute(double * g(j), {j: i}) - double * g(i))


def test_substitution_is_simultaneous() -> None:
    assert substitute(x - 2 * y, {x: y, y: x}) == y - 2 * x


@given(expressions)
def test_distributing_sums_changes_no_normal_form(e: sp.Expr) -> None:
    try:
        zero = NormalForm(distribute(e) - e).fraction.up.is_zero()
    except Undecidable:
        return
    assert zero


@given(rewritten())
def test_zero_does_not_depend_on_the_order_of_the_sides(pair: tuple[sp.Expr, sp.Expr]) -> None:
    left, right = pair
    assert decide(Equal(left, right)).status is decide(Equal(right, left)).status
