"""Attempts at the prover: near misses of what it proves, by signs, strictness, names, conditions that contradict each other."""

from __future__ import annotations

import pytest

from tests.test_theory import own_checks
from tests.test_theory.own_statements import Own

PROVED = (
    Own("x**2 + 1/x**2 >= 2"),
    Own("exp(x)/x >= (1 + x)/x", {}, ("x > 0",)),
    Own("norm(u)*norm(u + v) >= dot(u, u + v)"),
    Own("norm(u)*norm(u - v) >= dot(u, u - v)", {}, ("u == v",)),
    Own("cos(u, u - v) <= 1"),
    Own("norm(a*u) >= a*norm(u)"),
    Own("a*dot(u, v) <= abs(a)*norm(u)*norm(v)"),
    Own("log(x)/x <= 1 - 1/x", {}, ("x > 0",)),
    Own("n >= 1", {}, ("n == n", "sum(x, j, 1, n) == 3")),
    Own("exp(n) >= 1 + n", {}, ("sum(x, j, 1, n) == 3",)),
    Own("log(1 + x) >= x - x**2/2", {}, ("x >= 0",)),
    Own("j*n == n*j", {"j": "x"}),
    Own("s == 1", {}, ("s == 1", "_s == 2")),
    Own("x >= s", {}, ("x >= t", "t >= s")),
    Own("cos(u, v) == -1", {}, ("cos(u, w) == 1", "cos(v, w) == -1")),
    Own("u == v", {}, ("unit(u) == unit(w)", "unit(v) == unit(w)", "norm(u) == norm(v)")),
    Own("dot(u, v) == 0", {}, ("norm(u + v) == norm(u - v)", "u == w")),
    Own("x == 3", {}, ("log(x) == log(y)", "y == 3")),
    Own("x == sqrt(y)", {}, ("x**2 == y", "x >= 0")),
    Own("abs(x) == sqrt(y)", {}, ("x**2 == y",)),
    Own("(x - y)*(x + y) == 0", {}, ("x**2 == y**2",)),
    Own("x*z == 0", {}, ("x*y == 0", "y == 2", "z == z")),
    Own("x >= 0", {}, ("x*y >= 0", "y > 0")),
    Own("1/x <= 1/y", {}, ("x >= y", "y > 0")),
    Own("x <= 1/y", {}, ("x*y <= 1", "y > 0")),
    Own("norm(w)**2 == 2", {}, ("w == unit(u) + unit(v)", "dot(u, v) == 0")),
    Own("dot(proj(u + w, v), v) >= 0"),
    Own("cos(u, u - v) <= 1"),
    Own("exp(1/x) >= 1 + 1/x"),
    Own("exp(sqrt(x)) >= 1 + sqrt(x)"),
    Own("log(1 - x) <= -x"),
    Own("log(y) <= y - 1", {}, ("x**2 == y",)),
    Own("sqrt(y) <= (1 + y)/2", {}, ("x**2 == y",)),
    Own("log(x**2) <= x**2 - 1"),
)

