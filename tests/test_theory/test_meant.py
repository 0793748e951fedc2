"""What a letter means bounds where counterexamples are looked for, and nothing that is proved."""

from __future__ import annotations

from dataclasses import replace
from math import gcd

import pytest
import sympy as sp
from flint import arb

from theory.kernel import AtLeast, ByInduction, Domain, Equal, Interval, Status, decide
from theory.kernel.verdict import Undecidable
from theory.letters import COSINE, COUNT, PROBABILITY, Letter, exactly, meant, plainly, third_cosine, words
from theory.refutation.points import Point, points
from theory.refutation.search import broken_orbit, counterexample
from theory.vectors import direction

p, q, b = sp.symbols("p q b", positive=True)
x = sp.Symbol("x", real=True)
f = sp.Function("f", real=True)
LETTERS = {
    "p": Letter("probability", PROBABILITY), "q": Letter("another", Interval(0, 1 - p)), "b": Letter("batch size", COUNT),
    "x": "any number", "f": Letter("cosine", COSINE),
}  # fmt: skip


def wrong(gap: arb) -> bool:
    return bool(gap > 0 or gap < 0)


@pytest.mark.parametrize("seed", range(24))
def test_points_lie_where_the_letters_mean_what_they_say(seed: int) -> None:
    goal = Equal(p + q + b + f(2), x)
    point = list(points(meant(Domain(), goal, LETTERS), 24))[seed]
    here = {s: point.exact(s) for s in (p, q, b, f(2))}
    assert 0 < here[p] < here[p] + here[q] < 1
    assert here[b].is_integer
    assert -1 <= here[f(2)] <= 1
    assert point.admitted


def test_a_range_of_whole_numbers_admits_no_others() -> None:
    whole, all_ = (Domain({b: Interval(1, 3, low_open=False, whole=w)}) for w in (True, False))
    half = sp.Rational(3, 2)
    point = next(points(whole, 1))
    assert not point.lies(half, whole.ranges[b], whole.ranges[b].ends)
    assert point.lies(half, all_.ranges[b], all_.ranges[b].ends)
    assert whole.ranges[b].is_part_of(all_.ranges[b])
    assert not all_.ranges[b].is_part_of(whole.ranges[b])


def test_a_letter_that_the_dropped_hypothesis_bounds_is_free() -> None:
    goal = Equal(p, x)
    assert meant(Domain(), goal, LETTERS).ranges == {p: PROBABILITY}
    assert meant(Domain(), goal, LETTERS, free=Domain({p: PROBABILITY})) == Domain()


def test_no_letter_leaves_what_the_domain_says_of_it() -> None:
    goal = Equal(p * b, x)
    inside = meant(Domain({p: Interval(sp.Rational(1, 2), 4), b: Interval(sp.Rational(5, 2), sp.oo)}), goal, LETTERS)
    for point in points(inside, 24):
        assert sp.Rational(1, 2) < point.exact(p) < 1
        assert point.exact(b) >= 3


def test_a_letter_whose_bound_another_letter_sets_is_bounded_only_beside_it() -> None:
    assert meant(Domain(), Equal(q, x), LETTERS) == Domain()
    assert q in meant(Domain(), Equal(q + p, x), LETTERS).ranges


def test_what_is_proved_is_proved_everywhere_and_what_fails_only_elsewhere_is_refuted_there() -> None:
    assert plainly(Equal(b / b, sp.S.One), Domain(), LETTERS).proved
    true_of_probabilities = AtLeast(1, p)
    assert decide(true_of_probabilities, Domain({p: PROBABILITY})).proved
    beyond = plainly(true_of_probabilities, Domain(), LETTERS)
    assert beyond.status is Status.REFUTED
    assert sp.Rational(beyond.values["p"]) > 1


def test_a_goal_is_refuted_where_its_letters_mean_something_if_it_is_there() -> None:
    assert sp.Rational(plainly(Equal(p, 1 - p), Domain(), LETTERS).values["p"]) < 1
    assert sp.Rational(plainly(Equal(b, sp.Rational(1, 2)), Domain(), LETTERS).values["b"]).is_integer


