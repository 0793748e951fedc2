"""Induction over a recursion: the slack is not negative at the start, and stays so under the update.

The state variables must start in their ranges and stay there, for only there the step is certified; whatever else
occurs is any number of its range, anew at every step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import sympy as sp

from theory.kernel.definedness import belongs
from theory.kernel.verdict import Status, Verdict, jointly
from theory.language.certificates import Certificate
from theory.language.domain import Domain
from theory.language.goals import AtLeast, ByInduction, Equal, Goal
from theory.language.sums import substitute

METHOD = "induction: base and step"
Ask = Callable[[Goal, Domain], Verdict]


def by_induction(goal: ByInduction, domain: Domain, decide: Ask) -> Verdict:
    """Base, and step with the induction hypothesis carried by the variable ``assumed``."""
    variable, expression = goal.solved
    nothing = {goal.assumed: sp.S.Zero} if goal.exact else {}

    def before(e: sp.Expr) -> sp.Expr:
        """At a state of which the induction hypothesis is known."""
        return substitute(substitute(e, {variable: expression}), nothing)

    def stays(k: sp.Symbol, value: sp.Expr) -> bool:
        """With the hypothesis' help, or without."""
        helped = {v: before(e) for v, e in goal.update.items()}
        return belongs(k, value, domain, goal.update) or belongs(k, before(value), domain, helped)

    why = _is_improper(goal, domain)
    why += [f"{k} may start outside its range" for k, e in goal.initial.items() if not belongs(k, e, domain, goal.initial)]
    why += [f"{k} may leave its range" for k, e in goal.update.items() if not stays(k, e)]
    parts = (
        # the variable is one to one with the slack, so that every state is reached by some value assumed
        Equal(substitute(goal.slack, {variable: expression}), goal.assumed),
        Equal(substitute(expression, {goal.assumed: goal.slack}), variable),
        _claim(substitute(goal.slack, goal.initial), goal.exact or goal.starts_equal),
        _claim(before(substitute(goal.slack, goal.update)), goal.exact, goal.by),
    )
    verdicts = [decide(part, domain) for part in parts] if not why else []
    why += [v.detail for v in verdicts if v.status is not Status.PROVED]
    return Verdict(Status.UNDECIDED, METHOD, "; ".join(why)) if why else replace(jointly(verdicts), method=METHOD)


def _is_improper(goal: ByInduction, domain: Domain) -> list[str]:
    """What makes it no induction: a hypothesis that is not fresh, a range that moves with the state."""
    ends = [end for box in domain.ranges.values() for end in box.ends]
    elsewhere = (goal.slack, *goal.initial.values(), *goal.update.values(), *domain.ranges, *ends)
    fresh = goal.assumed.is_nonnegative and not goal.assumed.is_positive and goal.assumed.is_rational is None
    moving = [k for k, box in domain.ranges.items() if k not in goal.update and any(e.has(*goal.update) for e in (k, *box.ends))]
    used = not fresh or any(sp.sympify(e, strict=True).has(goal.assumed) for e in elsewhere)
    return [f"{goal.assumed} must be fresh, any number from 0"] * used + [f"the range of {k} moves with the state" for k in moving]


def _claim(slack: sp.Expr, exact: bool, by: Certificate | None = None) -> Equal | AtLeast:
    return Equal(slack, sp.S.Zero) if exact else AtLeast(slack, sp.S.Zero, by)
