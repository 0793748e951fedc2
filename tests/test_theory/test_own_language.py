"""The language of statements: what is read how, and what is refused, each time with a caret under the place."""

from __future__ import annotations

import pytest
import sympy as sp

from theory.statements import StatementError, loss, prove, update
from theory.statements.kinds import read
from theory.statements.source import Source
from theory.statements.written import written
from theory.vectors import Norm, direction, equal_vectors, unit


@pytest.mark.parametrize(
    ("text", "said", "at"),
    [
        ("", "a name, a number or '(' is expected here, not the end of the text", 0),
        ("x", "a relation is missing", 1),
        ("x = y", "equality is written ==", 2),
        ("x == y = z", "equality is written ==", 7),
        ("x == y == z", "one relation is a statement", 7),
        ("x != y", "!= is a condition, not a statement", 2),
        ("dot(u, v == 0", "')' is expected here, not '=='", 9),
        ("dot(u) == 0", "dot takes 2 arguments, not 1", 3),
        ("norm(u, v) == 0", "norm takes 1 argument, not 2", 4),
        ("cos(u, v, w) == 0", "cos takes two vectors, or one scalar", 0),
        ("max(x) == 0", "max takes two scalars or more", 0),
        ("normm(u) == 0", "normm is no function", 0),
        ("u(v) == 0", "u is no function", 0),
        ("x y == 0", "products are written *", 2),
        ("2x == 0", "products are written *", 1),
        ("x^2 == 0", "powers are written **", 1),
        ("x·y == 0", "products are written *", 1),
        ("norm == 0", "norm is a function", 0),
        ("sum == 0", "sum is a function", 0),
        ("τ == 0", "write tau", 0),
        ("х == 0", "CYRILLIC SMALL LETTER HA", 0),
        ("ｘ == 0", "FULLWIDTH LATIN SMALL LETTER X", 0),
        ("x == '1'", "APOSTROPHE", 5),
        ("x.real == 1", "FULL STOP", 1),
        ("x == 1; y == 2", "SEMICOLON", 6),
        ("x == 1\x00", "U+0000", 6),
        ("__import__(x) == 0", "__import__ is no function", 0),
        ("dot(u, v)*u*v == 0", "a product of two vectors", 11),
        ("u*v == norm(u) + norm(v)", "a product of two vectors; their inner product is dot(u, v)", 1),
        ("u + norm(u) == 0", "a vector is needed here, this is a scalar", 2),
        ("u + 1 == v + norm(u)*v", "", 2),
        ("norm(u) == u", "", 8),
        ("u <= v + unit(u)", "u is a vector elsewhere, and a scalar is needed here", 0),
        ("exp(u) == norm(u)", "u is a vector elsewhere, and a scalar is needed here", 4),
        ("1/u == norm(u)", "u is a vector elsewhere", 2),
        ("unit(u)**2 == 1", "a scalar is needed here, this is a vector", 0),
        ("v[1] == v", "v is a family elsewhere", 8),
        ("v[j] == 0", "a member is named by the index of a sum around it", 2),
        ("v[0] == 0", "members have numbers from 1 to 30", 2),
        ("v[31] == 0", "members have numbers from 1 to 30", 2),
        ("norm(v[1])[1] == 0", "the formula is complete before '['", 10),
        ("sum(x, j, 1, n)*j == 0", "j is the index of a sum; outside of it, it means nothing", 16),
        ("sum(sum(x, j, 1, n), j, 1, n) == 0", "j is the index of a sum around this one", 4),
        ("sum(x, 1, 1, n) == 0", "the index is a name", 7),
        ("sum(x, j, 1) == 0", "sum takes 4 arguments, not 3", 3),
        ("sum(x, j, 2, n) == 0", "begins at 1", 10),
        ("sum(x, j, k, n) == 0", "a sum begins at a whole number", 10),
        ("sum(x, j, 1, n + 1) == 0", "a sum ends at a whole number, or at a name for one", 15),
        ("sum(x, j, 1, 1000000) == 0", "1 to 30 terms, this one 1000000", 13),
        ("sum(dot(u, v[j]), j, 1, n) == sum(dot(u, v[j]), j, 1, m)", "v has n members elsewhere, and m here", 41),
        ("sum(dot(u, v[j]), j, 1, n) == dot(u, v[2])", "only the first is sure to be there", None),
        ("sum(norm(n), j, 1, n) == 0", "n is a scalar elsewhere", 9),
        ("grad(norm(u), unit(u)) == 0", "with respect to a variable", 14),
        ("hess(norm(u), 2, u) == 0", "with respect to a variable", 14),
        ("diff(x**2, 2*x) == 0", "with respect to a variable", 12),
        ("scale_invariant(norm(u), 2*u)", "with respect to a variable", 26),
        ("dot(u, grad(L, u)) == 0", "L does not depend on u; is a definition missing?", 12),
        ("hess(norm(v), u, v) == 0", "this does not depend on u", 5),
        ("diff(x**2*y, z) == 0", "this does not depend on z", 9),
        ("diff(3, z) == 0", "this does not depend on z", 5),
        ("scale_invariant(L, u)", "L does not depend on u", 16),
        ("grad(norm(v[2]), v[1]) == 0", "this does not depend on v[1]", 5),
        ("grad(sum(dot(u, v[j]), j, 1, n), v[1]) == u", "v has a symbolic number n of members", 33),
        ("scale_invariant(sum(cos(u, v[j]), j, 1, n), v[1])", "v has a symbolic number n of members", 44),
        ("diff(sum(x[j]**2, j, 1, n), x[1]) == 0", "x has a symbolic number n of members", 28),
        ("scale_invariant(norm(u), u) == 1", "the formula is complete before '=='", 28),
        ("1 + scale_invariant(norm(u), u) == 1", "a whole statement, not a part of one", 4),
        ("x == 1e99", "a number of more than 40 digits, or beyond 1e30", 5),
        ("x == " + "9" * 50, "a number of more than 40 digits", 5),
        ("x**65 == 0", "an exponent beyond 64", 3),
        ("x**(64*64) == 0", "an exponent beyond 64", 6),
        ("x**-65 == 0", "an exponent beyond 64", 3),
        ("x**(1/100) == 0", "a root beyond the 64th", 5),
        ("10**64**64 == x", "an exponent beyond 64", 6),
        ("(10**64)**64 == x", "a number of more than 300 digits", 8),
        ("1/0 == x", "a division by 0", 1),
        ("0**-1 == x", "a division by 0", 1),
        ("(" * 100 + "x" + ")" * 100 + " == 0", "nested more than 60 deep", 60),
        ("-" * 100 + "x == 0", "nested more than 60 deep", 60),
        ("x" + "**2" * 70 + " == 0", "", None),
        ("x" + " + 1" * 200 + " == 0", "more than 100 operations in a row", None),
        ("x + " * 3000 + "x == 0", "characters", 10_000),
    ],
)
def test_what_is_no_statement_is_refused_with_its_place(text: str, said: str, at: int | None) -> None:
    with pytest.raises(StatementError) as caught:
        read(text)
    error = caught.value
    assert said in str(error)
    assert "\n" not in str(error)
    if at is not None:
        assert error.spot.position == at
    _, shown, caret = error.shown.split("\n")
    assert caret.index("^") <= len(shown)
    if at is not None and at < min(len(text), 30):
        assert shown[caret.index("^")] in (text[at], " ")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"L": "L + 1"}, "definitions go in a circle: L -> L"),
        ({"L": "M", "M": "2*K", "K": "L"}, "definitions go in a circle: L -> M -> K -> L"),
        ({"L": "u +"}, "is expected here, not the end of the text"),
        ({"L": "norm(u"}, "')' is expected here"),
        ({"L": "x == y"}, "the formula is complete before '=='"),
        ({"norm": "x", "L": "x"}, "norm has a meaning of its own and cannot be defined"),
        ({"pi": "3", "L": "x"}, "pi has a meaning of its own"),
        ({"2x": "3", "L": "x"}, "the name of ASCII letters"),
        ({"Л": "3", "L": "x"}, "the name of ASCII letters"),
        ({"L": "sum(x, k, 1, 3)", "k": "2"}, "cannot be an index"),
        ({"L": "u"}, ""),
        ({"l": "norm(u)"}, "l is defined but not used; did you mean L?"),
        ({"K": "norm(u)"}, "K is defined but not used"),
        ({"L": "norm(u)", "M": "2*L"}, "M is defined but not used"),
        ({"L": "norm(u)", "v": "x"}, "v is defined but not used"),
        ({"L": "u[1]*norm(w)", "u": "exp(x)"}, ""),
    ],
)
def test_a_definition_that_is_none_is_refused(where: dict[str, str], said: str) -> None:
    with pytest.raises(StatementError) as caught:
        read("L*k == norm(u)", where) if "k" in where else read("L == norm(u)", where)
    assert said in str(caught.value)


