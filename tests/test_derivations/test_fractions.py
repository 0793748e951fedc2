"""Products are written as on paper: numbers and letters before their brackets, nothing above and below a bar that cancels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sympy as sp

from theory.catalogue import catalogue
from theory.claims import Claim
from theory.kernel import All, Equal, Goal, Within
from theory.substance import expressions
from theory.typeset import latex
from theory.typesetting.factors import drawn_out, power_of

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])
_LONG = 60  # operations; longer ones have names for their parts when they are shown
x, y = sp.symbols("x y", positive=True)
b = sp.Symbol("b", real=True)
beta = sp.Symbol("beta", real=True)


def shared(product: sp.Expr) -> sp.Expr:
    """What the written product has in common above and below its bar, as polynomials."""
    factors = drawn_out(sp.Mul.make_args(product))
    below = [f for f in factors if power_of(f)[1].could_extract_minus_sign()]
    above = sp.Mul(*(f for f in factors if f not in below))
    return sp.gcd(sp.expand(above), sp.expand(sp.Mul(*(1 / f for f in below))))


def stated(claim: Claim) -> Iterator[sp.Expr]:
    """Formulas, and what conclusions say something is."""

    def sides(goal: Goal) -> Iterator[sp.Expr]:
        if isinstance(goal, All):
            yield from (side for part in goal.goals for side in sides(part))
        elif isinstance(goal, Within):
            yield from sides(goal.goal)
        elif isinstance(goal, Equal):
            yield goal.right

    yield from expressions(tuple(claim.formulas.values()))
    yield from (side for goal in claim.conclusions() for side in sides(goal))


@every_claim
def test_no_stated_fraction_can_be_cancelled(claim: Claim) -> None:
    products = {p for e in stated(claim) for p in sp.preorder_traversal(e) if p.is_Mul and p.count_ops() <= _LONG}
    bars = [p for p in products if any(f.is_Pow and f.exp.is_negative and f.base.is_Add for f in p.args) and not p.has(sp.Sum)]
    assert {latex(p): found for p in bars if (found := shared(p)).free_symbols} == {}


@pytest.mark.parametrize(
    ("product", "written"),
    [
        (x * (2 - 2 * y), "2 x (1 - y)"),
        ((2 - 2 * y) / (1 + y), r"\frac{2 (1 - y)}{1 + y}"),
        (x * (1 + b) / (x + b * x), "1"),
        (4 * x * y * (1 + beta) / ((1 - beta) * (x + beta * x)), r"\frac{4 y}{1 - \beta}"),
        (y * (x - y) / (y - x), "-y"),
        (y * (x / 2 + b / 2), r"\frac{y (b + x)}{2}"),
        (y * (x + b / 2), r"y \left(x + \frac{b}{2}\right)"),
        (y * (2 * x + 2 * b) ** 2, "4 y (b + x)^2"),
        (b * y / (b + b * x), r"\frac{b y}{b + b x}"),  # b may be 0
        (sp.Sum(-x, (b, 1, y)) ** 2, r"\left(\sum_{b=1}^y x\right)^2"),
        (2 - 2 * y, "2 - 2 y"),
    ],
)
def test_brackets_share_what_they_have_in_common(product: sp.Expr, written: str) -> None:
    assert latex(product) == written


def test_a_fraction_that_can_be_cancelled_would_be_seen() -> None:
    assert shared((1 - b**2) / ((1 - b) * x)) in (b - 1, 1 - b)
    assert not shared((1 - b) / x).free_symbols