REFUTED = (
    Own("x**2 + 1/x >= 2"),
    Own("exp(x)/x >= (1 + x)/x"),
    Own("norm(u + v)*dot(u, v) >= 0"),
    Own("norm(u)*norm(u + v) >= dot(u, u + v) + 1/1000"),
    Own("norm(u)*norm(u + v) > dot(u, u + v)"),
    Own("dot(proj(u, v), w) <= norm(v)*norm(u)"),
    Own("norm(a*u) <= a*norm(u)"),
    Own("a*dot(u, v) <= a*norm(u)*norm(v)"),
    Own("log(x)/x <= 1/x"),
    Own("x*exp(-x) <= exp(-2)"),
    Own("x**x >= 1"),
    Own("log(x + y) <= log(x) + log(y)"),
    Own("log(x**2) <= x - 1"),
    Own("exp(x + y) >= exp(x) + exp(y)"),
    Own("sum(log(x[j]), j, 1, n) <= sum(x[j], j, 1, n) - n - 1"),
    Own("sum(exp(x[j]), j, 1, n) >= n + 2*sum(x[j], j, 1, n)"),
    Own("sum(x[j], j, 1, n)**2 <= n*sum(x[j], j, 1, n)"),
    Own("norm(sum(v[j], j, 1, n)) >= sum(norm(v[j]), j, 1, n)"),
    Own("n >= 2"),
    Own("n > 1"),
    Own("exp(n) >= 3"),
    Own("x**3 >= x**2", {}, ("x >= 0",)),
    Own("x**3 - x**2 + x/10 >= 0", {}, ("x >= 0",)),
    Own("exp(x) >= 1 + x + x**2", {}, ("x >= 0",)),
    Own("exp(x) - 1 - x - x**2/2 - x**3/6 - x**4/24 >= 0"),
    Own("sinh(x) >= x"),
    Own("sinh(x) >= x + x**3/5", {}, ("x >= 0",)),
    Own("log(1 + x) >= x - x**2/3", {}, ("x >= 0",)),
    Own("log(1 + x) >= x - x**2/2"),
    Own("abs(x)**3 >= x**2"),
    Own("arctan(x) >= x", {}, ("x >= 0",)),
    Own("cosh(x) >= 1 + x**2"),
    Own("tanh(x) >= x - x**3/4", {}, ("x >= 0",)),
    Own("L == M", {"L": "x", "M": "y"}),
    Own("sum(j, k, 1, n) == n*(n+1)/2"),
    Own("s == _s", {}, ("s >= 0", "_s >= 0")),
    Own("t == s", {}, ("t >= s", "x >= t")),
    Own("x > s", {}, ("x >= t", "t >= s")),
    Own("_s + _t >= 1", {}, ("_s > 0",)),
    Own("c == 1", {}, ("c*norm(u) == norm(v)",)),
    Own("exp(c) == c", {}, ("c > 0",)),
    Own("weight == 1", {}, ("weight > 0",)),
    Own("t0 == 1", {}, ("0 <= t0 <= 1",)),
    Own("cos(u, w) == 0", {}, ("cos(u, v) == 0", "cos(v, w) == 0")),
    Own("cos(u, v) == 1", {}, ("cos(u, w) == 1",)),
    Own("cos(u, v) == 1", {}, ("cos(u, w) == 1", "cos(v, w) == -1")),
    Own("u == v", {}, ("dot(u, w) == dot(v, w)",)),
    Own("norm(u) == norm(v)", {}, ("dot(u, w) == dot(v, w)", "dot(u, w) > 0")),
    Own("x == 3", {}, ("log(x) == log(y)", "y >= 3")),
    Own("x == sqrt(y)", {}, ("x**2 == y",)),
    Own("x == -sqrt(y)", {}, ("x**2 == y",)),
    Own("x + z == 2*y", {}, ("x**2 == y**2", "z**2 == y**2")),
    Own("x == 0", {}, ("x*y*z == 0",)),
    Own("x*y == 1", {}, ("x**2*y**2 == 1",)),
    Own("a == b", {}, ("a**2 - a == b**2 - b",)),
    Own("x >= 0", {}, ("x*y >= 0", "y >= 0")),
    Own("x >= 0", {}, ("x*y**2 >= 0",)),
    Own("x <= y", {}, ("x**2 <= y**2",)),
    Own("1/x <= 1/y", {}, ("x >= y",)),
    Own("x <= 1/y", {}, ("x*y <= 1",)),
    Own("norm(u) <= norm(v)", {}, ("dot(u, v) <= norm(v)**2",)),
    Own("norm(w) == 1", {}, ("w == unit(u) + unit(v)", "dot(u, v) == 0")),
    Own("exp(1/x) >= 2 + 1/x"),
)

NEVER_PROVED = (  # it says nothing, or a refutation is beyond the search
    Own("cos(u, u - v) <= 1", {}, ("u == v",)),
    Own("cos(u - v, w) >= -1", {}, ("u == v",)),
    Own("norm(w)**2 == 3", {}, ("w == unit(u) + unit(v)", "u == -v")),
    Own("1 == 2", {}, ("w == u - v", "cos(u, v) == 1", "norm(u) == norm(v)")),
    Own("1 == 2", {}, ("u == proj(u, v)",)),
    Own("1 == 2", {}, ("x == x + 1",)),
    Own("1 == 2", {}, ("abs(x) == -1",)),
    Own("1 == 2", {}, ("x**2 + 1 == 0", "y == x")),
    Own("1 == 2", {}, ("norm(u) == -norm(v)",)),
    Own("1 == 2", {}, ("norm(u + v) == norm(u) + norm(v) + 1",)),
    Own("1 == 2", {}, ("cos(u, v) == 1", "dot(u, v) == 0")),
    Own("1 == 2", {}, ("cos(u, v) == 1", "cos(v, w) == 1", "cos(u, w) == 1/2")),
    Own("1 == 2", {}, ("x > y", "y > x")),
    Own("1 == 2", {}, ("x > y", "y > z", "z > x")),
)


@pytest.mark.parametrize("own", PROVED, ids=str)
def test_what_is_true_all_the_same_is_proved(own: Own) -> None:
    own_checks.assert_proved(own)


@pytest.mark.parametrize("own", REFUTED, ids=str)
def test_what_is_false_beside_them_is_refuted(own: Own) -> None:
    own_checks.assert_refuted(own)


@pytest.mark.parametrize("own", REFUTED, ids=str)
def test_no_route_proves_it(own: Own) -> None:
    own_checks.assert_no_route(own)


@pytest.mark.parametrize("own", NEVER_PROVED, ids=str)
def test_what_says_nothing_is_undecided(own: Own) -> None:
    own_checks.assert_undecided(own)
