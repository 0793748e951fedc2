"""Certificates checked: a combination must add up and its factors be certified, a monotone target grow from its start."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from theory.kernel.definedness import NEVER, unmet
from theory.kernel.signs import is_zero, nonnegative, sign
from theory.language.certificates import (
    Certificate,
    Combination,
    Factor,
    Gram,
    Instance,
    Length,
    Monotone,
    Schwarz,
    Swing,
    Tangent,
    Termwise,
)
from theory.language.domain import Domain
from theory.language.gram import Vector
from theory.language.sums import substitute


def certified(target: sp.Expr, by: Certificate, domain: Domain) -> bool:
    """Whether the certificate shows ``target >= 0`` on the whole domain."""
    return remaining(target, by, domain) == ()


def remaining(target: sp.Expr, by: Certificate, domain: Domain) -> tuple[str, ...] | None:
    """What has to hold besides, in words, for the certificate to show ``target >= 0``; ``None`` if it does not.

    Nothing has to where it shows it on the whole domain.
    """
    if isinstance(by, Monotone):
        return () if _grows(target, by, domain) else None
    if not is_zero(target - by.total(), domain):
        return None
    besides = _admissible_all(by, domain)
    return None if besides is None or any(c.endswith(f"must {NEVER}") for c in besides) else besides


def _grows(target: sp.Expr, by: Monotone, domain: Domain) -> bool:
    """From the lower end of its range, with nothing else of the domain changing on the way."""
    x, start = by.variable, by.start
    if not runs_alone(x, domain) or domain.interval(x).low != start:
        return False
    if unmet(target, domain, x) or unmet(target, domain, x, at={x: start}):
        return False
    slope = sp.diff(domain.apply(target), x)
    if not nonnegative(substitute(target, {x: start}), domain):
        return False
    return nonnegative(slope, domain) or (by.again > 0 and _grows(slope, replace(by, again=by.again - 1), domain))


def runs_alone(x: sp.Symbol, domain: Domain) -> bool:
    """Whether a variable runs through an interval while everything else may stand still."""
    rest = domain.forgetting({x})
    return continuous(x) and rest.orthogonal == domain.orthogonal and rest.ranges.keys() >= domain.ranges.keys() - {x}


def continuous(x: sp.Symbol) -> bool:
    """Whether a variable runs through an interval, not only through its integers or rationals."""
    return bool(x.is_Symbol and x.is_rational is None and x.is_algebraic is None)


def _admissible_all(by: Combination, domain: Domain) -> tuple[str, ...] | None:
    said = [_admissible(factor, domain) for product in by.products for factor in product]
    return None if None in said else tuple(dict.fromkeys(c for conditions in said for c in conditions or ()))


def _admissible(factor: Factor, domain: Domain) -> tuple[str, ...] | None:
    """What has to hold for a factor to be defined; ``None`` unless it is certainly not negative there."""
    if isinstance(factor, Length):  # of real coefficients; any real vectors will do
        return _unmet_of((factor.of,), domain)
    if isinstance(factor, Schwarz):
        return _unmet_of((factor.a, factor.b), domain)
    if isinstance(factor, Gram):
        return _unmet_of(factor.of, domain)
    if isinstance(factor, Tangent):
        return unmet(factor.at, domain)
    if isinstance(factor, Swing):
        return unmet(factor.of, domain) if isinstance(factor.of, (sp.sin, sp.cos)) and factor.way in (1, -1) else None
    if isinstance(factor, Termwise):
        each = domain.forgetting({index for index, _ in factor.indices})
        weight, body = _admissible(factor.weight, each), _admissible_all(factor.body, each)
        return () if weight == body == () else None  # what has to hold would have to for every term
    if isinstance(factor, Instance):
        x, reached = factor.variable, sign(factor.value, domain)
        half_line = Domain().interval(x).ends == (0, sp.oo)
        inside = reached == (1, True) or (reached in ((1, False), (0, False)) and not x.is_positive)
        return unmet(factor.value, domain) if half_line and inside and _grows(factor.target, factor.by, Domain()) else None
    return unmet(factor, domain) if nonnegative(factor, domain) else None


def _unmet_of(vectors: tuple[Vector, ...], domain: Domain) -> tuple[str, ...]:
    coefficients = (c for v in vectors for c in (*v.terms.values(), *v.families.values()))
    return tuple(dict.fromkeys(c for part in coefficients for c in unmet(part, domain)))