@pytest.mark.parametrize("given", ["x", "x = 1", "u > 0", "norm(u) <", "x > 0 and y > 0", "1 < u < 2"])
def test_a_condition_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(StatementError):
        read("dot(u, v) == 0", {}, (given,))


@pytest.mark.parametrize(
    ("text", "vectors"),
    [
        ("dot(u, v) == x", {"u", "v"}),
        ("a*u == v + norm(w)*b", {"w"}),
        ("a*u == proj(v, w) + norm(w)*b", {"u", "v", "w", "b"}),
        ("x*y == z", set()),
        ("grad(L*norm(u), u) == 0", {"u"}),
        ("x == y", set()),
        ("u - x*unit(v) == 0", {"u", "v"}),
        ("sum(x[j]*v[j], j, 1, n) == unit(u)", {"v", "u"}),
        ("a*(b + unit(c)) == d/x", {"b", "c", "d"}),
    ],
)
def test_vectors_and_scalars_are_told_apart_by_use(text: str, vectors: set[str]) -> None:
    roles = read(text).roles
    assert {name for name, kind in roles.kinds.items() if kind == "vector"} == vectors


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("-x**2 == y", "-(x**2) == y"),
        ("2**3**2 == y", "2**(3**2) == y"),
        ("x - y - z == 0", "(x - y) - z == 0"),
        ("x/y*z == 0", "(x/y)*z == 0"),
        ("x**-1 == 0", "1/x == 0"),
        ("- -x == 0", "x == 0"),
        ("-x*y == 0", "(-x)*y == 0"),
        ("2*-x == 0", "-2*x == 0"),
        (".5 == x", "1/2 == x"),
        ("1.5e1 == x", "15 == x"),
    ],
)
def test_precedence_is_that_of_python(one: str, other: str) -> None:
    left, right = (side.replace(" == ", " - (") + ")" for side in (one, other))
    assert prove(f"{left} == {right}").verdict == "proved"


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("norm(u - eta*grad(L, u))**2 == 1", r"\lVert u - \eta\, \nabla_{u} L\rVert^{2} = 1"),
        ("x - (y - z) <= 2*(x + y)", r"x - \left(y - z\right) \le 2\, \left(x + y\right)"),
        ("sum(cos(u, v[j]), j, 1, n) >= 0", r"\sum_{j=1}^{n} \cos(u, v_{j}) \ge 0"),
        ("(x + y)**2/tau == u_next", r"\frac{{\left(x + y\right)}^{2}}{\tau} = u_{next}"),
        ("(-x)**2 == -x**2", r"{\left(-x\right)}^{2} = -{x}^{2}"),
        ("x + -y == 0", r"x + \left(-y\right) = 0"),
    ],
)
def test_a_statement_is_typeset_as_it_was_typed(text: str, latex: str) -> None:
    assert written(read(text, {"L": "norm(u)"} if "L" in text else {}).statement) == latex


