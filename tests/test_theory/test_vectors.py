"""Vector calculus in Gram coordinates, against vectors of numbers and numerical derivatives in several dimensions."""

from __future__ import annotations

from collections.abc import Callable

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_theory.evaluation import Evaluation
from theory.kernel import Domain, Equal, decide
from theory.kernel.verdict import Undecidable
from theory.losses import cosine_regression, dot_product_infonce, infonce, unspecified
from theory.refutation.points import points
from theory.vectors import (
    Calculus,
    Cosine,
    Direction,
    Family,
    Jet,
    Norm,
    Vector,
    cosine,
    direction,
    equal_vectors,
    family_sum,
    inner,
    partial,
    squared_norm,
    tangential,
    unit,
    vector,
)

n = sp.Symbol("n", integer=True, positive=True)
FIRST, SECOND = Family("v", n), Family("w", n)
u, a, b = direction("u"), direction("a"), direction("b")
MEMBERS = 2
i, k = (sp.Symbol(name, integer=True, positive=True) for name in "ik")
at_v, at_w = FIRST.member(FIRST.index), SECOND.member(SECOND.index)
CALCULUS = Calculus(u, (a, b), (FIRST, SECOND))
Place = dict[Direction, list[mp.mpf]]

_atoms = st.sampled_from([Norm(u), Cosine(u, a), Cosine(u, b) + Cosine(a, b), Norm(u) * Norm(a) * Cosine(u, a)])
_in_family = st.sampled_from([Cosine(u, at_v), Cosine(u, at_v) ** 2 * Cosine(at_v, a), Norm(u) * Cosine(u, at_v) + Cosine(u, a)])
_shapes: st.SearchStrategy[Callable[[sp.Expr], sp.Expr]] = st.sampled_from(
    [lambda e: e, lambda e: e**2, lambda e: sp.exp(e / 2), lambda e: sp.log(e**2 + 1), lambda e: 1 / (e**2 + 2), lambda e: sp.sqrt(e**2 + 1)]
)


@st.composite
def losses(draw: st.DrawFn) -> sp.Expr:
    """A scalar of norms and cosines with plain, single, double and mixed sums."""
    shape, inner_shape, outer_shape = draw(_shapes), draw(_shapes), draw(_shapes)
    single = FIRST.total(inner_shape(draw(_in_family)))
    double = sp.Sum(FIRST.total(inner_shape(Cosine(u, at_v) * Cosine(u, FIRST.member(i)) + Cosine(at_v, FIRST.member(i)))), (i, 1, n))
    mixed = sp.Sum(SECOND.total(Cosine(u, at_w) * shape(Cosine(u, FIRST.member(i)))), (i, 1, n))
    parts = [shape(draw(_atoms)), single, double, mixed]
    chosen = draw(st.lists(st.sampled_from(parts), min_size=1, max_size=2, unique=True))
    return outer_shape(sp.Add(*chosen) / 3)


def place(seed: int, dimension: int) -> Place:
    """Vectors of numbers for all directions; those of ``u`` come first."""
    rng = mp.mpf(1) / 7
    found = {}
    named = [u, a, b, *(family.member(sp.Integer(m)) for family in (FIRST, SECOND) for m in range(1, MEMBERS + 1))]
    for number, d in enumerate(named):
        found[d] = [mp.sin(seed + 3 * number + (c + 1) * (number + 2) * rng) + mp.mpf(c == number % dimension) for c in range(dimension)]
    return found


def dot(p: list[mp.mpf], q: list[mp.mpf]) -> mp.mpf:
    return mp.fsum(x * y for x, y in zip(p, q, strict=True))


def number(e: sp.Expr, where: Place) -> mp.mpf:
    """A scalar at vectors of numbers."""
    return at_place(where)(sp.sympify(e))


def at_place(where: Place) -> Evaluation:
    """Values of scalars at vectors of numbers."""

    def at(atom: sp.Expr) -> mp.mpf:
        if atom == n:
            return mp.mpf(MEMBERS)
        vectors = [where[d] for d in atom.args]
        lengths = [mp.sqrt(dot(v, v)) for v in vectors]
        return lengths[0] if isinstance(atom, Norm) else dot(*vectors) / mp.fprod(lengths)

    return Evaluation(at)


def coordinates(v: Vector, where: Place) -> list[mp.mpf]:
    """A vector in coordinates."""
    terms, scalar = list(v.terms.items()), at_place(where)
    for family, c in v.families.items():
        terms += [(family.member(sp.Integer(m)), c.subs(family.index, m)) for m in range(1, MEMBERS + 1)]
    total = [mp.mpf(0)] * len(where[u])
    for d, c in terms:
        length = mp.sqrt(dot(where[d], where[d]))
        factor = scalar(sp.sympify(c)) / length if c != 0 else mp.mpf(0)
        total = [t + factor * x for t, x in zip(total, where[d], strict=True)]
    return total


