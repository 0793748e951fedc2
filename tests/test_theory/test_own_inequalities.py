"""Inequalities as one tries them: by named lemmas that the kernel checks, and false ones close to them."""

from __future__ import annotations

import pytest

from tests.test_theory.own_statements import SOFTMAX, Own
from tests.test_theory.test_own_statements import confirmed
from theory.statements import prove
from theory.statements.kinds import read
from theory.statements.routes import first_proof

PROVED = (
    Own("dot(u, v + w) <= norm(u)*norm(v + w)"),
    Own("abs(dot(u, v)) <= norm(u)*norm(v)"),
    Own("dot(u, v) >= -norm(u)*norm(v)"),
    Own("norm(u + v + w) <= norm(u) + norm(v) + norm(w)"),
    Own("norm(u - w) <= norm(u - v) + norm(v - w)"),
    Own("abs(norm(u) - norm(v)) <= norm(u - v)"),
    Own("cos(u, v) <= 1"),
    Own("cos(u, v) >= -1"),
    Own("cos(u, v + w) <= 1"),
    Own("abs(cos(u + v, v + w)) <= 1"),
    Own("cos(u + v, w - u) >= -1"),
    Own("norm(proj(u, v + w)) <= norm(v + w)"),
    Own("norm(proj(u + w, v)) <= norm(v)"),
    Own("dot(u + v, u - v)**2 <= norm(u + v)**2*norm(u - v)**2"),
    Own("dot(u - v, w)**2 <= dot(u - v, u - v)*dot(w, w)"),
    Own("dot(u + v, u + w) <= norm(u + v)*norm(u + w)"),
    Own("dot(u, v) <= (norm(u)**2 + norm(v)**2)/2"),
    Own("norm(u + v)**2 <= 2*norm(u)**2 + 2*norm(v)**2"),
    Own("norm(u + v + w)**2 <= 3*(norm(u)**2 + norm(v)**2 + norm(w)**2)"),
    Own("norm(u)*norm(v) <= (norm(u)**2 + norm(v)**2)/2"),
    Own("dot(u, v)*dot(u, w) <= norm(u)**2*norm(v)*norm(w)"),
    Own("norm(a*u + b*v) <= abs(a)*norm(u) + abs(b)*norm(v)"),
    Own("norm(unit(u) - unit(v)) <= 2"),
    Own("norm(unit(u) - unit(v))**2 <= 4"),
    Own("norm(unit(u + v)) <= 1"),
    Own("dot(unit(u), v) <= norm(v)"),
    Own("norm(grad(L, u)) <= 1/norm(u)", {"L": "cos(u, v)"}),
    Own("norm(grad(L, u)) <= norm(v)", {"L": "dot(u, v)"}),
    Own("norm(grad(L, u)) <= 2/(tau*norm(u))", SOFTMAX, ("tau > 0",)),
    Own("norm(grad(L, u)) <= -2/(tau*norm(u))", SOFTMAX, ("tau < 0",)),
    Own("norm(grad(L, u)) <= 3/(tau*norm(u))", SOFTMAX, ("tau > 0",)),
    Own("norm(u + v + w) >= norm(u)", {}, ("dot(u, v) == 0", "dot(u, w) == 0")),
    Own("cos(u, v) >= -1/2", {}, ("cos(u, w) == 1/2", "cos(v, w) == 1/2")),
    Own("cos(u, v) <= 1/2", {}, ("cos(u, w) == 1/2", "cos(v, w) == -1/2")),
    Own("3 + 4*cos(u, v) >= 1", {}, ("cos(u, w) == 1/2", "cos(v, w) == 1/2")),
    Own("cos(u, v) >= -7/25", {}, ("cos(u, w) == 3/5", "cos(v, w) == 3/5")),
    Own("cos(u, v) >= 62/100", {}, ("cos(u, w) >= 9/10", "cos(v, w) >= 9/10")),
    Own("cos(u, v) <= 1/2", {}, ("cos(u, w) >= 1/2", "cos(v, w) <= -1/2")),
    Own("cos(u, v) >= 2*x**2 - 1", {}, ("cos(u, w) >= x", "cos(v, w) >= x", "x > 0")),
    Own("1 + 2*cos(u,v)*cos(v,w)*cos(u,w) >= cos(u,v)**2 + cos(v,w)**2 + cos(u,w)**2"),
    Own("exp(x) >= 1 + x"),
    Own("exp(x) >= x"),
    Own("exp(x) > x"),
    Own("exp(-x) >= 1 - x"),
    Own("exp(x*y) >= 1 + x*y"),
    Own("exp(cos(u, v)) >= 1 + cos(u, v)"),
    Own("exp(x**2) >= 1 + x**2"),
    Own("exp(x) >= 1 + x + x**2/2", {}, ("x >= 0",)),
    Own("exp(x) > 0"),
    Own("exp(x) >= 1", {}, ("x >= 0",)),
    Own("exp(2*x) >= 2*exp(x) - 1"),
    Own("exp(x) >= exp(1)*x"),
    Own("log(x) <= x - 1"),
    Own("log(x) < x"),
    Own("log(1 + x) <= x"),
    Own("log(1 + x) <= x", {}, ("x >= 0",)),
    Own("log(x) >= 1 - 1/x"),
    Own("log(x/y) <= x/y - 1", {}, ("x > 0", "y > 0")),
    Own("log(1 + x**2) <= x**2"),
    Own("log(1 + exp(x)) >= x"),
    Own("log(1 + exp(x)) > 0"),
    Own("log(1 + exp(x)) >= 0"),
    Own("log(exp(x) + exp(y)) >= max(x, y)"),
    Own("log(exp(x) + exp(y)) >= x"),
    Own("log(exp(x) + exp(y)) <= max(x, y) + log(2)"),
    Own("tanh(x) <= 1"),
    Own("tanh(x)**2 < 1"),
    Own("sin(x) <= 1"),
    Own("cos(x) >= -1"),
    Own("sin(x)**2 <= 1"),
    Own("abs(sin(x)) <= 1"),
    Own("cosh(x) >= 1"),
    Own("cosh(x) >= 1 + x**2/2"),
    Own("sinh(x) >= x", {}, ("x >= 0",)),
    Own("arctan(x) <= x", {}, ("x >= 0",)),
    Own("x*y <= (x + y)**2/4"),
    Own("sqrt(x*y) <= (x + y)/2", {}, ("x >= 0", "y >= 0")),
    Own("x**2 + y**2 + z**2 >= x*y + y*z + z*x"),
    Own("x + 1/x >= 2", {}, ("x > 0",)),
    Own("x/y + y/x >= 2", {}, ("x > 0", "y > 0")),
    Own("x**3 + y**3 + z**3 >= 3*x*y*z", {}, ("x >= 0", "y >= 0", "z >= 0")),
    Own("x**4 + y**4 >= x**3*y + x*y**3"),
    Own("(x + y + z)**2 <= 3*(x**2 + y**2 + z**2)"),
    Own("(a*x + b*y)**2 <= (a**2 + b**2)*(x**2 + y**2)"),
    Own("2/(1/x + 1/y) <= (x + y)/2", {}, ("x > 0", "y > 0")),
    Own("2*x/(1 + x**2) <= 1"),
    Own("x**2 + x + 1 > 0"),
    Own("x**2 + x + 1 >= 3/4"),
    Own("x**4 - x**2 + 1 > 0"),
    Own("x**2 - 2*x + 2 >= 1"),
    Own("x*(1 - x) <= 1/4"),
    Own("x*(1 - x) <= 1/4", {}, ("0 <= x <= 1",)),
    Own("1/(1 + x) >= 1 - x", {}, ("x >= 0",)),
    Own("(1 + x)**5 >= 1 + 5*x", {}, ("x >= -1",)),
    Own("(1 + x)**2 >= 1 + 2*x"),
    Own("sqrt(1 + x) <= 1 + x/2", {}, ("x >= -1",)),
    Own("sqrt(1 + x**2) >= abs(x)"),
    Own("sqrt(x + y) <= sqrt(x) + sqrt(y)"),
    Own("x/(1 + x) < 1", {}, ("x >= 0",)),
    Own("x/(1 + x) <= x", {}, ("x >= 0",)),
    Own("abs(x - z) <= abs(x - y) + abs(y - z)"),
    Own("abs(x*y) <= (x**2 + y**2)/2"),
    Own("max(x, y) <= sqrt(x**2 + y**2)"),
    Own("min(x, y) <= (x + y)/2"),
    Own("min(x, y) <= sqrt(x*y)", {}, ("x > 0", "y > 0")),
    Own("1/(1 + exp(-x)) <= 1"),
    Own("1/(1 + exp(-x)) < 1"),
    Own("exp(x)*x/(1 + exp(x)) <= x", {}, ("x >= 0",)),
    Own("norm(sum(v[j], j, 1, n))**2 <= n*sum(norm(v[j])**2, j, 1, n)"),
    Own("norm(sum(v[j], j, 1, 3)) <= sum(norm(v[j]), j, 1, 3)"),
    Own("dot(u, sum(v[j], j, 1, n)) <= norm(u)*norm(sum(v[j], j, 1, n))"),
    Own("sum(x[j]*y[j], j, 1, n)**2 <= sum(x[j]**2, j, 1, n)*sum(y[j]**2, j, 1, n)"),
    Own("sum(exp(x[j]), j, 1, n) >= n + sum(x[j], j, 1, n)"),
    Own("x**2 <= 1", {}, ("x <= 1", "x >= -1")),
    Own("norm(u)**2 <= norm(u)", {}, ("norm(u) <= 1",)),
    Own("cos(u, v)**2 <= abs(cos(u, v))"),
    Own("sum(x[j], j, 1, n)**2 <= n*sum(x[j]**2, j, 1, n)"),
    Own("sum(x[j], j, 1, 3)**2 <= 3*sum(x[j]**2, j, 1, 3)"),
    Own("norm(m)**2 <= sum(norm(v[j])**2, j, 1, n)/n", {"m": "sum(v[j], j, 1, n)/n"}),
    Own("x**2 + x*y + y**2 >= 0"),
    Own("x**2 + y**2 + 1 >= x*y + x + y"),
    Own("x**2 + y**2 + 2 > x*y + x + y"),
    Own("x**2 + y**2 + 1 > x*y + x"),
    Own("sin(x) + cos(x) <= 2"),
    Own("exp(x) + exp(-x) >= 2"),
    Own("exp(x) >= 1 + x + x**2/2 + x**3/6", {}, ("x >= 0",)),
    Own("log(x) >= 2*(x - 1)/(x + 1)", {}, ("x >= 1",)),
    Own("x*log(x) >= x - 1"),
    Own("x - 1 >= log(x)", {}, ("x > 0",)),
    Own("norm(u)*norm(v)*x**2 >= x**2*dot(u, v)"),
)

