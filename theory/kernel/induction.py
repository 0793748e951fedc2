"""Induction over a recursion: the slack is not negative at the start, and stays so under the update.

The state variables must stay in their ranges, for only there the step is certified. A step that fails refutes
nothing, since no orbit need come by; a start whose first steps break the statement does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import sympy as sp

from theory.kernel.binding import substitute
from theory.kernel.domain import Domain, Interval
from theory.kernel.goals import All, AtLeast, ByInduction, Equal, Goal
from theory.kernel.verdict import Status, Undecidable, Verdict, jointly

_METHOD = "induction: base and step"
_ORBIT = 4  # steps of a recursion that are tried for a counterexample
Ask = Callable[[Goal, Domain], Verdict]


def by_induction(goal: ByInduction, domain: Domain, decide: Ask) -> Verdict:
    """Base, and step with the induction hypothesis carried by the variable ``assumed``."""
    variable, expression = goal.solved
    if not _fresh(goal, domain):
        return Verdict(Status.UNDECIDED, _METHOD, f"{goal.assumed} must be fresh and may be 0")
    nothing = {goal.assumed: sp.S.Zero} if goal.exact else {}

    if any(fact.has(*goal.update) for fact in domain.facts):
        return Verdict(Status.UNDECIDED, _METHOD, "a fact about a state variable is not known to outlive a step")

    def before(e: sp.Expr) -> sp.Expr:
        """At a state of which the induction hypothesis is known."""
        return substitute(substitute(e, {variable: expression}), nothing)

    tie = All((Equal(substitute(goal.slack, {variable: expression}), goal.assumed),
               Equal(substitute(expression, {goal.assumed: goal.slack}), variable)))  # fmt: skip
    base = _claim(substitute(goal.slack, goal.initial), goal.exact or goal.starts_equal)
    step = _claim(before(substitute(goal.slack, goal.update)), goal.exact)
    step = replace(step, by=goal.by) if isinstance(step, AtLeast) else step
    verdicts = [decide(part, domain) for part in (tie, base, step)]
    verdicts += [_stays(goal, before, domain, decide), _starts(goal, domain, decide)]
    joint = jointly(verdicts)
    if joint.status is Status.PROVED:
        return replace(joint, method=_METHOD)
    why = "; ".join(v.detail for v in verdicts if v.status is not Status.PROVED)
    return _orbit_fails(goal, domain, decide) or Verdict(Status.UNDECIDED, _METHOD, why)


def _fresh(goal: ByInduction, domain: Domain) -> bool:
    """The symbol of the hypothesis means nothing else, and may be 0."""
    elsewhere = (goal.slack, *goal.initial.values(), *goal.update.values(), *domain.facts)
    allowed = (Interval(0, sp.oo, low_open=False), Interval(-sp.oo, sp.oo))
    return domain.interval(goal.assumed) in allowed and not any(sp.sympify(e).has(goal.assumed) for e in elsewhere)


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


def _stays(goal: ByInduction, before: Callable[[sp.Expr], sp.Expr], domain: Domain, decide: Ask) -> Verdict:
    """The update leads from the ranges of the state variables into them, with or without the hypothesis' help."""
    verdicts = []
    for part in _membership(goal.update, domain):
        helped = replace(part, left=before(part.left), right=before(part.right))
        verdicts.append(next((v for v in (decide(part, domain), decide(helped, domain)) if v.proved), None))
    return jointly([v or Verdict(Status.UNDECIDED, "", "the update may leave a range") for v in verdicts])


def _starts(goal: ByInduction, domain: Domain, decide: Ask) -> Verdict:
    """The induction starts inside the ranges, or is there after one step."""
    if (inside := jointly([decide(g, domain) for g in _membership(goal.initial, domain)])).proved:
        return inside
    first = {k: substitute(v, goal.initial) for k, v in goal.update.items()}
    goals: tuple[Goal, ...] = (*_membership(first, domain), _claim(substitute(goal.slack, first), goal.exact))
    return jointly([decide(g, domain) for g in goals])


def _orbit_fails(goal: ByInduction, domain: Domain, decide: Ask) -> Verdict | None:
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
