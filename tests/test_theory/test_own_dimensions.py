"""Refutations in the smallest dimension that shows them: statements of which it is known, with and without conditions."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest

from tests.test_theory.own_checks import confirmed
from tests.test_theory.own_statements import Own
from theory.statements import prove
from theory.statements.draws import Draws
from theory.statements.evaluation import Place
from theory.statements.floats import Floats, Unclear
from theory.statements.grids import axes, levels
from theory.statements.kinds import read
from theory.statements.syntax import Relation
from theory.statements.thorough import Thorough

UNITS = ("norm(u) == 1", "norm(v) == 1", "norm(w) == 1")
SMALLEST = (
    # (statement, its smallest dimension): on a line cosines are 1 or -1, in a plane angles add up
    (Own("dot(u, v) == norm(u)*norm(v)", {}, ("norm(u) == 1",)), 1),
    (Own("dot(u, v)*dot(v, w)*dot(u, w) <= 0", {}, ("norm(u) == norm(v)",)), 1),
    (Own("dot(u, w) == 0", {}, ("dot(u, v) > 0", "dot(v, w) > 0", "norm(u) == 1")), 1),
    (Own("norm(u + v) > norm(u)", {}, ("norm(v) >= 3",)), 1),
    (Own("dot(u, v) >= 0", {}, ("dot(u, w) > 0", "dot(v, w) > 0")), 2),  # signs of numbers: not on a line
    (Own("dot(u, v) > 0", {}, ("dot(u, w) > 0", "dot(v, w) > 0")), 2),
    (Own("dot(u, v) >= 0", {}, ("cos(u, w) >= 1/2", "cos(v, w) >= 1/2")), 2),
    (Own("cos(u, v) >= 7/10", {}, ("cos(u, w) >= 9/10", "cos(v, w) >= 9/10")), 2),  # at least 0.62
    (Own("cos(u, v) > 63/100", {}, ("cos(u, w) >= 9/10", "cos(v, w) >= 9/10")), 2),
    (Own("cos(u, v) >= -9/10", {}, ("cos(u, w) >= 1/10", "cos(v, w) >= 1/10")), 2),
    (Own("cos(u, v) >= 0", {}, ("cos(u, w) == 3/5", "cos(v, w) == 3/5")), 2),
    (Own("dot(u, v) == 0", {}, ("dot(u, w) == 0", "dot(v, w) == 0")), 2),
    (Own("norm(u + v) >= norm(u)", {}, ("dot(u, w) > 0", "dot(v, w) > 0")), 2),
    (Own("norm(u + v) >= 1", {}, ("norm(u) == 1", "norm(v) == 1", "dot(u, v) >= -9/10")), 2),
    (Own("cos(u, v) + cos(v, w) + cos(u, w) >= -14/10"), 2),  # 120 degrees; on a line at least -1
    (Own("norm(u + v + w) >= 1", {}, (*UNITS, "dot(u, v) >= -6/10", "dot(v, w) >= -6/10", "dot(u, w) >= -6/10")), 2),
    (Own("dot(u, v) >= 0", {}, ("dot(u, w) > 0", "dot(w, x) > 0", "dot(x, v) > 0", "norm(w) == 1", "norm(x) == 1")), 2),
    (Own("cos(u, v) >= x", {}, ("cos(u, w) >= x", "cos(v, w) >= x", "x > 0")), 2),
    (Own("norm(grad(L, u)) <= 1/(2*norm(u))", {"L": "cos(u, v)"}, ("dot(u, v) > 0",)), 2),
    (Own("dot(u, v)**2 == norm(u)**2*norm(v)**2", {}, ("dot(u, w) == 0", "dot(v, w) == 0")), 3),
    (Own("norm(u + v + w) >= 1", {}, (*UNITS, "dot(u, v) >= -4/10", "dot(v, w) >= -4/10", "dot(u, w) >= -4/10")), 3),
    (Own("cos(u, v)**2 + cos(u, w)**2 >= 1/4", {}, ("dot(v, w) == 0",)), 3),
    (Own("cos(u, v)**2 + cos(u, w)**2 + cos(v, w)**2 >= 1", {}, ("dot(u, w) == 0", "dot(v, w) == 0")), 3),
)


@pytest.mark.parametrize(("own", "dimension"), SMALLEST, ids=str)
def test_a_refutation_is_in_the_smallest_dimension(own: Own, dimension: int) -> None:
    result = prove(*own)
    assert result.verdict == "refuted", result.note
    assert result.counterexample is not None
    assert result.counterexample.dimension == dimension
    assert confirmed(own, result)


@pytest.mark.parametrize(("own", "dimension"), [pair for pair in SMALLEST if pair[1] > 1], ids=str)
def test_below_it_the_statement_is_not_seen_to_fail(own: Own, dimension: int) -> None:
    problem = read(*own)
    if own.where:
        pytest.skip("derivatives are left to the exact evaluator")
    search = Thorough(problem, Draws(problem))
    assert not list(search.failing(dimension - 1))


def test_places_of_irrational_coordinates_are_not_seen_and_the_note_says_what_was_tried() -> None:
    """In the plane no two rational vectors are at 60 degrees; in space there are some."""
    result = prove("cos(u, v) >= -1/4", given=["cos(u, w) == 1/2", "cos(v, w) == 1/2"])
    assert result.counterexample is not None
    assert result.counterexample.dimension == 3
    nowhere = prove("dot(u, v) == 7", given=["dot(u, v) > norm(u)*norm(v)"])
    assert "rational coordinates were tried in dimensions 1 to 2" in nowhere.note


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        ("x*y <= 99/100", ("x**2 + y**2 <= 2", "x > y")),
        ("x*y*z <= 99/100", ("x + y + z <= 3", "x > 0", "y > 0", "z > 0", "x > y")),
    ],
)
def test_small_sets_of_numbers_are_found_by_steps(statement: str, given: tuple[str, ...]) -> None:
    result = prove(statement, given=given)
    assert result.verdict == "refuted", result.note


def test_it_is_the_same_every_time() -> None:
    own = Own("cos(u, v) > 63/100", {}, ("cos(u, w) >= 9/10", "cos(v, w) >= 9/10"))
    assert prove(*own).counterexample == prove(*own).counterexample


@pytest.mark.parametrize("dimension", [1, 2, 3, 5])
def test_grids_have_no_zero_and_units_are_exact(dimension: int) -> None:
    for pool in levels(dimension, random.Random(0)):
        assert all(len(v) == dimension and any(v) for v in pool)
    assert all(len(v) == dimension and any(v) for v in axes(dimension))
    circle = levels(2, random.Random(0))[1]
    assert (Fraction(3, 5), Fraction(4, 5)) in circle
    assert all(x * x + y * y == 1 for x, y in circle)
    assert len(set(circle)) == len(circle)
    assert all(sum(x * x for x in v) == 1 for v in levels(3, random.Random(0))[2])


PLACE = Place(
    2, {"u": (Fraction(3), Fraction(4)), "v": (Fraction(0), Fraction(2)), "v[1]": (Fraction(1), Fraction(0))}, {"x": Fraction(2)}, {"n": 1}
)
VALUES = (
    ("norm(u)", 5), ("dot(u, v)", 8), ("cos(u, v)", 4 / 5), ("norm(2*u - v/x)", math.hypot(6, 7)), ("norm(unit(u))", 1),
    ("norm(proj(v, u))", 3), ("max(x, 3, norm(u)) - min(x, 3)", 3), ("abs(-x)*pi + exp(0)", 2 * math.pi + 1),
    ("sum(dot(u, v[j]), j, 1, n)", 3), ("norm(sum(j*v[j], j, 1, n))", 1), ("x**3 - sqrt(x**2)", 6), ("dot(w, w)", 100),
    ("cos(x - 2)", 1), ("norm(u - 0)", 5),
)  # fmt: skip


@pytest.mark.parametrize(("text", "value"), VALUES, ids=str)
def test_values_in_double_precision(text: str, value: float) -> None:
    problem = read(f"{text} >= {value!r}", {"w": "2*u"} if "w" in text else {})
    assert isinstance(problem.statement, Relation)
    assert Floats(problem, PLACE).margin(problem.statement) == pytest.approx(0, abs=2e-9)
    assert Floats(problem, PLACE).shortfall(problem.statement) == 0


@pytest.mark.parametrize("text", ["log(-norm(u)) > 0", "norm(grad(dot(u, v), u)) > 0", "1/(x - 2) > 0", "exp(exp(exp(10*x))) > 0"])
def test_what_has_no_value_in_double_precision_is_left_open(text: str) -> None:
    problem = read(text)
    assert isinstance(problem.statement, Relation)
    with pytest.raises(Unclear):
        Floats(problem, PLACE).margin(problem.statement)