def moved(where: Place, along: list[mp.mpf], step: mp.mpf) -> Place:
    return {**where, u: [x + step * y for x, y in zip(where[u], along, strict=True)]}


def slope(f: Callable[[mp.mpf], mp.mpf]) -> mp.mpf:
    """Central difference of order 4, in 60 digits."""
    return slopes(lambda h: [f(h)])[0]


def slopes(f: Callable[[mp.mpf], list[mp.mpf]]) -> list[mp.mpf]:
    """The same for every component."""
    h = mp.mpf(10) ** -10
    values = zip(*(f(k * h) for k in (1, -1, 2, -2)), strict=True)
    return [(8 * (p - q) - (r - s)) / (12 * h) for p, q, r, s in values]


def near(p: mp.mpf, q: mp.mpf) -> bool:
    return bool(abs(p - q) < mp.mpf(10) ** -25 * (1 + abs(p)))


@pytest.mark.parametrize("dimension", [2, 3, 5])
@given(loss=losses(), seed=st.integers(0, 50))
def test_gradients_are_those_of_finite_differences(dimension: int, loss: sp.Expr, seed: int) -> None:
    with mp.workdps(60):
        where = place(seed, dimension)
        gradient = coordinates(CALCULUS.gradient(loss), where)
        for c in range(dimension):
            axis = [mp.mpf(c == other) for other in range(dimension)]
            assert near(slope(lambda h, axis=axis: number(loss, moved(where, axis, h))), gradient[c])  # type: ignore[misc]


