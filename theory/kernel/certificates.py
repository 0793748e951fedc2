"""Certificates checked: a combination must add up and its factors be certified, a monotone target grow from its start."""

from __future__ import annotations

import sympy as sp

from theory.kernel.definedness import unmet
from theory.kernel.signs import is_zero, nonnegative, sign
from theory.language.certificates import Certificate, Combination, Factor, Instance, Length, Monotone, Termwise
from theory.language.domain import Domain
from theory.language.sums import substitute


def certified(target: sp.Expr, by: Certificate, domain: Domain) -> bool:
    """Whether the certificate shows ``target >= 0`` on the domain."""
    if isinstance(by, Monotone):
        return _grows(target, by.variable, by.start, domain)
    total = by.total()
    return is_zero(target - total, domain) and not unmet(total, domain) and _admissible_all(by, domain)


def _grows(target: sp.Expr, x: sp.Symbol, start: sp.Expr, domain: Domain) -> bool:
    """From the lower end of its range, with nothing else of the domain changing on the way."""
    if not runs_alone(x, domain) or domain.interval(x).low != start:
        return False
    if unmet(target, domain, x) or unmet(target, domain, x, at={x: start}):
        return False
    return all(nonnegative(e, domain) for e in (sp.diff(domain.apply(target), x), substitute(target, {x: start})))


def runs_alone(x: sp.Symbol, domain: Domain) -> bool:
    """Whether a variable runs through an interval while everything else may stand still."""
    rest = domain.forgetting({x})
    return continuous(x) and rest.orthogonal == domain.orthogonal and rest.ranges.keys() >= domain.ranges.keys() - {x}


def continuous(x: sp.Symbol) -> bool:
    """Whether a variable runs through an interval, not only through its integers or rationals."""
    return bool(x.is_Symbol and x.is_rational is None and x.is_algebraic is None)


def _admissible_all(by: Combination, domain: Domain) -> bool:
    return all(_admissible(factor, domain) for product in by.products for factor in product)


def _admissible(factor: Factor, domain: Domain) -> bool:
    """Defined and not negative."""
    if isinstance(factor, Length):  # of real coefficients; any real vector will do
        return not any(unmet(c, domain) for c in (*factor.of.terms.values(), *factor.of.families.values()))
    if isinstance(factor, Termwise):
        each = domain.forgetting({index for index, _ in factor.indices})
        return _admissible(factor.weight, each) and _admissible_all(factor.body, each)
    if isinstance(factor, Instance):
        x, reached = factor.variable, sign(factor.value, domain)
        half_line = Domain().interval(x).ends == (0, sp.oo)
        inside = reached == (1, True) or (reached in ((1, False), (0, False)) and not x.is_positive)
        return half_line and inside and _grows(factor.target, x, factor.by.start, Domain())
    return nonnegative(factor, domain) and not unmet(factor, domain)
