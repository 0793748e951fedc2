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
from theory.kernel.signs import Certificate, certified, is_zero, sign, unsettled
from theory.kernel.verdict import Status, Undecidable, Verdict

_REFUTATION_POINTS = 24
_ORBIT = 4  # steps of a recursion that are tried for a counterexample
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
    expr = substitute(domain.apply(goal.expr), {x: 1 / x}) if goal.at_zero else domain.apply(goal.expr)
    value = sp.sympify(goal.value)
    if value.has(x) or not _reaches(x, goal.at_zero, domain):
        return Verdict(Status.UNDECIDED, "leading term", f"{x} does not get there within the domain")
    try:
        limit = limit_at_infinity(expr, x, domain)
    except Undecidable as error:
        c, p = leading(expr, x, domain)
        if p > 0 and not c.has(sp.oo) and any(point.admits(sp.S.Zero) for point in domain.points(_REFUTATION_POINTS)):
            return Verdict(Status.REFUTED, "leading term", "grows without bound", {"leading": f"{c}*{x}**{p}"})
        return Verdict(Status.UNDECIDED, "leading term", str(error))
    verdict = _equal(Equal(limit, value), domain)
    return Verdict(verdict.status, "leading term", f"the limit is {limit}", verdict.values, verdict.conditions)


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
    if rough := next(unsettled(term, domain, x, sp.S.Zero), None):
        return Verdict(Status.UNDECIDED, "series: derivatives at 0", f"smoothness at 0 is not certified: {rough}")
    goals = []
    for i, coefficient in enumerate(goal.coefficients):
        goals.append(Equal(substitute(term, {x: sp.S.Zero}), sp.factorial(i) * coefficient))
        term = sp.diff(term, x)
    return _named(_all(All(tuple(goals)), domain), "series: derivatives at 0")


def _solves(goal: Solves, domain: Domain) -> Verdict:
    solution, t = sp.sympify(goal.solution), goal.time
    balance = Equal(sp.diff(solution, t), substitute(sp.sympify(goal.rate), {goal.state: solution}))
    start = Equal(substitute(solution, {t: sp.S.Zero}), goal.initial)
    verdict = _named(_all(All((balance, start)), domain), "ODE: substitution and initial value")
    rough = {str(part) for part in unsettled(domain.apply(solution), domain, t)}
    return replace(verdict, conditions=tuple(sorted({*verdict.conditions, *rough})))


def _by_induction(goal: ByInduction, domain: Domain) -> Verdict:
    """Base, and step with the induction hypothesis carried by the variable ``assumed``."""
    method = "induction: base and step"
    variable, expression = goal.solved
    box = domain.interval(goal.assumed)
    if box not in (Interval(0, sp.oo, low_open=False), Interval(-sp.oo, sp.oo)) or any(
        sp.sympify(e).has(goal.assumed) for e in (goal.slack, *goal.initial.values(), *goal.update.values())
    ):
        return Verdict(Status.UNDECIDED, method, f"{goal.assumed} must be fresh and may be 0")
    zero = {goal.assumed: sp.S.Zero} if goal.exact else {}

    def before(e: sp.Expr) -> sp.Expr:
        """At a state of which the induction hypothesis is known."""
        return substitute(substitute(e, {variable: expression}), zero)

    base, after = substitute(goal.slack, goal.initial), substitute(goal.slack, goal.update)
    solved = All((Equal(substitute(goal.slack, {variable: expression}), goal.assumed),
                  Equal(substitute(expression, {goal.assumed: goal.slack}), variable)))  # fmt: skip
    verdicts = [decide(solved, domain), decide(_claim(base, goal.exact or goal.starts_equal), domain)]
    step = _claim(before(after), goal.exact)
    verdicts.append(decide(replace(step, by=goal.by) if isinstance(step, AtLeast) else step, domain))
    verdicts += [_stays(goal, before, domain), _starts(goal, domain)]
    joint = _joint(verdicts)
    if joint.status is Status.PROVED:
        return _named(joint, method)
    return _orbit_fails(goal, domain) or Verdict(Status.UNDECIDED, method, "; ".join(v.detail for v in verdicts if v.status is not Status.PROVED))


def _claim(slack: sp.Expr, exact: bool) -> Equal | AtLeast:
    return Equal(slack, sp.S.Zero) if exact else AtLeast(slack, sp.S.Zero)


def _membership(values: Mapping[sp.Symbol, sp.Expr], domain: Domain) -> tuple[AtLeast, ...]:
    """That values lie in the ranges of the variables they are for."""
    goals: list[AtLeast] = []
    for variable, value in values.items():
        box = domain.interval(variable)
        if variable.is_integer and not sp.sympify(value).is_integer:
            raise Undecidable(f"{variable} must stay an integer")
        ends = {k: v for k, v in values.items() if k != variable}
        if box.low != -sp.oo:
            goals.append(AtLeast(value, substitute(box.low, ends), strict=box.low_open))
        if box.high != sp.oo:
            goals.append(AtLeast(substitute(box.high, ends), value, strict=box.high_open))
    return tuple(goals)


def _stays(goal: ByInduction, before: Callable[[sp.Expr], sp.Expr], domain: Domain) -> Verdict:
    """The update leads from the ranges of the state variables into them, with or without the hypothesis' help."""
    verdicts = []
    for part in _membership(goal.update, domain):
        helped = replace(part, left=before(part.left), right=before(part.right))
        verdicts.append(next((v for v in (decide(part, domain), decide(helped, domain)) if v.proved), None))
    return _joint([v or Verdict(Status.UNDECIDED, "", "the update may leave a range") for v in verdicts])


def _starts(goal: ByInduction, domain: Domain) -> Verdict:
    """The induction starts inside the ranges, or is there after one step."""
    if (inside := _joint([decide(g, domain) for g in _membership(goal.initial, domain)])).proved:
        return inside
    first = {k: substitute(v, goal.initial) for k, v in goal.update.items()}
    goals: tuple[Goal, ...] = (*_membership(first, domain), _claim(substitute(goal.slack, first), goal.exact))
    return _joint([decide(g, domain) for g in goals])


def _orbit_fails(goal: ByInduction, domain: Domain) -> Verdict | None:
    """A start in the domain from which one of the first steps breaks the statement: only that refutes."""
    state, seen = dict(goal.initial), domain
    if any(fact.has(*goal.update) for fact in domain.facts):
        return None
    for _ in range(_ORBIT):
        verdict = decide(_claim(substitute(goal.slack, state), goal.exact), seen)
        if verdict.refuted:
            return verdict
        state = {k: substitute(goal.update.get(k, k), state) for k in {**state, **goal.update}}
        inside = tuple(g.left - g.right for g in _membership(state, domain))
        seen = replace(seen, facts=(*seen.facts, *inside))
    return None


def _all(goal: All, domain: Domain) -> Verdict:
    return _joint([decide(g, domain) for g in goal.goals]) if goal.goals else Verdict(Status.UNDECIDED, "none", "no goals")


def _joint(verdicts: list[Verdict]) -> Verdict:
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
