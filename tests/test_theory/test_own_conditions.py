"""Conditions in proofs: equations of vectors and scalars are solved where nothing is divided by that may vanish."""

from __future__ import annotations

import pytest

from tests.test_theory.own_statements import Own
from tests.test_theory.test_own_statements import confirmed
from theory.statements import prove
from theory.statements.kinds import read
from theory.statements.routes import first_proof

PROVED = (
    Own("x**2 == 1", {}, ("abs(x) == 1",)),
    Own("x**4 == 81", {}, ("2*abs(x) == 6",)),
    Own("norm(u)**2 == norm(v)**2 + 2*dot(v, w) + norm(w)**2", {}, ("u == v + w",)),
    Own("dot(u, v) == norm(v)**2 + dot(v, w)", {}, ("u == v + w",)),
    Own("norm(u) <= norm(v) + norm(w)", {}, ("u == v + w",)),
    Own("norm(u) == 2*norm(v)", {}, ("u == 2*v",)),
    Own("cos(u, v) == 1", {}, ("u == 2*v",)),
    Own("cos(u, v) == -1", {}, ("u == -v",)),
    Own("dot(v, u) == dot(v, w)", {}, ("u == w",)),
    Own("w == v", {}, ("v == w",)),
    Own("u - v == w", {}, ("u == v + w",)),
    Own("v == u - w", {}, ("u == v + w",)),
    Own("dot(u, w) == 0", {}, ("w == proj(u, v)",)),
    Own("norm(w) <= norm(v)", {}, ("w == proj(u, v)",)),
    Own("dot(w, v) >= 0", {}, ("w == proj(u, v)",)),
    Own("norm(u)**2 + norm(v)**2 + norm(w)**2 == -2*(dot(u,v) + dot(v,w) + dot(u,w))", {}, ("u + v + w == 0",)),
    Own("norm(u + v) == norm(w)", {}, ("u + v + w == 0",)),
    Own("u == 2*v", {}, ("2*v - u == 0",)),
    Own("norm(next)**2 == norm(u)**2 + eta**2*norm(g)**2", {}, ("next == u - eta*g", "dot(u, g) == 0")),
    Own("norm(next) >= norm(u)", {}, ("next == u - eta*g", "dot(u, g) == 0")),
    Own("norm(u - v)**2 == 2 - 2*dot(u, v)", {}, ("norm(u) == 1", "norm(v) == 1")),
    Own("norm(u - v)**2 == 2 - 2*dot(u, v)", {}, ("norm(u)**2 == 1", "norm(v)**2 == 1")),
    Own("norm(u - v)**2 == 2 - 2*dot(u, v)", {}, ("dot(u, u) == 1", "dot(v, v) == 1")),
    Own("dot(u, v) == cos(u, v)", {}, ("norm(u) == norm(v)", "norm(u)*norm(v) == 1")),
    Own("norm(u + v)**2 == norm(u)**2 + norm(v)**2", {}, ("dot(u, v) == 0",)),
    Own("norm(u + v)**2 == norm(u)**2 + norm(v)**2 + norm(w)**2", {}, ("2*dot(u, v) == norm(w)**2",)),
    Own("y == 1/x", {}, ("x*y == 1",)),
    Own("x**2*y**2 == 1", {}, ("x*y == 1",)),
    Own("x + y >= 2", {}, ("x*y == 1", "x > 0")),
    Own("log(x) == -log(y)", {}, ("x*y == 1", "x > 0", "y > 0")),
    Own("norm(u) == sqrt(2)*norm(v)", {}, ("norm(u)**2 == 2*norm(v)**2",)),
    Own("norm(u)**4 == 4*norm(v)**4", {}, ("norm(u)**2 == 2*norm(v)**2",)),
    Own("norm(u) >= norm(v)", {}, ("norm(u)**2 == 2*norm(v)**2",)),
    Own("x**2 == 4", {}, ("x == 2",)),
    Own("x**4 == 16", {}, ("x**2 == 4",)),
    Own("x == 2", {}, ("x**2 == 4", "x > 0")),
    Own("(cos(x)**2)**2 == (1 - y)**2", {}, ("sin(x)**2 == y",)),
    Own("x == cos(t)", {}, ("x == cos(t)",)),
    Own("(x + y)**2 == 1 + 2*x*y", {}, ("x**2 + y**2 == 1",)),
    Own("x**4 - y**4 == x**2 - y**2", {}, ("x**2 + y**2 == 1",)),
    Own("x*y <= 1/2", {}, ("x**2 + y**2 == 1",)),
    Own("x <= 1", {}, ("x**2 + y**2 == 1",)),
    Own("x == -y", {}, ("x + y == 0",)),
    Own("x*z == y*z", {}, ("x == y",)),
    Own("x == log(y)", {}, ("exp(x) == y",)),
    Own("exp(2*x) == y**2", {}, ("exp(x) == y",)),
    Own("y == exp(x)", {}, ("log(y) == x",)),
    Own("sqrt(x) == y", {}, ("x == y**2", "y >= 0")),
    Own("x == y**2", {}, ("sqrt(x) == y",)),
    Own("x == y", {}, ("exp(x) == exp(y)",)),
    Own("x == 0", {}, ("x**2 == 0",)),
    Own("abs(x) == 1", {}, ("x**2 == 1",)),
    Own("norm(u) == norm(v)", {}, ("norm(u)**2 == norm(v)**2",)),
    Own("dot(u + v, u - v) == 0", {}, ("norm(u) == norm(v)",)),
    Own("norm(u) == norm(v)", {}, ("dot(u + v, u - v) == 0",)),
    Own("norm(u + v) == norm(u - v)", {}, ("dot(u, v) == 0",)),
    Own("dot(u, v) == 0", {}, ("norm(u + v) == norm(u - v)",)),
    Own("dot(u, v) == 0", {}, ("norm(u + v)**2 == norm(u)**2 + norm(v)**2",)),
    Own("cos(u, w) == cos(u, v)", {}, ("w == 3*v",)),
    Own("cos(u, w) == cos(u, v)", {}, ("w == a*v", "a > 0")),
    Own("dot(u, w) == a*dot(u, v)", {}, ("w == a*v",)),
    Own("v == w/a", {}, ("w == a*v", "a > 0")),
    Own("v == w/a", {}, ("w == a*v", "a != 0")),
    Own("norm(w) == abs(a)*norm(v)", {}, ("w == a*v",)),
    Own("cos(u, v) == 1", {}, ("unit(u) == unit(v)",)),
    Own("u == norm(u)*v", {}, ("unit(u) == v",)),
    Own("norm(v) == 1", {}, ("v == unit(u)",)),
    Own("dot(u, v) == norm(u)", {}, ("v == unit(u)",)),
    Own("norm(m)**2 <= (norm(u)**2 + norm(v)**2)/2", {}, ("m == (u + v)/2",)),
    Own("norm(m) <= 1", {}, ("m == (u + v)/2", "norm(u) == 1", "norm(v) == 1")),
    Own("dot(w, u) == 0", {}, ("w == v - dot(u, v)*u", "norm(u) == 1")),
    Own("dot(u, m) == sum(dot(u, v[j]), j, 1, n)", {}, ("m == sum(v[j], j, 1, n)",)),
    Own("norm(u)**2 == a**2 + b**2", {}, ("u == a*e + b*f", "norm(e) == 1", "norm(f) == 1", "dot(e, f) == 0")),
    Own("cos(u, v) == 1", {}, ("cos(u, w) == 1", "cos(v, w) == 1")),
    Own("x >= y", {}, ("x == y + z**2",)),
    Own("x/y == 2", {}, ("x == 2*y",)),
    Own("x == 2*y", {}, ("x/y == 2",)),
    Own("grad(L, u) == v", {"L": "dot(u, v)"}, ("v == w",)),
    Own("dot(u, grad(L, u)) == 0", {"L": "dot(u, v)"}, ("dot(u, v) == 0",)),
    Own("norm(grad(L, u))**2 == 1", {"L": "dot(u, v)"}, ("norm(v) == 1",)),
    Own("diff(x**2, x) == 2", {}, ("x == 1",)),
    Own("x == y", {}, ("log(x) == log(y)",)),
    Own("x == y", {}, ("x**2 == y**2", "x > 0", "y > 0")),
    Own("x == y", {}, ("x**3 == y**3", "x > 0", "y > 0")),
    Own("norm(u) == 1", {}, ("x*norm(u) == x", "x != 0")),
    Own("x == 0", {}, ("x*norm(u) == x", "norm(u) == 2")),
    Own("x == y", {}, ("x*z == y*z", "z > 0")),
    Own("abs(a) == 1", {}, ("unit(u) == a*unit(v)",)),
    Own("u == v", {}, ("unit(u) == unit(v)", "norm(u) == norm(v)")),
    Own("u == v", {}, ("cos(u, v) == 1", "norm(u) == norm(v)")),
    Own("u == v", {}, ("a*u == a*v", "a > 0")),
    Own("u == v", {}, ("a*u == a*v", "a != 0")),
    Own("dot(u, w) == 0", {}, ("dot(u, v) == 0", "w == x*v")),
    Own("grad(cos(u, v), u) == 0", {}, ("u == 2*v",)),
    Own("grad(L, u) == 0", {"L": "norm(u)**2 - 2*dot(u, v)"}, ("u == v",)),
    Own("scale_invariant(L, u)", {"L": "cos(u, v)*norm(w)"}, ("w == v",)),
    Own("1/x + 1/y >= 4/(x + y)", {}, ("x > 0", "y > 0")),
    Own("x**2/y + y >= 2*x", {}, ("y > 0",)),
)

