"""Induction over a recursion: the slack is not negative at the start, and stays so under the update.

The state variables must start in their ranges and stay there, for only there the step is certified. What occurs
in the slack, the start or a state variable's range is constant; what occurs in the update only is any number of its
range, anew at every step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import sympy as sp

from theory.kernel.definedness import belongs, unmet
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
    known = {variable: substitute(expression, {goal.assumed: sp.S.Zero}) if goal.exact else expression}
    after = {k: substitute(e, known) for k, e in goal.update.items()}  # a state of whose predecessor the hypothesis is known

    why = _is_improper(goal, domain)
    why += [f"{k} may start outside its range" for k, e in goal.initial.items() if not belongs(k, e, domain, goal.initial)]
    why += [
        f"{k} may leave its range" for k, e in goal.update.items()
        if not (belongs(k, e, domain, goal.update) or belongs(k, after[k], domain, after))
    ]  # fmt: skip
    why += _undefined(goal, domain, known, after)
    parts = (
        # the variable is one to one with the slack, so that every state is reached by some value assumed
        Equal(substitute(goal.slack, {variable: expression}), goal.assumed),
        Equal(substitute(expression, {goal.assumed: goal.slack}), variable),
        _claim(substitute(goal.slack, goal.initial), goal.exact or goal.starts_equal),
        _claim(substitute(goal.slack, after), goal.exact, goal.by),
    )
    verdicts = [decide(part, domain) for part in parts] if not why else []
    why += [v.detail for v in verdicts if v.status is not Status.PROVED]
    return Verdict(Status.UNDECIDED, METHOD, "; ".join(why)) if why else replace(jointly(verdicts), method=METHOD)


Values = Mapping[sp.Symbol, sp.Expr]


def _undefined(goal: ByInduction, domain: Domain, known: Values, after: Values) -> list[str]:
    """What is not certified to be defined: start, slack there, the step, and the slack after it."""
    asked = [c for e in goal.initial.values() for c in unmet(e, domain)]
    asked += [c for e in goal.update.values() for c in unmet(e, domain, at=known)]
    return [*asked, *unmet(goal.slack, domain, at=goal.initial), *unmet(goal.slack, domain, at=after)]


def _is_improper(goal: ByInduction, domain: Domain) -> list[str]:
    """What makes it no induction: a hypothesis that is not fresh, a range that moves with the state."""
    ends = [end for box in domain.ranges.values() for end in box.ends]
    elsewhere = (goal.slack, *goal.initial.values(), *goal.update.values(), *domain.ranges, *ends)
    fresh = goal.assumed.is_nonnegative and not goal.assumed.is_positive and goal.assumed.is_rational is None
    said: list[tuple[object, tuple[sp.Basic, ...]]] = [(k, (k, *box.ends)) for k, box in domain.ranges.items() if k not in goal.update]
    said += [(pair, pair) for pair in domain.orthogonal]
    moving = [of for of, expressions in said if any(e.has(*goal.update) for e in expressions)]
    if goal.solved[0] not in goal.update or not all(k.is_Symbol for k in (*goal.update, *goal.initial)):
        return ["the slack is to be solved for a symbol that the update changes"]
    used = not fresh or any(sp.sympify(e, strict=True).has(goal.assumed) for e in elsewhere)
    return [f"{goal.assumed} must be fresh, any number from 0"] * used + [f"what is said of {k} moves with the state" for k in moving]


def _claim(slack: sp.Expr, exact: bool, by: Certificate | None = None) -> Equal | AtLeast:
    return Equal(slack, sp.S.Zero) if exact else AtLeast(slack, sp.S.Zero, by)
