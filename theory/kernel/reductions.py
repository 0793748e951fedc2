"""Limits, expansions and initial value problems, reduced to equalities that say the same.

Each answers with those equalities and with what has to hold besides, in words, and was not certified.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from theory.kernel.certificates import continuous, runs_alone
from theory.kernel.definedness import belongs, unmet
from theory.kernel.limits import Unbounded, defined_far_out, leading, limit_at_infinity
from theory.kernel.signs import sign
from theory.kernel.verdict import Undecidable
from theory.language.domain import Domain
from theory.language.goals import Equal, Expands, Solves, Tends
from theory.language.sums import substitute

_LONGEST = 20_000  # operations in a derivative
Reduced = tuple[list[Equal], tuple[str, ...]]


def limit(goal: Tends, domain: Domain) -> Reduced:
    """Limits by leading terms: the limit found equals the value.

    Raises `Undecidable` where none is found, and `Unbounded` where there certainly is none.
    """
    x, value, expr = goal.variable, sp.sympify(goal.value, strict=True), sp.sympify(goal.expr, strict=True)
    flip = {x: 1 / x} if goal.at_zero else {}
    expr = substitute(expr, flip)
    if (applied := domain.apply(expr)) != expr:  # what a hypothesis takes away has to be defined, too
        defined_far_out(expr, x, domain)
    if value.has(x, sp.oo, -sp.oo) or not _reaches(x, goal.at_zero, domain):
        raise Undecidable(f"{x} does not get there within the domain, or takes the value along")
    open_ = tuple(c for part in _without(expr, x) for c in unmet(part, domain))
    try:
        return [Equal(limit_at_infinity(applied, x, domain), value)], open_
    except Unbounded as growth:
        raise Undecidable("; ".join(open_)) if open_ else Unbounded(substitute(growth.args[0], flip)) from None


def _without(e: sp.Expr, x: sp.Symbol) -> Iterator[sp.Expr]:
    """The largest parts that are free of ``x``, which has to leave them defined."""
    if not e.has(x):
        yield e
    elif e != x:
        for part in e.args:
            yield from _without(part, x)


def _reaches(x: sp.Symbol, at_zero: bool, domain: Domain) -> bool:
    """Whether the variable comes near its limit while every other one, held fixed, stays in its range."""
    own, rest = domain.interval(x), domain.forgetting({x})
    fixed = rest.orthogonal == domain.orthogonal and not any(k != x and k.has(x) for k in domain.ranges)
    if not fixed or x.is_zero or (at_zero and not continuous(x)):
        return False
    if not (own.low in (0, -sp.oo) and own.high.is_extended_positive if at_zero else own.high == sp.oo):
        return False
    ends = [(end, side) for box in domain.ranges.values() for end, side in zip(box.ends, (-1, 1), strict=True)]
    for end, side in ends:
        if end.has(x):
            c, p = leading(end.xreplace({x: 1 / x}) if at_zero else end, x, domain)
            if p <= 0 or sign(c, domain) != (side, True):
                return False
    return True


def expansion(goal: Expands, domain: Domain) -> Reduced:
    """Taylor: derivatives at 0 against coefficients, of what is smooth there. Raises `Undecidable` where it may not be."""
    term, x = sp.sympify(goal.expr, strict=True), goal.variable
    if not continuous(x) or (rough := unmet(term, domain, x, at={x: sp.S.Zero})):
        raise Undecidable(f"smoothness at 0 is not certified: {'' if not continuous(x) else rough[0]}")
    equalities = []
    for i, coefficient in enumerate(goal.coefficients):
        equalities.append(Equal(substitute(term, {x: sp.S.Zero}), sp.factorial(i) * coefficient))
        term = sp.diff(term, x)
        if sp.count_ops(term) > _LONGEST:
            raise Undecidable("the derivatives grow too long")
    return equalities, ()


def initial_value_problem(goal: Solves, domain: Domain) -> Reduced:
    """ODEs by substitution and initial value, of a solution that is smooth from time 0 on."""
    solution, rate, t = sp.sympify(goal.solution, strict=True), sp.sympify(goal.rate, strict=True), goal.time
    if not runs_alone(t, domain) or domain.interval(t).low not in (0, -sp.oo):
        raise Undecidable(f"{t} does not run from 0 while everything else stands still")
    balance = Equal(sp.diff(solution, t), substitute(rate, {goal.state: solution}))
    start = Equal(substitute(solution, {t: sp.S.Zero}), goal.initial)
    outside = () if belongs(goal.state, solution, domain, {}) else (f"{goal.state} must stay in its range",)
    smooth = unmet(solution, domain, t) + unmet(solution, domain, t, at={t: sp.S.Zero})
    return [balance, start], outside + smooth + unmet(rate, domain, at={goal.state: solution})