REFUTED = (
    Own("norm(grad(L, u)) <= 1/(2*tau*norm(u))", SOFTMAX, ("tau > 0",)),
    Own("norm(grad(L, u)) <= 1/(tau*norm(u))", SOFTMAX, ("tau > 0",)),  # nearly opposite candidates, and small tau
    Own("norm(grad(L, u)) <= 2/(tau*norm(u))", SOFTMAX),  # the right side has a sign
    Own("cos(u, v) >= -499/1000", {}, ("cos(u, w) == 1/2", "cos(v, w) == 1/2")),
    Own("cos(u, v) <= 1/2", {}, ("cos(u, w) == 1/2", "cos(v, w) == 1/2")),
    Own("cos(u, v) >= 62/100", {}, ("cos(u, w) >= 9/10", "cos(v, w) >= 8/10")),
    Own("cos(u, v) >= 2*x**2 - 9/10", {}, ("cos(u, w) >= x", "cos(v, w) >= x", "x > 0")),
    Own("cos(u, v) >= -27/100", {}, ("cos(u, w) == 3/5", "cos(v, w) == 3/5")),
    Own("dot(u, v + w) <= norm(u)*norm(v)"),
    Own("dot(u, v + w) < norm(u)*norm(v + w)"),
    Own("abs(dot(u, v)) < norm(u)*norm(v)"),
    Own("norm(u + v) >= norm(u) + norm(v)"),
    Own("exp(x) >= 1 + x + x**2/2"),
    Own("log(x) < x - 1"),
    Own("log(x) <= x - 2"),
    Own("log(1 + x) <= x/2"),
    Own("exp(x) >= 3*x"),
    Own("x + 1/x >= 2"),
    Own("x**3 + y**3 + z**3 >= 3*x*y*z"),
    Own("(1 + x)**5 >= 1 + 5*x"),
    Own("x**4 + y**4 >= x**3*y + 2*x*y**3"),
    Own("norm(proj(u, v)) <= norm(u)"),
    Own("norm(u + v + w)**2 <= 2*(norm(u)**2 + norm(v)**2 + norm(w)**2)"),
    Own("1 + 2*cos(u,v)*cos(v,w)*cos(u,w) > cos(u,v)**2 + cos(v,w)**2 + cos(u,w)**2"),
    Own("log(exp(x) + exp(y)) >= max(x, y) + log(2)"),
    Own("log(exp(x) + exp(y)) <= max(x, y)"),
    Own("tanh(x) <= x"),
    Own("sin(x) >= x"),
    Own("cosh(x) > 1"),
    Own("dot(u, v)*dot(u, w) <= norm(u)**2*dot(v, w)"),
    Own("sum(x[j], j, 1, n)**2 <= sum(x[j]**2, j, 1, n)"),
    Own("norm(sum(v[j], j, 1, n))**2 <= sum(norm(v[j])**2, j, 1, n)"),
    Own("x**2 + y**2 + 1 > x*y + x + y"),
    Own("x**2 + x + 1/4 > 0"),
    Own("x**2 - 2*x*y + y**2 > 0"),
    Own("exp(x) >= 1 + x + 1/100"),
    Own("exp(x) >= x + 1 + x**2/100"),
    Own("exp(x) > x + 1"),
    Own("exp(x) >= 1 + 2*x"),
    Own("x*log(x) >= 0"),
    Own("x*log(x) >= x"),
    Own("x*log(x) >= x**2 - 1"),
    Own("y*exp(x) >= y*(1 + x)"),
    Own("sin(x) + cos(x) <= 1"),
    Own("sin(x) <= 9/10"),
    Own("norm(u)*norm(v)*x >= x*dot(u, v)"),
    Own("norm(u + v) >= norm(u) + norm(v) - 1"),
    Own("cos(u, v)*cos(v, w) <= cos(u, w)"),
    Own("cos(u,v)**2 + cos(v,w)**2 + cos(u,w)**2 <= 1 + cos(u,v)*cos(v,w)*cos(u,w)"),
    Own("x**2 + y**2 >= 2*x*y + 1/1000"),
    Own("(x + y)*(x**2 - x*y + y**2) >= 0"),
    Own("1/x + 1/y >= 4/(x + y)"),
    Own("x**2/y + y >= 2*x"),
    Own("sqrt(x) >= x"),
    Own("x >= sqrt(x)"),
    Own("log(x)**2 > 0"),
    Own("exp(x**2) > 1"),
    Own("norm(u - v) > 0"),
    Own("cos(u, v)**2 < 1"),
    Own("log(1 + x) < x"),
    Own("log(1 + x**2) < x**2"),
    Own("1/(1 + x**2) < 1"),
    Own("sum(x[j], j, 1, n)**2 < n*sum(x[j]**2, j, 1, n)"),
    Own("sum(x[j]*y[j], j, 1, n)**2 >= sum(x[j]**2, j, 1, n)*sum(y[j]**2, j, 1, n)"),
    Own("n*sum(x[j]**2, j, 1, n) <= sum(x[j], j, 1, n)**2"),
    Own("min(x, y) > max(x, y) - 1"),
    Own("abs(x) > x"),
    Own("1 + exp(x) == 1"),
    Own("tanh(x) == 1"),
)

NEVER_PROVED = (  # it says nothing, or a refutation is beyond the search
    Own("1/(x - x) == 0"),
    Own("log(-1) == log(-1)"),
    Own("sqrt(-1) == sqrt(-1)"),
    Own("unit(u - u) == unit(u - u)"),
    Own("cos(u - u, v) == 0"),
    Own("norm(unit(u - u)) == 1"),
)


@pytest.mark.parametrize("own", PROVED, ids=str)
def test_a_common_inequality_is_proved(own: Own) -> None:
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
