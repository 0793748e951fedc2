"""The statements the kernel can be asked about, and ``decide``: the only place that answers.

Goals are data. `decide` never raises on what it cannot decide, never samples to prove, and never calls a
general simplifier; sampling with rigorous balls may refute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace

import sympy as sp
from flint import arb

from theory.kernel.asymptotics import leading, limit_at_infinity
from theory.kernel.binding import substitute
from theory.kernel.domain import Domain, Interval
from theory.kernel.normal_form import NormalForm
from theory.kernel.signs import Certificate, certified, is_zero, sign
from theory.kernel.verdict import Status, Undecidable, Verdict

_REFUTATION_POINTS = 24
_FAILURES = (Exception,)  # whatever SymPy or flint stumbles over is "undecided"; Ctrl-C still passes


@dataclass(frozen=True)
class Equal:
    """``left = right`` wherever both are defined. ``name`` is how the left side is written."""

    left: sp.Expr
    right: sp.Expr
    name: str = ""


@dataclass(frozen=True)
class Same:
    """Two vectors are equal: ``pairs`` of coefficients, and ``gap``, the squared length of the difference."""

    pairs: tuple[tuple[sp.Expr, sp.Expr], ...]
    gap: sp.Expr
    name: str = ""
    shown: str = ""


@dataclass(frozen=True)
class AtLeast:
    """``left >= right`` (``>`` if strict), by sign of coefficients or by the certificate given."""

    left: sp.Expr
    right: sp.Expr
    by: Certificate | None = None
    strict: bool = False
    name: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Tends:
    """``expr -> value`` as ``variable -> oo`` (or ``-> 0+`` with ``at_zero``)."""

    expr: sp.Expr
    variable: sp.Symbol
    value: sp.Expr
    at_zero: bool = False
    name: str = ""


@dataclass(frozen=True)
class Expands:
    """``expr = sum coefficients[i] variable**i + O(variable**len)``, by its derivatives at 0."""

    expr: sp.Expr
    variable: sp.Symbol
    coefficients: tuple[sp.Expr, ...]
    name: str = ""


@dataclass(frozen=True)
class Solves:
    """``solution`` solves ``d state/d time = rate`` with ``state(0) = initial`` (rate locally Lipschitz)."""

    solution: sp.Expr
    state: sp.Symbol
    time: sp.Symbol
    rate: sp.Expr
    initial: sp.Expr
    name: str = ""


@dataclass(frozen=True)
class ByInduction:
    """``slack >= 0`` (``= 0`` if exact) at every step of a recursion.

    Base: at ``initial`` (with ``starts_equal``, slack exactly 0 there). Step: after ``update``, assuming it before; ``solved`` writes one state variable
    through the slack itself, called ``assumed``, so that the induction hypothesis is ``assumed >= 0``.
    """

    slack: sp.Expr
    initial: Mapping[sp.Symbol, sp.Expr]
    update: Mapping[sp.Symbol, sp.Expr]
    solved: tuple[sp.Symbol, sp.Expr]
    assumed: sp.Symbol
    by: Certificate | None = None
    exact: bool = False
    starts_equal: bool = False
    name: str = ""
    shown: str = ""


@dataclass(frozen=True)
class All:
    """Every one of several goals."""

    goals: tuple[Goal, ...]
    name: str = field(default="")


@dataclass(frozen=True)
class Within:
    """A goal on a part of the domain only: ``ranges`` are narrower there."""

    goal: Goal
    ranges: Mapping[sp.Expr, Interval]
    name: str = ""


Goal = Equal | Same | AtLeast | Tends | Expands | Solves | ByInduction | All | Within


def decide(goal: Goal, domain: Domain | None = None) -> Verdict:
    """Proved, refuted with values, or undecided; never raises on a goal it cannot decide."""
    box = domain or Domain()
    try:
        if _inexact(goal):
            return Verdict(Status.UNDECIDED, "none", "floating-point numbers are not exact; write fractions")
        return _DECIDERS[type(goal)](goal, box)
    except _FAILURES as error:
        return Verdict(Status.UNDECIDED, "none", f"{type(error).__name__}: {error}")


def _inexact(part: object) -> bool:
    """Whether a float hides anywhere in a goal."""
    if isinstance(part, sp.Basic):
        return part.has(sp.Float)
    if isinstance(part, (tuple, list)):
        return any(map(_inexact, part))
    if isinstance(part, Mapping):
        return any(map(_inexact, part.values()))
    return isinstance(part, float) or (is_dataclass(part) and any(_inexact(getattr(part, f.name)) for f in fields(part)))


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
    divisors = {
        power.base for pair in pairs for side in pair for power in domain.apply(side).atoms(sp.Pow) if power.exp.could_extract_minus_sign()
    }
    return tuple(sorted(str(d) for d in divisors if not _nonzero(d, domain)))


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
            return Verdict(Status.PROVED, f"certificate: {method}", "checked by normal form", conditions=_conditions(((left, right),), domain))
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
    expr = goal.expr.xreplace({x: 1 / x}) if goal.at_zero else goal.expr
    try:
        limit = limit_at_infinity(domain.apply(expr), x, domain)
    except Undecidable as error:
        c, p = leading(domain.apply(expr), x, domain)
        if p > 0 and not c.has(sp.oo):
            return Verdict(Status.REFUTED, "leading term", "grows without bound", {"leading": f"{c}*{x}**{p}"})
        return Verdict(Status.UNDECIDED, "leading term", str(error))
    verdict = _equal(Equal(limit, goal.value), domain)
    return Verdict(verdict.status, "leading term", f"the limit is {limit}", verdict.values, verdict.conditions)


def _expands(goal: Expands, domain: Domain) -> Verdict:
    goals, term = [], goal.expr
    for i, coefficient in enumerate(goal.coefficients):
        goals.append(Equal(term.subs(goal.variable, 0), sp.factorial(i) * coefficient))
        term = sp.diff(term, goal.variable)
    return _named(_all(All(tuple(goals)), domain), "series: derivatives at 0")


def _solves(goal: Solves, domain: Domain) -> Verdict:
    inserted = goal.rate.xreplace({goal.state: goal.solution})
    balance = Equal(sp.diff(goal.solution, goal.time), inserted)
    start = Equal(goal.solution.subs(goal.time, 0), goal.initial)
    return _named(_all(All((balance, start)), domain), "ODE: substitution and initial value")


def _by_induction(goal: ByInduction, domain: Domain) -> Verdict:
    """Base, and step with the induction hypothesis carried by the variable ``assumed``."""
    variable, expression = goal.solved
    hypothesis = sp.S.Zero if goal.exact else goal.assumed
    tie = Equal(goal.slack.xreplace({variable: expression}), goal.assumed)
    base = goal.slack.xreplace(dict(goal.initial))
    step = goal.slack.subs(dict(goal.update), simultaneous=True).xreplace({variable: expression})
    step = step.xreplace({goal.assumed: hypothesis})
    if goal.exact:
        goals: tuple[Goal, ...] = (tie, Equal(base, sp.S.Zero), Equal(step, sp.S.Zero))
    else:
        start = Equal(base, sp.S.Zero) if goal.starts_equal else AtLeast(base, sp.S.Zero)
        goals = (tie, start, AtLeast(step, sp.S.Zero, by=goal.by))
    return _named(_all(All(goals), domain), "induction: base and step")


def _all(goal: All, domain: Domain) -> Verdict:
    verdicts = [decide(g, domain) for g in goal.goals]
    for status in (Status.REFUTED, Status.UNDECIDED):
        for verdict in verdicts:
            if verdict.status is status:
                return verdict
    methods = ", ".join(dict.fromkeys(v.method for v in verdicts))
    conditions = tuple(sorted({c for v in verdicts for c in v.conditions}))
    return Verdict(Status.PROVED, methods, f"{len(verdicts)} parts", conditions=conditions)


def _within(goal: Within, domain: Domain) -> Verdict:
    return decide(goal.goal, replace(domain, ranges={**domain.ranges, **goal.ranges}))


def _named(verdict: Verdict, method: str) -> Verdict:
    return Verdict(verdict.status, method, verdict.detail, verdict.values, verdict.conditions)


_DECIDERS = {
    Equal: _equal, Same: _same, AtLeast: _at_least, Tends: _tends, Expands: _expands, Solves: _solves,
    ByInduction: _by_induction, All: _all, Within: _within,
}  # fmt: skip
