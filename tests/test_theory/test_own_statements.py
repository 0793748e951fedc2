"""Statements of one's own: what is true is proved, what is false is refuted, and nothing else is said."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.test_theory.own_checks import assert_no_route, confirmed
from tests.test_theory.own_statements import FALSE, TRUE, Own
from theory.statements import prove
from theory.statements.kinds import read
from theory.statements.routes import first_proof


def test_there_are_enough_statements() -> None:
    assert len(TRUE) >= 60
    assert len(FALSE) >= 60
    assert len({*map(str, TRUE), *map(str, FALSE)}) == len(TRUE) + len(FALSE)


@pytest.mark.parametrize("own", TRUE, ids=str)
def test_a_true_statement_is_proved(own: Own) -> None:
    result = prove(*own)
    assert result.verdict == "proved", result.note
    assert result.places >= 5
    assert result.method != "none"


@pytest.mark.parametrize("own", FALSE, ids=str)
def test_a_false_statement_is_refuted_at_vectors_that_python_confirms(own: Own) -> None:
    result = prove(*own)
    assert result.verdict == "refuted", result.note
    assert confirmed(own, result)
    assert result.defect_latex


@pytest.mark.parametrize(
    ("own", "dimension"),
    [
        (Own("dot(u, v) == norm(u)*norm(v)"), 1),
        (Own("cos(u, v)**2 == 1"), 2),
        (Own("norm(proj(u, v)) == 0"), 2),
        (Own("dot(proj(u, v), proj(u, w))**2 == norm(proj(u, v))**2*norm(proj(u, w))**2"), 3),
        (Own("sum(cos(u, v[j])**2, j, 1, 2) <= 1", {}, ("dot(v[1], u) <= 0",)), 1),
    ],
)
def test_a_counterexample_is_in_the_smallest_dimension_that_shows_it(own: Own, dimension: int) -> None:
    result = prove(*own)
    assert result.counterexample is not None
    assert result.counterexample.dimension == dimension
    assert all(len(v) == dimension for v in result.counterexample.vectors.values())


UNDECIDED = (
    # nothing is said anywhere: conditions that contradict each other, or nothing is defined
    Own("x > 5", {}, ("x > 2", "x < 1")),
    Own("x == 1", {}, ("x**2 == -1",)),
    Own("cos(u, v) == 2", {}, ("cos(u, v) == 2",)),
    Own("norm(u) == 0", {}, ("norm(u) == 0",)),
    Own("dot(u, v) == 7", {}, ("dot(u, v) > norm(u)*norm(v)",)),
    Own("log(-1 - x**2) == 3"),
    Own("sqrt(-1 - x**2) == 7"),
    Own("1/(x - x) == 5"),
    Own("(-8)**(1/3) == -2"),
    # kinks, at which nothing is differentiable
    Own("grad(abs(cos(u, v)), u) == 0", {}, ("dot(u, v) == 0",)),
    Own("diff(abs(x), x) == 0", {}, ("x == 0",)),
    Own("diff(max(x, y), x) == 1/2", {}, ("x == y",)),
    Own("grad(arccos(cos(u, v)), u) == 0", {}, ("cos(u, v) == 1",)),
    Own("grad(norm(u - v), u) == 0", {}, ("u == v",)),
    # true, of real configurations only, and beyond the method
    Own("cos(u, v) >= 0", {}, ("cos(u, w) >= 9/10", "cos(w, x) >= 9/10", "cos(x, v) >= 9/10")),
)


@pytest.mark.parametrize("own", UNDECIDED, ids=str)
def test_what_says_nothing_or_is_beyond_the_method_is_undecided(own: Own) -> None:
    result = prove(*own)
    assert result.verdict == "undecided"
    assert result.note
    assert result.counterexample is None


TRAPS = (
    # (statement, what must not be said of it)
    (Own("sqrt(x**2) == x"), "proved"),
    (Own("abs(x)/x == 1"), "proved"),
    (Own("(x**2)**(1/2) == x"), "proved"),
    (Own("arccos(cos(x)) == x"), "proved"),
    (Own("arctan(tan(x)) == x"), "proved"),
    (Own("diff(x**2, x) == 0", {}, ("x == 1",)), "proved"),  # a condition is no substitution under a derivative
    (Own("diff(x*y, x) == 0", {}, ("x == 0",)), "proved"),
    (Own("grad(norm(u)**2, u) == 0", {}, ("norm(u) == 1",)), "proved"),
    (Own("grad(L, u) == 0", {"L": "dot(u, v)"}, ("dot(u, v) == 0",)), "proved"),
    (Own("hess(L, u, w) == 0", {"L": "cos(u, v)"}, ("dot(u, v) == 0",)), "proved"),
    (Own("u == v", {}, ("norm(u) == norm(v)", "cos(u, v) >= 0")), "proved"),
    (Own("cos(u, v) >= 1/2", {}, ("cos(u, w) >= 1/2", "cos(v, w) >= 1/2")), "proved"),
    (Own("sum(x, j, 1, n) >= 2*x", {}, ("x >= 0",)), "proved"),
    (Own("sum(dot(u, v[j]), j, 1, n) == n*dot(u, v[1])"), "proved"),
    (Own("norm(u + v) == norm(u) + norm(v)", {}, ("cos(u, v) > 0",)), "proved"),
    (Own("x < 1000000"), "proved"),
    (Own("x == 0", {}, ("x**2 == 0",)), "refuted"),
    (Own("x == 2", {}, ("x**2 == 4", "x > 0")), "refuted"),
    (Own("norm(u)**2 + norm(v)**2 == norm(u + v)**2", {}, ("cos(u, v) == 0",)), "refuted"),
    (Own("dot(u, v) >= norm(u)*norm(v)", {}, ("cos(u, v) == 1",)), "refuted"),
    (Own("diff(abs(x), x) == 1", {}, ("x >= 0",)), "refuted"),
)


@pytest.mark.parametrize(("own", "never"), TRAPS, ids=str)
def test_a_trap_is_not_stepped_into(own: Own, never: str) -> None:
    assert prove(*own).verdict != never


@pytest.mark.parametrize("index", ["i", "j", "k"])
@pytest.mark.parametrize("size", ["n", "j", "i", "j_", "k_"])
def test_no_name_captures_another(index: str, size: str) -> None:
    if index == size:
        return
    where = {"w": f"sum(v[{index}], {index}, 1, {size})", "m": f"sum(dot(w, v[{index}])*v[{index}], {index}, 1, {size})"}
    right = f"sum(dot(w, v[{index}])*dot(u, v[{index}]), {index}, 1, {size})"
    assert prove(f"dot(u, m) == {right}", where).verdict == "proved"
    assert prove(f"dot(u, m) == 2*{right}", where).verdict == "refuted"
    assert prove(f"grad(sum(dot(u, v[{index}])**2, {index}, 1, {size}), u) == 2*sum(dot(u, v[{index}])*v[{index}], {index}, 1, {size})"
                 ).verdict == "proved"  # fmt: skip


def test_terms_of_a_sum_have_signs_of_their_own() -> None:
    for statement in ("sum(abs(x[j]), j, 1, n) <= abs(sum(x[j], j, 1, n))", "sum(max(x[j], 0), j, 1, n) <= max(sum(x[j], j, 1, n), 0)"):
        assert prove(statement).verdict == "refuted"
        problem = read(statement)
        assert first_proof(problem)[0] is None


@pytest.mark.parametrize("own", FALSE, ids=str)
def test_no_route_proves_what_is_false(own: Own) -> None:
    assert_no_route(own)


@pytest.mark.parametrize("given", ["tau > 0", "0 < tau", "tau >= 1/2", "1 <= tau", "tau == 2"])
def test_conditions_are_used_however_they_are_written(given: str) -> None:
    own = Own("norm(grad(L, u)) <= 1/(tau*norm(u))", {"L": "-cos(u, v)/tau"}, (given,))
    assert prove(*own).verdict == "proved"


def test_a_refutation_respects_every_condition() -> None:
    given = ("dot(u, v) == 0", "norm(u) == 1", "x > 3", "x < 7/2", "n >= 2", "y == x + 1")
    result = prove("norm(u + v) + sum(y, j, 1, n) == x", {}, given)
    found = result.counterexample
    assert found is not None
    u, v = ([Fraction(x) for x in found.vectors[name]] for name in "uv")
    x, y, n = (Fraction(found.scalars[name]) for name in "xyn")
    assert sum(a * b for a, b in zip(u, v, strict=True)) == 0
    assert sum(a * a for a in u) == 1
    assert 3 < x < Fraction(7, 2)
    assert n >= 2
    assert y == x + 1


@pytest.mark.parametrize(
    ("loss", "given", "factor"),
    [("norm(u)", (), "c"), ("c*norm(u)", ("c > 5",), "k"), ("c*k*norm(u)", ("s > c",), "t"), ("norm(u)*sum(c[k], k, 1, 2)", (), "s"),
     ("c*k*s*t*c_1*norm(u)", (), "c_2")],
)  # fmt: skip
def test_the_scale_factor_has_a_name_of_its_own(loss: str, given: tuple[str, ...], factor: str) -> None:
    result = prove("scale_invariant(L, u)", {"L": loss}, given)
    found = result.counterexample
    assert found is not None
    assert Fraction(found.scalars[factor]) not in (0, 1)
    shown = factor if len(factor) == 1 else "c_{2}"
    assert rf"u \to {shown} u" in result.statement_latex
    assert rf"({shown} > 0)" in result.statement_latex
    assert factor in result.defect_latex
    if given == ("c > 5",):
        assert Fraction(found.scalars["c"]) > 5


def test_a_kernel_that_is_wrong_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from theory.kernel import Status, Verdict
    from theory.statements import prover

    monkeypatch.setattr(prover, "_QUICK", 0)  # nobody has looked yet
    monkeypatch.setattr(prover, "first_proof", lambda _: (Verdict(Status.PROVED, "a broken kernel"), ""))
    result = prove("dot(u, v) == norm(u)*norm(v)")
    assert result.verdict == "undecided"
    assert "INTERNAL ERROR" in result.note


def test_the_document_is_that_of_the_command() -> None:
    document = prove("norm(u) >= 1").document()
    assert {"verdict", "method", "statement_latex", "defect_latex", "counterexample", "seconds"} <= document.keys()
    assert {"vectors", "scalars", "left", "right"} <= document["counterexample"].keys()