@pytest.mark.parametrize("dimension", [2, 4])
@settings(max_examples=max(4, settings.default.max_examples // 6))
@given(loss=losses(), seed=st.integers(0, 50), along_family=st.booleans())
def test_hessian_vector_products_are_those_of_finite_differences(dimension: int, loss: sp.Expr, seed: int, along_family: bool) -> None:
    along = family_sum(FIRST, Cosine(a, at_v)) if along_family else vector(a) + Cosine(u, b) * unit(b)
    with mp.workdps(60):
        where = place(seed, dimension)
        gradient, direction_ = CALCULUS.gradient(loss), coordinates(along, where)
        product = coordinates(CALCULUS.hessian_times(loss, along), where)
        measured = slopes(lambda h: coordinates(gradient, moved(where, direction_, h)))
        assert all(map(near, measured, product))


@pytest.mark.parametrize("loss", [infonce.LOSS, cosine_regression.LOSS, dot_product_infonce.LOSS], ids=lambda loss: loss.name)
def test_gradients_of_the_losses_are_those_of_finite_differences(loss: object) -> None:
    positive, tau = direction("v_+"), sp.Symbol("tau", positive=True)
    with mp.workdps(60):
        where = {**place(3, 4), positive: [mp.mpf(x) / 7 for x in (3, -2, 5, 1)]}
        fixed = loss.value.subs(tau, sp.Rational(3, 10))  # type: ignore[attr-defined]
        gradient = coordinates(loss.calculus.gradient(fixed), where)  # type: ignore[attr-defined]
        for c in range(4):
            axis = [mp.mpf(c == other) for other in range(4)]
            assert near(slope(lambda h, axis=axis: number(fixed, moved(where, axis, h))), gradient[c])  # type: ignore[misc]


@given(seed=st.integers(0, 30), dimension=st.integers(2, 6))
def test_inner_products_lengths_and_projections_are_those_of_coordinates(seed: int, dimension: int) -> None:
    p = vector(a) - 2 * unit(u) + family_sum(FIRST, Cosine(a, at_v))
    q = family_sum(FIRST, Cosine(u, at_v) ** 2) + family_sum(SECOND, sp.S.One) - vector(b)
    with mp.workdps(60):
        where = place(seed, dimension)
        left, right = coordinates(p, where), coordinates(q, where)
        assert near(number(inner(p, q), where), dot(left, right))
        assert near(number(inner(p, q), where), number(inner(q, p), where))
        assert near(number(squared_norm(q), where), dot(right, right))
        flat = coordinates(tangential(u, q), where)
        assert near(dot(flat, where[u]), mp.mpf(0))
        assert near(number(cosine(p, q), where), dot(left, right) / mp.sqrt(dot(left, left) * dot(right, right)))


def test_a_double_sum_has_twice_the_slope_of_its_factor() -> None:
    square = sp.Sum(FIRST.total(Cosine(u, at_v) * Cosine(u, FIRST.member(i))), (i, 1, n))
    assert decide(Equal(partial(square, Cosine(u, FIRST.member(k))), 2 * FIRST.total(Cosine(u, at_v)))).proved


def test_a_sum_whose_index_has_the_name_of_the_member_is_not_confused_with_it() -> None:
    total = sp.Sum(Cosine(u, FIRST.member(k)) ** 2, (k, 1, n))
    assert partial(total, Cosine(u, FIRST.member(k))) == 2 * Cosine(u, FIRST.member(k))


def test_the_coefficient_of_a_member_moves_with_that_member() -> None:
    loss = FIRST.total(Cosine(u, at_v) ** 2) / 2
    product = Calculus(u, (), (FIRST,)).hessian_times(loss, unit(a))
    expected = (Cosine(a, at_v) - 2 * Cosine(u, a) * Cosine(u, at_v)) / Norm(u) ** 2
    assert decide(Equal(product.families[FIRST], expected)).proved


def test_two_families_are_two_sets_of_variables_of_an_unspecified_loss() -> None:
    slopes = [partial(unspecified.LOSS.value, Cosine(u, family.member(k))) for family in (FIRST, SECOND)]
    assert slopes[0] != slopes[1]
    assert decide(Equal(*slopes)).refuted


def test_a_sum_over_part_of_a_family_is_refused() -> None:
    for low, high in ((2, n), (1, n - 1), (1, sp.Symbol("m", integer=True, positive=True))):
        with pytest.raises(ValueError, match="has members 1 to n"):
            CALCULUS.gradient(sp.Sum(Cosine(u, at_v), (FIRST.index, low, high)))


def test_a_free_symbol_with_the_name_of_the_index_is_refused() -> None:
    with pytest.raises(ValueError, match="name yours otherwise"):
        CALCULUS.gradient(FIRST.index * Cosine(u, a))


def test_a_scalar_of_the_name_of_a_vector_is_not_that_vector() -> None:
    scalar = sp.Symbol("u")
    assert Norm(u).free_symbols == set()
    assert (scalar * Norm(u)).subs(scalar, 2) == 2 * Norm(u)
    assert not decide(Equal(scalar * Cosine(u, a), Cosine(u, a))).proved


def test_inner_products_capture_no_index() -> None:
    p = FIRST.index * unit(a)
    product = inner(p, family_sum(FIRST, sp.S.One))
    assert FIRST.index in product.free_symbols
    assert decide(Equal(product, FIRST.index * sp.Sum(Cosine(a, FIRST.member(k)), (k, 1, n)))).proved


def test_members_at_one_number_are_one_vector() -> None:
    for point in points(Domain(), 12):
        number_ = point.exact(k)
        assert point.exact(Cosine(u, FIRST.member(k))) == point.exact(Cosine(u, FIRST.member(number_)))
        assert point.exact(Cosine(FIRST.member(k), FIRST.member(number_))) == 1
    held = FIRST.total(sp.exp(Cosine(u, at_v))) - sp.exp(Cosine(u, FIRST.member(sp.S.One)))
    assert not decide(Equal(held * 0, 0)).refuted


def test_a_vector_orthogonal_to_several_is_realised_orthogonal_to_all() -> None:
    pairs = ((a, u), (a, b))
    domain = Domain(orthogonal=pairs)
    found = 0
    for point in points(domain, 12):
        try:
            assert point.exact(Cosine(a, u)) == point.exact(Cosine(a, b)) == 0
            found += 1
        except Undecidable:  # in the plane there is none
            continue
    assert found >= 6
    assert decide(Equal(squared_norm(vector(a) + vector(u)), Norm(a) ** 2 + Norm(u) ** 2), domain).proved
    assert decide(Equal(squared_norm(vector(a) + vector(u)), Norm(a) ** 2 + 2 * Norm(u) ** 2), domain).refuted


def test_a_loss_looked_at_from_its_own_place_is_itself() -> None:
    scale = sp.Symbol("c", positive=True)
    here, there = Jet(sp.Symbol("L"), 1, 0), Jet(sp.Symbol("L"), scale, 0)
    verdict = decide(Equal(there, here))
    assert verdict.refuted
    assert verdict.values["c"] != "1"
    assert decide(Equal(there, here), Domain(invariant=("L",))).proved


def test_equal_vectors_are_refuted_by_real_vectors() -> None:
    verdict = decide(equal_vectors(tangential(u, vector(a)), vector(a)))
    assert verdict.refuted
    assert {"u", "a"} <= set(verdict.values)
    assert decide(equal_vectors(Vector({}, {}), Vector({}, {}))).proved


@pytest.mark.parametrize("calculus", [Calculus(u), Calculus(u, (b,)), Calculus(u, (), (SECOND,))])
@pytest.mark.parametrize("f", [Cosine(u, a), sp.exp(Cosine(a, u)) * Norm(u), FIRST.total(sp.exp(Cosine(u, FIRST.member(FIRST.index))))])
def test_a_gradient_that_would_lack_a_part_is_refused(calculus: Calculus, f: sp.Expr) -> None:
    with pytest.raises(ValueError, match="is not among the vectors given"):
        calculus.gradient(f)


@pytest.mark.parametrize("others", [(a, a), (u,), (a, b, a)])
def test_a_vector_that_is_named_twice_is_refused(others: tuple[Direction, ...]) -> None:
    with pytest.raises(ValueError, match="named once"):
        Calculus(u, others)
