"""Conditions as the kernel can use them: signs of symbols, ranges, and coordinates solved for.

A condition restricts where a statement is claimed. Solving one for a norm, a cosine or a scalar and putting that
into the goal leaves a goal that is at least as strong; what cannot be used is left out of the proof, which then
has to do without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import sympy as sp

from theory.kernel import Domain, Interval
from theory.statements.algebra import cancelled
from theory.statements.draws import Bounds
from theory.statements.kinds import Problem
from theory.statements.meaning import Meaning
from theory.statements.solutions import Solution, Value
from theory.statements.solving import Fact, Solved, linear, solved, solved_vector, strictly
from theory.statements.syntax import Relation
from theory.vectors import Cosine, Vector


@dataclass(frozen=True)
class Setting:
    """What a proof may use: a domain, and replacements to be made in the goal, in this order.

    ``forks`` are atoms that have a value or minus that value, ``facts`` are signs that the conditions say.
    """

    domain: Domain
    solutions: tuple[Solution, ...] = ()
    unused: tuple[Relation, ...] = field(default=())
    forks: tuple[Value, ...] = ()
    facts: tuple[Fact, ...] = ()

    def put(self, e: sp.Expr) -> sp.Expr:
        """The expression with what the conditions say."""
        for solution in self.solutions:
            e = solution.put(e)
        return e

    def put_vector(self, v: Vector) -> Vector:
        """The vector with what the conditions say."""
        for solution in self.solutions:
            v = solution.put_vector(v)
        return v


def assumptions(bounds: Mapping[str, Bounds]) -> dict[str, dict[str, bool]]:
    """Signs of scalars, as SymPy is told them."""
    return {name: told for name, box in bounds.items() if (told := _sign(box))}


def _sign(box: Bounds) -> dict[str, bool]:
    if box.low is not None and (box.low > 0 or (box.low == 0 and box.low_open)):
        return {"positive": True}
    if box.high is not None and (box.high < 0 or (box.high == 0 and box.high_open)):
        return {"negative": True}
    if box.low == 0:
        return {"nonnegative": True}
    return {"nonpositive": True} if box.high == 0 else {"real": True}


def setting(problem: Problem, meaning: Meaning, bounds: Mapping[str, Bounds], slack: bool) -> Setting:
    """The conditions of a problem in use; ``slack``: inequalities with more than a number on one side, too."""
    ranges = {}
    for name, box in bounds.items():
        symbol = meaning.sizes.get(name, meaning.scalars.get(name))
        box = box.met(">=", Fraction(1)) if name in meaning.sizes else box
        if symbol is not None and (interval := _interval(box)) is not None:
            ranges[symbol] = interval
    here = Setting(Domain(ranges))
    is_vector = {id(c): problem.is_vector(c.left) or problem.is_vector(c.right) for c in problem.conditions}
    for relation in sorted(problem.conditions, key=lambda c: (c.operator != "==", not is_vector[id(c)])):
        step = _used(relation, meaning, here, slack, is_vector[id(relation)])
        here = replace(here, unused=(*here.unused, relation)) if step is None else step
    for relation in here.unused:  # with what has been solved since
        if (step := _used(relation, meaning, here, slack, is_vector[id(relation)])) is not None:
            here = replace(step, unused=tuple(c for c in step.unused if c is not relation))
    return here


def _right_angle(domain: Domain, atom: sp.Expr, value: sp.Expr) -> Domain:
    """A cosine that is 0 is said to the kernel as a right angle, which certificates use as well."""
    if not isinstance(atom, Cosine) or value != 0 or atom in domain.ranges:
        return domain
    return replace(domain, orthogonal=(*domain.orthogonal, (atom.args[0], atom.args[1])))


def _interval(box: Bounds) -> Interval | None:
    if box.low is None and box.high is None:
        return None
    low = -sp.oo if box.low is None else sp.Rational(box.low.numerator, box.low.denominator)
    high = sp.oo if box.high is None else sp.Rational(box.high.numerator, box.high.denominator)
    return Interval(low, high, box.low is None or box.low_open, box.high is None or box.high_open)


def _used(relation: Relation, meaning: Meaning, here: Setting, slack: bool, is_vector: bool) -> Setting | None:
    """The setting with one more range or replacement, or nothing where the condition is of no use."""
    if relation.operator == "!=":
        return None
    try:
        if is_vector:
            gap = here.put_vector(meaning.vector(relation.left) - meaning.vector(relation.right))
            found = solved_vector(gap, here.domain, _known_nonzero(meaning, here), lambda d: str(d.args[0]) in meaning.families)
            return None if found is None else _with(here, found, meaning)
        gap = here.put(meaning.scalar(relation.left) - meaning.scalar(relation.right))
        if relation.operator == "==":
            answer = solved(gap, here.domain, _known_nonzero(meaning, here))
            return None if answer is None else _with(here, answer, meaning)
        return _step(-gap if relation.operator in ("<", "<=") else gap, relation.operator, here, slack)
    except ValueError:
        return None


def _known_nonzero(meaning: Meaning, here: Setting) -> Callable[[sp.Expr], bool]:
    """What is not 0 because a condition says so."""
    said = [c for c in meaning.problem.conditions if c.operator == "!=" and not meaning.problem.is_vector(c.left)]

    def is_nonzero(e: sp.Expr) -> bool:
        gaps = [here.put(meaning.scalar(c.left) - meaning.scalar(c.right)) for c in said]
        return any(gap != 0 and e != 0 and (ratio := e / gap).is_number and ratio.is_nonzero for gap in gaps)

    return is_nonzero


def _with(here: Setting, found: Solved, meaning: Meaning) -> Setting:
    """The setting with one more replacement, and what else follows."""
    facts, by = (*here.facts, *found.facts), found.by
    if found.both_signs:
        assert isinstance(by, Value)
        return replace(here, facts=facts, forks=(*here.forks, by)) if by.atom not in {f.atom for f in here.forks} else here
    domain = _right_angle(here.domain, by.atom, by.value) if isinstance(by, Value) else here.domain
    here = replace(here, domain=domain, facts=facts, solutions=(*here.solutions, by))
    if found.zero != 0 and (more := solved(here.put(found.zero), here.domain, _known_nonzero(meaning, here))) is not None:
        return _with(here, more, meaning)
    return here


def _step(gap: sp.Expr, operator: str, here: Setting, slack: bool) -> Setting | None:
    """What ``gap >= 0`` says of one atom."""
    ways = [(atom, factor, rest, way) for atom, factor, rest in linear(gap) if (way := strictly(factor, here.domain))]
    ways.sort(key=lambda found: found[-1] < 0 and found[0].is_Symbol)  # what grows keeps its sign
    for atom, factor, rest, way in ways:
        return _ranged(atom, cancelled(-rest / factor), way, operator in ("<", ">"), here, slack)
    return None


def supposed(here: Setting, gap: sp.Expr, strict: bool) -> Setting:
    """The setting with ``gap >= 0`` besides, where that can be used."""
    try:
        return _step(gap, ">" if strict else ">=", here, slack=True) or here
    except ValueError:
        return here


def _ranged(atom: sp.Expr, threshold: sp.Expr, way: int, strict: bool, here: Setting, slack: bool) -> Setting | None:
    """``way * (atom - threshold) >= 0`` as a range, or with a slack variable as a replacement."""
    if threshold.is_Rational:
        box = here.domain.interval(atom)
        if way > 0 and (box.low == -sp.oo or (threshold, strict) > (box.low, box.low_open)):
            box = Interval(threshold, box.high, strict, box.high_open)
        elif way < 0 and (box.high == sp.oo or (-threshold, strict) > (-box.high, box.high_open)):
            box = Interval(box.low, threshold, box.low_open, strict)
        return replace(here, domain=replace(here.domain, ranges={**here.domain.ranges, atom: box}))
    if not slack:
        return None
    more = sp.Dummy("s", positive=True) if strict else sp.Dummy("s", nonnegative=True)
    return replace(here, solutions=(*here.solutions, Value(atom, threshold + way * more)))
