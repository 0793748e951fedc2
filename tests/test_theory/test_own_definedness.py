"""What a proof takes to be defined: all of it is said, and nothing that is certain."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.test_theory.own_statements import TRUE, Own
from theory.statements import prove
from theory.statements.draws import Draws, bounds_of
from theory.statements.evaluation import compare
from theory.statements.grammar import parse_expression
from theory.statements.kinds import read
from theory.statements.source import Source
from theory.statements.typed import typed

WHERE_DEFINED = (
    (Own("log(x**2) == 2*log(x)"), ("x must be positive",)),
    (Own("log(x*y) == log(x) + log(y)"), ("x*y must be positive", "x must be positive", "y must be positive")),
    (Own("log(2*x) == log(2) + log(x)", {}, ("x > 0",)), ()),
    (Own("sqrt(x)**2 == x"), ("x must not be negative",)),
    (Own("sqrt(x)**2 == x", {}, ("x >= 1",)), ()),
    (Own("x**(1/2) >= 0"), ("x must not be negative",)),
    (Own("x**-2 > 0"), ("x must not be 0",)),
    (Own("x/x == 1"), ("x must not be 0",)),
    (Own("x/x == 1", {}, ("x != 0",)), ()),
    (Own("x/x == 1", {}, ("x < 0",)), ()),
    (Own("0/x == 0"), ("x must not be 0",)),
    (Own("x/(x*norm(u)*exp(y)) == 1/(norm(u)*exp(y))"), ("x must not be 0",)),
    (Own("1/(x**2 + 1) <= 1"), ()),
    (Own("tan(x) == sin(x)/cos(x)"), ("cos(x) must not be 0",)),
    (Own("log(x - y) == log(x - y)"), ("x - y must be positive",)),
    (Own("log(x - y) == log(x - y)", {}, ("x > y",)), ()),
    (Own("log(x)*log(x) >= 0", {}, ("log(x) > 1",)), ()),
    (Own("arccos(x) == arccos(x)"), ("x must be between -1 and 1",)),
    (Own("arccos(cos(u, v)) == arccos(cos(u, v))"), ()),
    (Own("sqrt(-x**2) > -1"), ("-x**2 must not be negative",)),
    # kinks
    (Own("diff(abs(x), x)**2 == 1"), ("x must not be 0",)),
    (Own("diff(abs(y)*x, x) == abs(y)"), ()),
    (Own("diff(arcsin(x), x) == 1/sqrt(1 - x**2)"), ("x must be above -1 and below 1", "1 - x**2 must be positive")),
    (Own("diff(max(x, y), x) == diff(max(y, x), x)"), ("x and y must differ",)),
    (Own("diff(sqrt(x**2 + 1), x) == x/sqrt(1 + x**2)"), ()),
    (Own("dot(u, grad(L, u)) == 0", {"L": "max(0, cos(u, v))"}), ("0 and cos(u, v) must differ",)),
    (Own("grad(norm(u - v), u) == unit(u - v)"), ("u - v must not be 0",)),
    # directions of vectors
    (Own("norm(unit(u)) == 1"), ()),
    (Own("cos(proj(u, v), u) == 0"), ("proj(u, v) must not be 0",)),
    (Own("norm(unit(a*u)) == 1"), ("a must not be 0",)),
    (Own("norm(unit(w)) == 1", {"w": "u - v"}), ("w must not be 0",)),
    (Own("unit(u - v) == (u - v)/norm(u - v)", {}, ("norm(u - v) > 0",)), ()),
    # sums, definitions, scales
    (Own("sum(x[j]/x[j], j, 1, n) == n"), ("x[j] must not be 0 for every j",)),
    (Own("sum(1/x[j], j, 1, n) == sum(1/x[j], j, 1, n)"), ("x[j] must not be 0 for every j",)),
    (Own("sum(x/(j + 1), j, 0, 2) == x*(1 + 1/2 + 1/3)"), ()),
    (Own("M == M", {"M": "2/L", "L": "x"}), ("L must not be 0",)),
    (Own("scale_invariant(cos(u, v)/cos(u, w), u)"), ("cos(u, w) must not be 0",)),
    (Own("scale_invariant(0*log(norm(u) - 1), u)"), ("norm(u) - 1 must be positive", "norm(u) - 1 must be positive, at c*u as well")),
)


@pytest.mark.parametrize(("own", "conditions"), WHERE_DEFINED, ids=str)
def test_a_proof_says_all_that_it_takes_to_be_defined_and_no_more(own: Own, conditions: tuple[str, ...]) -> None:
    result = prove(*own)
    assert result.verdict == "proved", result.note
    assert result.conditions == conditions


def as_condition(words: str) -> str:
    """What a result says of definedness, as one types it."""
    for said, form in ((" must not be 0", "{} != 0"), (" must not be negative", "{} >= 0"), (" must be positive", "{} > 0"),
                       (" must be between -1 and 1", "-1 <= {} <= 1"), (" must be above -1 and below 1", "-1 < {} < 1")):  # fmt: skip
        if words.endswith(said):
            return form.format(words.removesuffix(said))
    return words.removesuffix(" must differ").replace(" and ", " != ")


@pytest.mark.parametrize("own", [*TRUE, *(own for own, _ in WHERE_DEFINED)], ids=str)
def test_where_what_is_said_holds_everything_has_a_value(own: Own) -> None:
    said = prove(*own).conditions
    if any(" every " in c or " as well" in c for c in said):
        return  # there is no such condition in the language
    problem = read(own.statement, own.where, (*own.given, *map(as_condition, said)))
    draws, seen = Draws(problem, seed=5), 0
    draws.bounds = bounds_of(problem, implied=False)  # outside of what the statement itself implies, too
    for dimension in range(1, draws.most_dimensions() + 1):
        for place in draws.places(dimension, 40):
            if all(x == 0 or Fraction(1, 20) < abs(x) < 20 for x in place.scalars.values()):  # nothing under- or overflows
                compare(problem, problem.statement, place)  # raises what is undefined
                seen += 1
    assert seen


@pytest.mark.parametrize(
    "text", ["-x**2", "(-x)**2", "x - (y - z)", "x/(y*z)", "2*-x", "x**(1/2)", "sum(cos(u, v[j]), j, 1, n)", "-(x + y)", "(x**y)**z"]
)
def test_a_part_is_shown_as_it_is_typed(text: str) -> None:
    assert typed(parse_expression(Source(text))) == text
