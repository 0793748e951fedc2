"""Hypothesis strategies: expressions of the kernel's language, rewritings of them, and points."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import sympy as sp
from hypothesis import strategies as st

X, Y = sp.symbols("x y", real=True)
P, Q = sp.symbols("p q", positive=True)
SIZE = sp.Symbol("n", integer=True, positive=True)
INDEX = sp.Symbol("j", integer=True, positive=True)
SYMBOLS = (X, Y, P, Q, SIZE)

numbers = st.fractions(min_value=-4, max_value=4, max_denominator=6).map(lambda f: sp.Rational(f.numerator, f.denominator))
coefficients = numbers.filter(bool)


def _positive(e: sp.Expr) -> sp.Expr:
    return e**2 + P


_UNARY: tuple[Callable[[sp.Expr], sp.Expr], ...] = (
    sp.exp, sp.sin, sp.cos, sp.tanh, sp.Abs,
    lambda e: sp.log(_positive(e)),
    lambda e: sp.sqrt(_positive(e)),
    lambda e: _positive(e) ** sp.Rational(-2, 3),
    lambda e: 1 / _positive(e),
    lambda e: sp.sqrt(e**2),
    lambda e: e**2,
    lambda e: sp.log(e),
    lambda e: sp.sqrt(e),
    lambda e: 1 / e,
    lambda e: sp.Sum(e * INDEX, (INDEX, 1, SIZE)),
    lambda e: sp.Sum(sp.exp(e / INDEX), (INDEX, 1, SIZE)),
)  # fmt: skip


def _grow(parts: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
    return st.one_of(
        st.tuples(parts, parts).map(lambda ab: ab[0] + ab[1]),
        st.tuples(parts, parts).map(lambda ab: ab[0] * ab[1]),
        st.tuples(st.sampled_from(_UNARY), parts).map(lambda fe: fe[0](fe[1])),
    )


def _finite(e: sp.Expr) -> bool:
    return not e.has(sp.zoo, sp.nan, sp.oo, sp.I) and sp.count_ops(e) < 40


_LEAVES = st.one_of(numbers, st.sampled_from([X, Y, P, Q]))
expressions = st.recursive(_LEAVES, _grow, max_leaves=6).filter(_finite)
"""Real expressions, some undefined at some points, sums over a symbolic number of terms included."""

polynomials = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 2)), coefficients, min_size=1, max_size=4).map(
    lambda terms: sp.Add(*(c * X**i * P**k for (i, k), c in terms.items()))
)
"""Non-zero polynomials in ``x`` and ``p``."""

_IDENTITIES: tuple[Callable[[sp.Expr], sp.Expr], ...] = (
    sp.expand,
    sp.together,
    sp.factor,
    sp.cancel,
    sp.powsimp,
    sp.expand_power_exp,
    sp.expand_log,
    lambda e: e + (sp.sin(X) ** 2 + sp.cos(X) ** 2 - 1) * P,
    lambda e: e * (sp.exp(X + Y) / sp.exp(X)) * sp.exp(-Y),
    lambda e: e * sp.sqrt(P * Q) / (sp.sqrt(P) * sp.sqrt(Q)),
    lambda e: e + sp.log(P**2 * Q) - 2 * sp.log(P) - sp.log(Q),
    lambda e: (e + 1) ** 3 - 3 * e**2 - e**3 - 2 * e - 1,
    lambda e: e + sp.Sum(INDEX * X, (INDEX, 1, SIZE)) - X * sp.Sum(Q / Q * INDEX, (INDEX, 1, SIZE)),
)


@st.composite
def rewritten(draw: st.DrawFn) -> tuple[sp.Expr, sp.Expr]:
    """An expression and the same after one to three identities."""
    e = draw(expressions)
    changed = e
    for identity in draw(st.lists(st.sampled_from(_IDENTITIES), min_size=1, max_size=3)):
        changed = identity(changed)
    return e, changed


def points(count: int = 4) -> st.SearchStrategy[list[dict[sp.Symbol, Fraction]]]:
    """Values for all `SYMBOLS`."""
    real = st.fractions(min_value=-3, max_value=3, max_denominator=20)
    positive = st.fractions(min_value=Fraction(1, 20), max_value=5, max_denominator=20)
    one = st.fixed_dictionaries({X: real, Y: real, P: positive, Q: positive, SIZE: st.integers(1, 4).map(Fraction)})
    return st.lists(one, min_size=count, max_size=count)