REFUTED = (
    Own("x == 1", {}, ("abs(x) == 1",)),
    Own("x == y", {}, ("abs(x) == abs(y)", "x >= y")),
    Own("norm(u)**2 == norm(v)**2 + norm(w)**2", {}, ("u == v + w",)),
    Own("norm(u) == norm(v) + norm(w)", {}, ("u == v + w",)),
    Own("cos(u, v) == 1", {}, ("u == a*v",)),
    Own("cos(u, v) == -1", {}, ("u == 2*v",)),
    Own("dot(w, v) == norm(v)**2", {}, ("w == proj(u, v)",)),
    Own("norm(u + v) < norm(w)", {}, ("u + v + w == 0",)),
    Own("norm(u) == 2*norm(v)", {}, ("norm(u)**2 == 2*norm(v)**2",)),
    Own("norm(u) <= norm(v)", {}, ("norm(u)**2 == 2*norm(v)**2",)),
    Own("x + y >= 2", {}, ("x*y == 1",)),
    Own("x == y", {}, ("x*y == 1",)),
    Own("x == 2", {}, ("x**2 == 4",)),
    Own("x >= 0", {}, ("x**2 == 4",)),
    Own("x == y", {}, ("x**2 == y**2",)),
    Own("x == 1", {}, ("x*y == y",)),
    Own("x == 1", {}, ("x**2 == x",)),
    Own("x*y > 1/2", {}, ("x**2 + y**2 == 1",)),
    Own("x == y", {}, ("x*z == y*z",)),
    Own("norm(u) == norm(v)", {}, ("dot(u, v) == 0",)),
    Own("v == w", {}, ("a*v == a*w",)),
    Own("grad(L, u) == 0", {"L": "dot(u, v) - dot(u, w)"}, ("u == v",)),
    Own("grad(L, u) == 0", {"L": "norm(u - w)**2"}, ("u == v + w",)),
    Own("diff(x**2, x) == 0", {}, ("x == 1",)),
    Own("diff(L, x) == 0", {"L": "x - y"}, ("x == y",)),
    Own("norm(grad(L, u)) == 2*norm(u)", {"L": "dot(u, v)"}, ("v == u",)),
    Own("dot(u, w) == 0", {}, ("w == proj(v, u)",)),
    Own("scale_invariant(L, u)", {"L": "norm(u)/norm(v)"}, ("u == 2*v",)),
    Own("scale_invariant(L, u)", {"L": "norm(u)**2"}, ("norm(u) == 1",)),
    Own("x == 1", {}, ("sqrt(x**2) == x",)),
    Own("x == y", {}, ("sqrt(x**2) == sqrt(y**2)",)),
    Own("x == y", {}, ("abs(x) == abs(y)",)),
    Own("x == y", {}, ("log(x**2) == log(y**2)",)),
    Own("x == y", {}, ("x**2 == y**2", "x*y >= 0 - 1")),
    Own("x == y", {}, ("x**4 == y**4", "x > 0")),
    Own("x == 2", {}, ("x**2 == 4", "y == x")),
    Own("x == 1", {}, ("x**3 == x",)),
    Own("x == y", {}, ("x**3 == y**3*z",)),
    Own("x == 0", {}, ("x**2*y == 0",)),
    Own("y == 0", {}, ("x**2*y == 0",)),
    Own("x == 0", {}, ("x*norm(u) == x",)),
    Own("norm(u) == 1", {}, ("x*norm(u) == x",)),
    Own("x == y", {}, ("x*z == y*z", "z >= 0")),
    Own("cos(u, v) == 1", {}, ("unit(u) == a*unit(v)",)),
    Own("norm(v) == 1", {}, ("unit(u) == a*v",)),
    Own("u == v", {}, ("unit(u) == unit(v)",)),
    Own("u == v", {}, ("cos(u, v) == 1",)),
    Own("u == v", {}, ("a*u == a*v",)),
    Own("u == v", {}, ("a*u == a*v", "a >= 0")),
    Own("dot(u, w) == 0", {}, ("dot(u, v) == 0", "w == v + x*u")),
    Own("grad(cos(u, v), u) == 0", {}, ("u == v + w",)),
    Own("grad(norm(u - v), u) == 0", {}, ("u == 2*v",)),
    Own("grad(L, u) == 0", {"L": "norm(u)**2 - 2*dot(u, v)"}, ("u == 3*v",)),
    Own("hess(L, u, w) == 0", {"L": "norm(u)**2 - 2*dot(u, v)"}, ("u == v",)),
    Own("scale_invariant(L, u)", {"L": "norm(u)/x"}, ("x == norm(u)",)),
    Own("scale_invariant(L, u)", {"L": "norm(u)**2"}, ("norm(u)**2 == 4",)),
    Own("diff(x*y, x) == 1", {}, ("y == 1/x",)),
    Own("diff(x**2*y, x) == 2", {}, ("x*y == 2",)),
    Own("diff(exp(x), x) == 1", {}, ("x == y",)),
    Own("x >= 1", {}, ("x**2 >= 1",)),
    Own("x >= y", {}, ("x**2 >= y**2",)),
    Own("x == 2", {}, ("exp(x) <= 1",)),
    Own("x == 2", {}, ("log(x) >= 0",)),
    Own("x == y", {}, ("norm(u + v) == norm(u)", "x >= 1")),
    Own("x == y", {}, ("cos(u, v)**2 == 1/2", "x > 0")),
    Own("norm(v) == 1", {}, ("norm(u)**2 == 2", "dot(u, v) == 1")),
    Own("x[1] == x[2]", {}, ("x[1] + x[2] == 2",)),
    Own("sum(x[j], j, 1, 3) == 2", {}, ("x[1] == x[2]", "x[2]*x[3] == 1")),
)