def test_nothing_in_a_text_is_executed(tmp_path) -> None:
    target = tmp_path / "touched"
    for text in (f"open({str(target)!r}, 'w') == 0", "exec(x) == 0", "().__class__ == 0", "x.__class__ == 0", "lambda: 0 == 0"):
        with pytest.raises(StatementError):
            read(text)
    assert not target.exists()


def test_definitions_that_double_thirty_times_end() -> None:
    where = {f"d{i}": f"d{i + 1}*d{i + 1} + x" for i in range(9)} | {"d9": "x"}
    assert read("d0 == d1", where).definitions.keys() == where.keys()
    deep = {f"d{i}": f"d{i + 1} + d{i + 1}" for i in range(40)} | {"d40": "x"}
    with pytest.raises(StatementError, match="more than 30 deep"):
        read("d0 == 0", deep)


def test_a_loss_is_one_expression() -> None:
    cosine = loss("L = -cos(u, v)/tau", given=["tau > 0"])
    assert cosine.name == "L"
    assert cosine.scale_invariant
    assert not loss("norm(u - v)**2").scale_invariant
    gradient = cosine.calculus.gradient(cosine.value)
    from theory.kernel import decide
    from theory.vectors import inner, vector

    assert decide(equal_vectors(gradient, gradient)).proved
    assert inner(vector(direction("u")), gradient).expand() == 0
    with pytest.raises(StatementError, match="no vector w"):
        loss("-cos(u, v)/tau", of="w")
    with pytest.raises(StatementError, match="a scalar is expected"):
        loss("unit(u)")


