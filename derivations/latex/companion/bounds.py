"""Broken bounds: one that is weaker than the law's holds as well, and what the kernel refuted of it is something else.

A law's bound is often said to be attained, so that a formula which makes it weaker breaks a step, though no inequality is broken by it.
Such a variant must not be printed as an inequality that is refuted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sympy as sp

from derivations.latex.printer import goal_lines
from theory.broken import where
from theory.claims import Claim, Step
from theory.kernel import All, AtLeast, Domain, Equal, Goal, Monotone, Tends, Verdict, decide
from theory.letters import plainly

AT_MOST, AT_LEAST = r"\le", r"\ge"


def is_weaker(claim: Claim, relation: str, wrong: Any, true: Any) -> bool:
    """Whether the kernel proves that a bound follows from the law's, where the law is claimed."""
    try:
        pair = sp.sympify(wrong), sp.sympify(true)
    except (sp.SympifyError, TypeError):
        return False
    above, below = pair if relation == AT_MOST else pair[::-1]
    return any(_proved(claim, AtLeast(above, below, by=by)) for by in (None, *_slopes(claim)))


def _slopes(claim: Claim) -> Iterator[Monotone]:
    """Certificates from the lower end of the ranges that are said of letters."""
    return (Monotone(letter, box.low) for letter, box in where(claim).items() if box.low != -sp.oo)


def _proved(claim: Claim, goal: AtLeast) -> bool:
    """Where the law is claimed, and in all of the ranges of `where`: those of letters may be some only, and prove nothing."""
    known = claim.domain()
    return decide(goal, replace(known, ranges={**where(claim), **known.ranges})).proved


def failing(claim: Claim, step: Step, verdict: Verdict) -> Goal | None:
    """The part of a step that the kernel did not prove."""
    if step.goal is None:
        return None
    domain = Domain() if step.free else claim.domain()
    parts = tuple(_parts(step.goal))
    if len(parts) == 1:
        return parts[0]
    return next((part for part in parts if plainly(part, domain, claim.letters).status is verdict.status), None)


def part_that_failed(goal: Goal | None, true: Step | None) -> str:
    """The relation that failed, unless it is printed as the law's own is: then a typed name hides what was changed."""
    if not isinstance(goal, Equal | Tends | AtLeast):
        return ""
    own = set[str]() if true is None or true.goal is None else set(goal_lines(true.goal))
    return "" if own.issuperset(lines := goal_lines(goal)) else lines[0]


def is_equation(goal: Goal | None) -> bool:
    """Whether what failed says that two sides are equal, in the end or throughout."""
    return isinstance(goal, Equal | Tends)


def _parts(goal: Goal) -> Iterator[Goal]:
    if isinstance(goal, All):
        for inside in goal.goals:
            yield from _parts(inside)
    else:
        yield goal
