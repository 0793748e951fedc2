"""Induction over a recursion: the slack is not negative at the start, and stays so under the update.

The state variables must start in their ranges and stay there, for only there the step is certified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import sympy as sp

from theory.kernel.verdict import Status, Undecidable, Verdict, jointly
from theory.language.certificates import Certificate
from theory.language.domain import Domain
from theory.language.goals import AtLeast, ByInduction, Equal, Goal
from theory.language.sums import substitute

METHOD = "induction: base and step"
_ARITHMETIC = ("integer", "rational", "even", "odd", "prime", "composite", "algebraic", "zero")
Ask = Callable[[Goal, Domain], Verdict]


def by_induction(goal: ByInduction, domain: Domain, decide: Ask) -> Verdict:
    """Base, and step with the induction hypothesis carried by the variable ``assumed``."""
    variable, expression = goal.solved
    elsewhere = (goal.slack, *goal.initial.values(), *goal.update.values(), *domain.ranges)
    if not goal.assumed.is_nonnegative or goal.assumed.is_positive or any(sp.sympify(e).has(goal.assumed) for e in elsewhere):
        return Verdict(Status.UNDECIDED, METHOD, f"{goal.assumed} must be fresh, and any number from 0")
    nothing = {goal.assumed: sp.S.Zero} if goal.exact else {}

    def before(e: sp.Expr) -> sp.Expr:
        """At a state of which the induction hypothesis is known."""
        return substitute(substitute(e, {variable: expression}), nothing)

    parts: list[Goal] = [
        # the variable is one to one with the slack, so that every state is reached by some value assumed
        Equal(substitute(goal.slack, {variable: expression}), goal.assumed),
        Equal(substitute(expression, {goal.assumed: goal.slack}), variable),
        _claim(substitute(goal.slack, goal.initial), goal.exact or goal.starts_equal),
        _claim(before(substitute(goal.slack, goal.update)), goal.exact, goal.by),
        *_membership(goal.initial, domain),
    ]
    verdicts = [decide(part, domain) for part in parts]
    for part in _membership(goal.update, domain):  # with the hypothesis' help, or without
        helped = replace(part, left=before(part.left), right=before(part.right))
        verdicts.append(next((v for v in (decide(p, domain) for p in (part, helped)) if v.proved), decide(part, domain)))
    why = "; ".join(v.detail for v in verdicts if v.status is not Status.PROVED)
    return Verdict(Status.UNDECIDED, METHOD, why) if why else replace(jointly(verdicts), method=METHOD)


def _claim(slack: sp.Expr, exact: bool, by: Certificate | None = None) -> Equal | AtLeast:
    return Equal(slack, sp.S.Zero) if exact else AtLeast(slack, sp.S.Zero, by)


def _membership(values: Mapping[sp.Symbol, sp.Expr], domain: Domain) -> Iterator[AtLeast]:
    """That values lie in the ranges of the variables they are for."""
    for variable, value in values.items():
        box = domain.interval(variable)
        for trait in _ARITHMETIC if not (variable.is_positive or variable.is_negative) else _ARITHMETIC[:-1]:
            wanted = getattr(variable, f"is_{trait}")
            if wanted is not None and getattr(sp.sympify(value), f"is_{trait}") is not wanted:
                raise Undecidable(f"{variable} must stay what its assumptions say")
        low, high = (substitute(end, values) for end in box.ends)
        if low != -sp.oo:
            yield AtLeast(value, low, strict=box.low_open)
        if high != sp.oo:
            yield AtLeast(high, value, strict=box.high_open)