def test_only_what_a_statement_is_about_is_printed_of_a_point() -> None:
    found = counterexample(p, sp.S.Zero, Domain({b: Interval(0, x), x: Interval(1, 2)}), wrong)
    assert found is not None
    assert set(found.values) == {"p"}


def test_a_broken_induction_is_shown_at_the_step_at_which_it_breaks() -> None:
    goal = ByInduction(b - 1, {b: sp.S.One}, {b: b + 1}, (b, x), x, exact=True)
    found = broken_orbit(goal, Domain({b: COUNT}))
    assert found is not None
    assert found.values == {"b": "2"}


def test_words_alone_will_do() -> None:
    assert [words(said) for said in (LETTERS["x"], LETTERS["p"])] == ["any number", "probability"]


def test_points_have_signs_turned_vectors_and_short_projections() -> None:
    a, b, c = direction("a"), direction("b"), direction("c")
    at = [Point(Domain(signs=(a,), turned=((c, b),), orthogonal=((b, c),)), seed) for seed in range(6)]
    assert all(set(p.coordinates(a)) <= {1, -1} for p in at)
    even = [p for p in at if p.dimension % 2 == 0]
    assert even
    assert all(p.coordinates(c) == (*(-x for x in p.coordinates(b)[p.dimension // 2 :]), *p.coordinates(b)[: p.dimension // 2]) for p in even)
    assert all(p.admitted for p in even)
    for p in (q for q in at if q.dimension % 2):
        with pytest.raises(Undecidable):
            p.coordinates(c)
    projected = [Point(Domain(orthogonal=((a, b),)), seed).coordinates(a) for seed in range(6)]
    assert all(gcd(*v) == 1 for v in projected)


@pytest.mark.parametrize("a", [sp.Rational(-7, 8), sp.S.Zero, sp.Rational(1, 3)])
@pytest.mark.parametrize("b", [sp.Rational(-1, 2), sp.Rational(5, 6)])
def test_three_cosines_that_are_drawn_are_those_of_three_vectors(a: sp.Rational, b: sp.Rational) -> None:
    for x in third_cosine(a, b).ends:
        assert 1 - a**2 - b**2 - x**2 + 2 * a * b * x >= 0  # the Gram determinant


def test_a_setting_beyond_the_usual_values_of_a_letter_is_left_as_it_is() -> None:
    m = sp.Symbol("m", positive=True)
    there = Domain(ranges={m: Interval(sp.Rational(3, 2), 2)})
    letters = {"m": Letter("margin", Interval(0, sp.Rational(1, 2)))}
    assert meant(there, AtLeast(m, sp.S.Zero), letters).ranges == there.ranges
    assert meant(Domain(), AtLeast(m, sp.S.Zero), letters).ranges[m].high == sp.Rational(1, 2)


def test_a_value_that_a_letter_has_by_others_refutes_nothing_where_the_domain_does_not_have_it() -> None:
    """What letters mean steers the search; every point is in the ranges that the goal was asked in all the same."""
    above = Domain(ranges={x: Interval(sp.S.Zero, sp.S.One)})
    there = meant(above, AtLeast(x + p, p), {"x": Letter("less than nothing", exactly(-p - 1))})
    assert there.ranges[x].is_point
    assert not decide(AtLeast(x + p, p), there).refuted
    assert decide(AtLeast(x + p, p), replace(there, besides={})).refuted  # as it would be


def test_only_where_counterexamples_are_sought_a_number_may_be_beyond_what_is_assumed_of_a_letter() -> None:
    nonnegative, one = sp.Symbol("m", nonnegative=True), exactly(-sp.Symbol("k"))
    with pytest.raises(ValueError, match="not visibly a part of what its assumptions allow"):
        Domain(ranges={nonnegative: one})
    assert Domain(ranges={nonnegative: one}, besides={}).ranges == {nonnegative: one}
