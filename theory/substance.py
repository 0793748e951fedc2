"""Whether a proof says anything: its domain has a point, and its conclusions are more than ``x = x``.

From contradictory hypotheses everything follows, and a goal with one expression on both sides is proved whatever
the claim is. The kernel is right to prove both; a law must be neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import sympy as sp

from theory.kernel import (
    All,
    AtLeast,
    ByInduction,
    Domain,
    Equal,
    Expands,
    Goal,
    Interval,
    Same,
    Solves,
    Tends,
    Verdict,
    Within,
    decide,
)
from theory.refutation.points import points

_POINTS = 24


def has_a_point(domain: Domain, goals: Sequence[Goal]) -> bool:
    """Whether exact points were found at which every hypothesis holds and every symbol of the goals has a value.

    One point is enough for all goals; a goal about a part of the domain needs a point there as well.
    """
    return _inhabited(domain, goals) and all(_inhabited(part, (goal,)) for goal in goals for part in _places(goal, domain))


def asked(goal: Goal, domain: Domain) -> tuple[Goal, Verdict]:
    """What the kernel says; where one of several formulas is refuted, that formula: a counterexample is to it, not to all of them."""
    for part in formulas(goal):
        if (verdict := decide(part, domain)).refuted:
            return part, verdict
    return goal, decide(goal, domain)


def formulas(goal: Goal) -> tuple[Goal, ...]:
    """The formulas that a goal is made of, in order."""
    return tuple(f for part in goal.goals for f in formulas(part)) if isinstance(goal, All) else (goal,)


def _places(goal: Goal, domain: Domain) -> Iterator[Domain]:
    """The parts of the domain that a goal names."""
    if isinstance(goal, Within):
        inside = replace(domain, ranges={**domain.ranges, **goal.ranges})
        yield inside
        yield from _places(goal.goal, inside)
    elif isinstance(goal, All):
        yield from (place for part in goal.goals for place in _places(part, domain))


def leaves(goal: Goal, domain: Domain) -> bool:
    """Whether a goal names a range that is not visibly a part of the domain."""
    if isinstance(goal, All):
        return any(leaves(part, domain) for part in goal.goals)
    if not isinstance(goal, Within):
        return False
    return leaves(goal.goal, domain) or not all(box.is_part_of(domain.interval(atom)) for atom, box in goal.ranges.items())


def _inhabited(domain: Domain, goals: Iterable[Goal]) -> bool:
    everything = sp.Tuple(*(e for goal in goals for e in expressions(goal)))
    symbols = sorted(everything.free_symbols, key=str)
    for point in points(domain, _POINTS):
        try:
            for symbol in symbols:
                point.exact(symbol)
            if point.admitted:
                return True
        except Exception:  # no value here: try elsewhere
            continue
    return False


def expressions(part: object) -> Iterator[sp.Basic]:
    """Every expression in a record, however deep: a goal, a vector, a collection of them."""
    if isinstance(part, sp.Basic):
        yield part
    elif isinstance(part, (tuple, list)):
        yield from (e for item in part for e in expressions(item))
    elif isinstance(part, Mapping):
        yield from (e for item in part.items() for e in expressions(item))
    elif is_dataclass(part):
        yield from (e for f in fields(part) for e in expressions(getattr(part, f.name)))


def ranges_within(goal: Goal, ranges: Mapping[sp.Expr, Interval]) -> dict[sp.Expr, Interval]:
    """Those of the ranges that are about what occurs in a goal: a witness stays in them and names no more."""
    said = tuple(expressions(goal))
    return {atom: box for atom, box in ranges.items() if any(e.has(atom) for e in said)}


def altered(formula: Any) -> Any:
    """Another formula in the place of one, an expression or a vector."""
    more = sp.Dummy("more", positive=True)
    return formula.map(lambda e: e + more) if hasattr(formula, "map") else sp.sympify(formula, strict=True) + more


def depends(build: Callable[[Mapping[str, Any]], Any], formulas: Mapping[str, Any]) -> bool:
    """Whether some formula matters to what is built from all of them."""
    built = build(formulas)
    for name, formula in formulas.items():
        try:
            if build({**formulas, name: altered(formula)}) != built:
                return True
        except Exception:  # a variant that cannot be written depends on the formula, too
            return True
    return False


def restatements(goal: Goal) -> frozenset[int]:
    """Which parts of a goal have the same expression on both sides, by their number."""
    return frozenset(i for i, part in enumerate(_parts(goal)) if _same_sides(part))


def _parts(goal: Goal) -> tuple[Goal, ...]:
    if isinstance(goal, All):
        return tuple(part for inside in goal.goals for part in _parts(inside))
    return _parts(goal.goal) if isinstance(goal, Within) else (goal,)


def _same_sides(goal: Goal) -> bool:
    if isinstance(goal, Equal | AtLeast):
        return bool(sp.sympify(goal.left, strict=True) == sp.sympify(goal.right, strict=True))
    if isinstance(goal, Same):
        gap = goal.left - goal.right
        return all(c == 0 for c in (*gap.terms.values(), *gap.families.values()))
    if isinstance(goal, Tends):
        return bool(sp.sympify(goal.expr, strict=True) == sp.sympify(goal.value, strict=True))
    if isinstance(goal, Expands):
        return bool(sp.sympify(goal.expr, strict=True) == sp.Add(*(c * goal.variable**i for i, c in enumerate(goal.coefficients))))
    if isinstance(goal, Solves):
        return bool(goal.rate == 0 and goal.solution == goal.initial)
    return isinstance(goal, ByInduction) and bool(sp.sympify(goal.slack, strict=True) == 0)
