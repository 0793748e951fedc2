"""Conditions as the kernel can use them: signs of symbols, ranges, and coordinates solved for.

A condition restricts where a statement is claimed. Solving one for a norm, a cosine or a scalar and putting that
into the goal leaves a goal that is at least as strong; what cannot be used is left out of the proof, which then
has to do without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import sympy as sp

from theory.kernel import Domain, Interval, substitute
from theory.kernel.signs import sign
from theory.statements.algebra import cancelled, expanded
from theory.statements.draws import Bounds
from theory.statements.kinds import Problem
from theory.statements.meaning import Meaning
from theory.statements.syntax import Relation
from theory.vectors import Cosine, Norm, Vector

Solution = tuple[sp.Expr, sp.Expr]


@dataclass(frozen=True)
class Setting:
    """What a proof may use: a domain, and replacements to be made in the goal, in this order."""

    domain: Domain
    solutions: tuple[Solution, ...] = ()
    unused: tuple[Relation, ...] = field(default=())

    def put(self, e: sp.Expr) -> sp.Expr:
        """The expression with what the conditions say."""
        for atom, value in self.solutions:
            e = substitute(e, {atom: value})
        return e

    def put_vector(self, v: Vector) -> Vector:
        """The vector with what the conditions say."""
        return v.map(self.put)


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
    found, solutions, unused = Domain(ranges), list[Solution](), list[Relation]()
    ordered = sorted(problem.conditions, key=lambda c: c.operator != "==")
    for relation in ordered:
        step = _used(relation, meaning, Setting(found, tuple(solutions)), slack)
        if step is None:
            unused.append(relation)
        elif isinstance(step, Domain):
            found = step
        else:
            found = _right_angle(found, *step)
            solutions.append(step)
    return Setting(found, tuple(solutions), tuple(unused))


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


def _used(relation: Relation, meaning: Meaning, so_far: Setting, slack: bool) -> Domain | Solution | None:
    """A domain with one more range, a replacement, or nothing where the condition is of no use."""
    if relation.operator == "!=" or meaning.problem.is_vector(relation.left):
        return None
    try:
        gap = so_far.put(meaning.scalar(relation.left) - meaning.scalar(relation.right))
        gap = -gap if relation.operator in ("<", "<=") else gap
        return _step(gap, relation.operator, so_far, slack)
    except ValueError:
        return None


def _step(gap: sp.Expr, operator: str, so_far: Setting, slack: bool) -> Domain | Solution | None:
    """What ``gap == 0``, or ``gap >= 0``, says of one atom."""
    for atom, factor, rest in _linear(gap):
        known = sign(factor, so_far.domain)
        if known is None or not known[1] or not known[0]:
            continue
        threshold = cancelled(-rest / factor)
        if operator == "==":
            return atom, threshold
        return _ranged(atom, threshold, known[0], operator in ("<", ">"), so_far.domain, slack)
    return None


def supposed(here: Setting, gap: sp.Expr, strict: bool) -> Setting:
    """The setting with ``gap >= 0`` besides, where that can be used."""
    try:
        step = _step(gap, ">" if strict else ">=", here, slack=True)
    except ValueError:
        step = None
    if step is None:
        return here
    return replace(here, domain=step) if isinstance(step, Domain) else replace(here, solutions=(*here.solutions, step))


def _linear(gap: sp.Expr) -> Iterable[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """Atoms in which an expression is linear, with factor and rest; cosines first."""
    if gap.has(sp.Sum):
        return
    gap = expanded(gap)
    kinds: list[Callable[[sp.Expr], bool]] = [lambda a: isinstance(a, Cosine), lambda a: isinstance(a, Norm), lambda a: a.is_Symbol]
    atoms = sorted(gap.atoms(Cosine, Norm, sp.Symbol), key=sp.default_sort_key)
    for kind in kinds:
        for atom in filter(kind, atoms):
            if atom.is_integer:
                continue
            factor = gap.coeff(atom, 1)
            rest = expanded(gap - factor * atom)
            if factor != 0 and not factor.has(atom) and not rest.has(atom):
                yield atom, factor, rest


def _ranged(atom: sp.Expr, threshold: sp.Expr, way: int, strict: bool, domain: Domain, slack: bool) -> Domain | Solution | None:
    """``way * (atom - threshold) >= 0`` as a range, or with a slack variable as a replacement."""
    if threshold.is_Rational:
        box = domain.interval(atom)
        if way > 0 and (box.low == -sp.oo or (threshold, strict) > (box.low, box.low_open)):
            box = Interval(threshold, box.high, strict, box.high_open)
        elif way < 0 and (box.high == sp.oo or (-threshold, strict) > (-box.high, box.high_open)):
            box = Interval(box.low, threshold, box.low_open, strict)
        return replace(domain, ranges={**domain.ranges, atom: box})
    if not slack:
        return None
    more = sp.Dummy("s", positive=True) if strict else sp.Dummy("s", nonnegative=True)
    return atom, threshold + way * more