NEVER_PROVED = (  # it says nothing, or a refutation is beyond the search
    Own("x == 1", {}, ("x == 2", "x == 3")),
    Own("norm(u) == 5", {}, ("u == 2*v", "norm(u) == norm(v)")),
    Own("1 == 2", {}, ("x*y == 1", "x == 0")),
    Own("1 == 2", {}, ("norm(u)**2 == -1",)),
    Own("1 == 2", {}, ("exp(x) == -1",)),
    Own("1 == 2", {}, ("exp(x) == 0",)),
    Own("1 == 2", {}, ("sqrt(x) == -1",)),
    Own("0*log(x) == 0", {}, ("x < 0",)),
    Own("0/x == 0", {}, ("x == 0",)),
    Own("x**0 == 1", {}, ("x/x == 0",)),
    Own("x*(1/x) == 1", {}, ("x == 0",)),
    Own("exp(log(x)) == x", {}, ("x < 0",)),
    Own("sqrt(x)**2 == x", {}, ("x < -1",)),
    Own("log(x*y) == log(x) + log(y)", {}, ("x < 0", "y < 0")),
    Own("arccos(x) == arccos(x)", {}, ("x > 2",)),
    Own("unit(proj(u, v)) == unit(proj(u, v))", {}, ("v == 2*u",)),
    Own("cos(proj(u, v), u) == 0", {}, ("v == 2*u",)),
    Own("cos(w, v) == 0", {}, ("w == proj(u, v)", "v == 3*u")),
    Own("1/dot(u, v) == 1/dot(u, v)", {}, ("dot(u, v) == 0",)),
    Own("log(norm(u) - 1) == 0", {}, ("norm(u) == 1",)),
    Own("norm(u)/(norm(u) - norm(v)) == norm(u)/(norm(u) - norm(v))", {}, ("u == v",)),
    Own("norm(u)/(norm(u) - norm(v)) == norm(u)/(norm(u) - norm(v))", {}, ("u == -v",)),
    Own("x == 2", {}, ("exp(x) <= 0",)),
    Own("x == 2", {}, ("exp(x)**64 <= 0",)),
    Own("x == 2", {}, ("1/(1 + exp(x)) == 0",)),
    Own("x == 2", {}, ("1 + exp(x) == 1",)),
    Own("x == 2", {}, ("tanh(x) == 1",)),
    Own("x == 2", {}, ("tanh(x) >= 1",)),
)


@pytest.mark.parametrize("own", PROVED, ids=str)
def test_what_follows_from_its_conditions_is_proved(own: Own) -> None:
    result = prove(*own)
    assert result.verdict == "proved", result.note


@pytest.mark.parametrize("own", REFUTED, ids=str)
def test_what_is_false_beside_them_is_refuted(own: Own) -> None:
    result = prove(*own)
    assert result.verdict == "refuted", result.note
    assert confirmed(own, result)


@pytest.mark.parametrize("own", REFUTED, ids=str)
def test_no_route_proves_it(own: Own) -> None:
    """Without the search for counterexamples, which would hide it."""
    try:
        verdict, _ = first_proof(read(*own))
    except ValueError:
        return
    assert verdict is None


@pytest.mark.parametrize("own", NEVER_PROVED, ids=str)
def test_what_says_nothing_is_undecided(own: Own) -> None:
    assert prove(*own).verdict == "undecided"
