"""``decide``: the only place that answers.

It never raises on what it cannot decide, never samples to prove, and never calls a general simplifier;
sampling with rigorous balls may refute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import sympy as sp
from flint import arb

from theory.kernel.asymptotics import leading, limit_at_infinity, nonzero
from theory.kernel.binding import opened, substitute
from theory.kernel.domain import Domain
from theory.kernel.goals import All, AtLeast, ByInduction, Equal, Expands, Goal, Same, Solves, Tends, Within
from theory.kernel.induction import by_induction
from theory.kernel.normal_form import NormalForm
from theory.kernel.signs import certified, is_zero, sign, unsettled
from theory.kernel.verdict import Status, Undecidable, Verdict, jointly

_REFUTATION_POINTS = 24
_FAILURES = (Exception,)  # whatever SymPy or flint stumbles over is "undecided"; Ctrl-C still passes


def decide(goal: Goal, domain: Domain | None = None) -> Verdict:
    """Proved, refuted with values, or undecided; never raises on a goal it cannot decide."""
    box = domain or Domain()
    try:
        if _holds_any(goal, (sp.Float, sp.I, sp.oo, -sp.oo, sp.zoo, sp.nan)) or _holds_any(box, (sp.Float, sp.I)):
            return Verdict(Status.UNDECIDED, "none", "floats, complex and infinite numbers have no place in a statement")
        return _DECIDERS[type(goal)](goal, box)
    except _FAILURES as error:
        return Verdict(Status.UNDECIDED, "none", f"{type(error).__name__}: {error}")


def _holds_any(part: object, unwanted: tuple[object, ...]) -> bool:
    """Whether a number that the kernel does not reason about hides anywhere in a goal or domain."""
    if isinstance(part, sp.Basic):
        return bool(part.has(*unwanted))
    if isinstance(part, (tuple, list)):
        return any(_holds_any(p, unwanted) for p in part)
    if isinstance(part, Mapping):
        return any(_holds_any(p, unwanted) for p in part.values())
    if is_dataclass(part):
        return any(_holds_any(getattr(part, f.name), unwanted) for f in fields(part))
    return isinstance(part, (float, complex))


def _equal(goal: Equal, domain: Domain) -> Verdict:
    left, right = sp.sympify(goal.left), sp.sympify(goal.right)
    verdict = _identities(((left, right),), domain)
    if verdict.status is Status.PROVED:
        return verdict
    return _search(left, right, domain, lambda gap: 0 not in gap) or verdict


def _same(goal: Same, domain: Domain) -> Verdict:
    pairs = goal.pairs or ((goal.gap, sp.S.Zero),)
    verdict = _identities(tuple((sp.sympify(a), sp.sympify(b)) for a, b in pairs), domain)
    if verdict.status is Status.PROVED:
        return verdict
    return _search(goal.gap, sp.S.Zero, domain, lambda gap: gap > 0, root=True) or verdict


def _identities(pairs: tuple[tuple[sp.Expr, sp.Expr], ...], domain: Domain) -> Verdict:
    """Proved if the normal form of every difference is zero."""
    generators = 0
    try:
        for left, right in pairs:
            session = NormalForm()
            if not session.fraction(domain.apply(left) - domain.apply(right)).numerator.is_zero():
                return Verdict(Status.UNDECIDED, "normal form", "normal form is not zero")
            generators = max(generators, len(session.generators))
    except _FAILURES as error:
        return Verdict(Status.UNDECIDED, "normal form", str(error))
    return Verdict(
        Status.PROVED, "normal form", f"{len(pairs)} polynomial identit{'y' if len(pairs) == 1 else 'ies'}"
        f" over {generators} generators", conditions=_conditions(pairs, domain),
    )  # fmt: skip


def _conditions(pairs: tuple[tuple[sp.Expr, sp.Expr], ...], domain: Domain) -> tuple[str, ...]:
    """Divisors in either side that are not certified non-zero on the domain."""
    found = {d for pair in pairs for side in pair for d in _divisors(domain.apply(side))}
    return tuple(sorted(str(d) for d in found if not _nonzero(d, domain)))


def _divisors(e: sp.Expr) -> Iterator[sp.Expr]:
    if e.is_Pow and e.exp.could_extract_minus_sign():
        yield e.base
    for part in opened(e) if isinstance(e, sp.Sum) else e.args:
        yield from _divisors(part)


def _nonzero(divisor: sp.Expr, domain: Domain) -> bool:
    try:
        s = sign(divisor, domain)
        return s is not None and s[1]
    except _FAILURES:
        return False


def _search(left: sp.Expr, right: sp.Expr, domain: Domain, fails: Callable[[arb], bool], root: bool = False) -> Verdict | None:
    """A point of the domain where both sides are defined and their difference certainly fails."""
    sides = domain.apply(left), domain.apply(right)
    for point in domain.points(_REFUTATION_POINTS):
        try:
            gap = point.ball(sides[0]) - point.ball(sides[1])
            if gap.is_finite() and fails(gap) and point.admits(left - right):
                shown = (gap.sqrt() if root else abs(gap)).str(6, radius=False)
                return Verdict(Status.REFUTED, "ball arithmetic", f"off by {shown}", dict(point.values))
        except _FAILURES:  # no value here: try elsewhere
            continue
    return None


def _at_least(goal: AtLeast, domain: Domain) -> Verdict:
    left, right = sp.sympify(goal.left), sp.sympify(goal.right)
    try:
        method = _certificate(left - right, goal, domain)
        if method:
            return Verdict(Status.PROVED, f"certificate: {method}", "checked by normal form",
                           conditions=_conditions(((left, right),), domain))  # fmt: skip
        equal = goal.strict and is_zero(left - right, domain)
    except _FAILURES:
        equal = False
    found = _search(left, right, domain, lambda gap: gap < 0 or (goal.strict and (equal or gap <= 0)))
    return found or Verdict(Status.UNDECIDED, "sign", "no certificate and no counterexample")


def _certificate(slack: sp.Expr, goal: AtLeast, domain: Domain) -> str:
    """The certificate that shows the goal, or nothing."""
    if goal.by is not None:
        return type(goal.by).__name__.lower() if not goal.strict and certified(slack, goal.by, domain, domain.facts) else ""
    s = sign(slack, domain)
    return "coefficients" if s is not None and s[0] >= 0 and (s[1] or not goal.strict) else ""


def _tends(goal: Tends, domain: Domain) -> Verdict:
    x = goal.variable
    expr = substitute(domain.apply(goal.expr), {x: 1 / x}) if goal.at_zero else domain.apply(goal.expr)
    value = sp.sympify(goal.value)
    if value.has(x) or not _reaches(x, goal.at_zero, domain):
        return Verdict(Status.UNDECIDED, "leading term", f"{x} does not get there within the domain")
    try:
        limit = limit_at_infinity(expr, x, domain)
    except Undecidable as error:
        c, p = leading(expr, x, domain)
        inhabited = any(point.admits(sp.S.Zero) for point in domain.points(_REFUTATION_POINTS))
        if p > 0 and not c.has(sp.oo) and nonzero(c, domain) and inhabited:
            return Verdict(Status.REFUTED, "leading term", "grows without bound", {"leading": f"{c}*{x}**{p}"})
        return Verdict(Status.UNDECIDED, "leading term", str(error))
    verdict = _equal(Equal(limit, value), domain)
    fixed = {str(d) for d in _divisors(expr) if not d.has(x) and not _nonzero(d, domain)}
    conditions = tuple(sorted({*verdict.conditions, *fixed}))
    return Verdict(verdict.status, "leading term", f"the limit is {limit}", verdict.values, conditions)


def _reaches(x: sp.Symbol, at_zero: bool, domain: Domain) -> bool:
    """Whether the variable comes near its limit while every other one, held fixed, stays in its range."""
    own = domain.interval(x)
    if not (own.low in (0, -sp.oo) and own.high.is_extended_positive if at_zero else own.high == sp.oo):
        return False
    ends = [(box.low, -1) for box in domain.ranges.values()] + [(box.high, 1) for box in domain.ranges.values()]
    for end, side in ends:
        if end.has(x):
            c, p = leading(end.xreplace({x: 1 / x}) if at_zero else end, x, domain)
            if p <= 0 or sign(c, domain) != (side, True):
                return False
    return not any(fact.has(x) for fact in domain.facts)


def _expands(goal: Expands, domain: Domain) -> Verdict:
    """Taylor, of what is certified to be smooth at 0."""
    term, x = domain.apply(sp.sympify(goal.expr)), goal.variable
    if (rough := next(unsettled(term, domain, x, sp.S.Zero), None)) is not None:
        return Verdict(Status.UNDECIDED, "series: derivatives at 0", f"smoothness at 0 is not certified: {rough}")
    goals = []
    for i, coefficient in enumerate(goal.coefficients):
        goals.append(Equal(substitute(term, {x: sp.S.Zero}), sp.factorial(i) * coefficient))
        term = sp.diff(term, x)
    return replace(_all(All(tuple(goals)), domain), method="series: derivatives at 0")


def _solves(goal: Solves, domain: Domain) -> Verdict:
    solution, t = sp.sympify(goal.solution), goal.time
    balance = Equal(sp.diff(solution, t), substitute(sp.sympify(goal.rate), {goal.state: solution}))
    start = Equal(substitute(solution, {t: sp.S.Zero}), goal.initial)
    verdict = replace(_all(All((balance, start)), domain), method="ODE: substitution and initial value")
    rough = {str(part) for part in unsettled(domain.apply(solution), domain, t)}
    return replace(verdict, conditions=tuple(sorted({*verdict.conditions, *rough})))


def _all(goal: All, domain: Domain) -> Verdict:
    return jointly([decide(g, domain) for g in goal.goals]) if goal.goals else Verdict(Status.UNDECIDED, "none", "no goals")


def _within(goal: Within, domain: Domain) -> Verdict:
    return decide(goal.goal, replace(domain, ranges={**domain.ranges, **goal.ranges}))


_DECIDERS: Mapping[type, Callable[[Any, Domain], Verdict]] = {
    Equal: _equal, Same: _same, AtLeast: _at_least, Tends: _tends, Expands: _expands, Solves: _solves,
    ByInduction: lambda goal, domain: by_induction(goal, domain, decide), All: _all, Within: _within,
}  # fmt: skip