def test_an_update_rule_is_one_expression() -> None:
    from theory.kernel import Equal, decide
    from theory.vectors import squared_norm

    step = update("u - eta*grad(L, u)", where={"L": "-cos(u, v)/tau"}, given=["tau > 0"])
    shrunk = update("(1 - eta*lam)*u")
    assert shrunk.terms.keys() == unit(direction("u")).terms.keys()
    longer = squared_norm(step) - Norm(direction("u")) ** 2
    assert not decide(Equal(longer, longer * 2)).proved
    with pytest.raises(StatementError, match="a vector is expected"):
        update("norm(u)")


def test_conditions_of_an_update_rule_are_put_into_what_is_made_of_it() -> None:
    from theory.vectors import Cosine, squared_norm

    g, u = direction("g"), direction("u")
    heavy = update("u + beta*d - eta*g", given=["dot(g, u) == 0", "norm(g) == 1"])
    assert squared_norm(heavy).has(Cosine(g, u))
    assert not heavy.squared_norm().has(Cosine(g, u), Norm(g))
    assert heavy.put(Norm(g) + Cosine(g, u)) == 1
    free = update("u + beta*d - eta*g")
    assert free.squared_norm() == squared_norm(free)
    assert heavy.squared_norm() == heavy.put(free.squared_norm())
    with pytest.raises(StatementError, match="can be put into nothing"):
        update("u - eta*g", given=["sin(eta)*norm(u) == eta"])


def test_a_condition_on_a_loss_is_not_put_in_before_something_is_differentiated() -> None:
    u = direction("u")
    for text, condition in (("norm(u)**2", "norm(u) == 1"), ("norm(u)**2", "dot(u, u) == 1"), ("dot(u, v)", "cos(u, v) == 0")):
        free, held = loss(text), loss(text, given=[condition])
        assert held.value == free.value
        gradient = held.calculus.gradient(held.value)
        assert gradient == free.calculus.gradient(free.value)
        assert gradient.terms[u if text == "norm(u)**2" else direction("v")] != 0
        assert not loss("norm(u)**2", given=[condition]).scale_invariant
    step = update("u - eta*grad(norm(u)**2, u)", given=["norm(u) == 1"])
    assert step.terms[u] == 1 - 2 * sp.Symbol("eta", real=True)  # differentiated first: 2|u|, and |u| is 1


def test_the_caret_stays_below_its_place_in_a_long_text() -> None:
    text = "x + " * 60 + "é == 0"
    with pytest.raises(StatementError) as caught:
        read(text)
    _, shown, caret = caught.value.shown.split("\n")
    assert len(shown) < 100
    assert shown[caret.index("^")] == "é"
    assert Source(text).label == "statement"
