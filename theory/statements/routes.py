"""Ways to put a statement to the kernel: each route is a goal that implies the statement. Only the kernel decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy as sp

from theory.kernel import All, AtLeast, Combination, Domain, Equal, Goal, Length, Monotone, Verdict, decide, substitute
from theory.statements.conditions import Setting, assumptions, setting
from theory.statements.draws import bounds_of
from theory.statements.kinds import Problem
from theory.statements.meaning import Meaning, Value
from theory.statements.syntax import Invariance, Relation
from theory.vectors import Norm, Vector, equal_vectors, inner, squared_norm

_MOST_CERTIFICATES = 24


@dataclass(frozen=True)
class Route:
    """A goal that implies the statement on a domain that contains every place where it is claimed."""

    words: str
    goal: Goal
    domain: Domain


@dataclass(frozen=True)
class Sides:
    """Both sides in Gram coordinates, with what the conditions say put in; the relation is one of ``== >= >``."""

    left: Value
    right: Value
    operator: str
    setting: Setting
    meaning: Meaning

    @property
    def gap(self) -> Value:
        """Left minus right."""
        if isinstance(self.left, Vector) and isinstance(self.right, Vector):
            return self.left - self.right
        return self.left - self.right  # type: ignore[operator]


def sides(problem: Problem, slack: bool = False) -> Sides:
    """What a problem says in Gram coordinates; raises `ValueError` where it cannot be said there."""
    bounds = bounds_of(problem)
    meaning = Meaning(problem, assumptions(bounds))
    left, right, operator = _stated(problem, meaning)
    if operator in ("<", "<="):
        left, right, operator = right, left, {"<": ">", "<=": ">="}[operator]
    used = setting(problem, meaning, bounds, slack)
    put = used.put_vector if isinstance(left, Vector) else used.put
    return Sides(put(left), put(right), operator, used, meaning)  # type: ignore[arg-type, operator]


def _stated(problem: Problem, meaning: Meaning) -> tuple[Value, Value, str]:
    statement = problem.statement
    if isinstance(statement, Invariance):
        u = meaning.direction(statement.in_, {})
        c, value, calculus = sp.Dummy("c", positive=True), meaning.of(statement.of, {}), meaning.calculus(u)
        if isinstance(value, Vector):
            return calculus_scaled(calculus, value, c), value, "=="
        return calculus.scaled(value, c), value, "=="
    if problem.is_vector(statement.left) or problem.is_vector(statement.right):
        return meaning.vector(statement.left), meaning.vector(statement.right), statement.operator
    return meaning.scalar(statement.left), meaning.scalar(statement.right), statement.operator


def calculus_scaled(calculus: object, value: Vector, c: sp.Expr) -> Vector:
    """A vector field at ``c u``: directions stay, so every coefficient is scaled."""
    return value.map(lambda e: calculus.scaled(e, c))  # type: ignore[attr-defined]


def routes(problem: Problem) -> Iterator[Route]:
    """Cheap ones first; some are tried with more of the conditions in use than others."""
    for slack in (False, True):
        found = sides(problem, slack)
        if slack and len(found.setting.unused) == len(sides(problem).setting.unused):
            return
        domain = found.setting.domain
        for words, goal in _goals(found):
            yield Route(words, goal, domain)


def _goals(s: Sides) -> Iterator[tuple[str, Goal]]:
    if isinstance(s.left, Vector) and isinstance(s.right, Vector):
        yield "coefficient by coefficient", equal_vectors(s.left, s.right)
        yield "the length of the difference", Equal(squared_norm(s.left - s.right), sp.S.Zero)
        return
    left, right = sp.sympify(s.left, strict=True), sp.sympify(s.right, strict=True)
    if s.operator == "==":
        yield "", Equal(left, right)
        if _has_root(left) or _has_root(right):
            yield "squares, and equal signs", All((Equal(left**2, right**2), AtLeast(left * right, sp.S.Zero)))
        return
    yield from _inequalities(left, right, s)


def _inequalities(left: sp.Expr, right: sp.Expr, s: Sides) -> Iterator[tuple[str, Goal]]:
    """``left >= right`` or ``left > right``."""
    strict = s.operator == ">"
    yield "", AtLeast(left, right, strict=strict)
    if _has_root(left) or _has_root(right):
        flat = AtLeast(left**2, right**2, strict=strict)
        yield "squares of what is not negative", All((AtLeast(left, sp.S.Zero), flat))
        yield "squares of what is not positive", All((AtLeast(-right, sp.S.Zero), AtLeast(right**2, left**2, strict=strict)))
    if strict:
        return
    for by in _certificates(s):
        yield "squared lengths", AtLeast(left, right, by)
        if _has_root(left) or _has_root(right):
            yield "squares, squared lengths", All((AtLeast(left, sp.S.Zero), AtLeast(left**2, right**2, by)))
    yield from _monotone(left, right, s)


def _has_root(e: sp.Expr) -> bool:
    return any(p.exp.is_Rational and not p.exp.is_Integer for p in e.atoms(sp.Pow)) or e.has(sp.Abs) or e.has(Norm)


def _certificates(s: Sides) -> Iterator[Combination]:
    """A weight times a squared length, for the lengths that occur, and those of what they leave of one another."""
    lengths = [s.setting.put_vector(v) for v in s.meaning.lengths][:6]
    pairs = [(a, b) for i, a in enumerate(lengths) for b in lengths[:i]]
    rests = [squared_norm(a) * b - inner(a, b) * a for a, b in pairs[:3]]  # Cauchy-Schwarz, times |a|^2
    weights = [sp.S.One, sp.Rational(1, 2), sp.Integer(2), *(x**2 for x in s.meaning.scalars.values())]
    tried = 0
    for weight in weights:
        for length in lengths:
            if tried < _MOST_CERTIFICATES:
                tried += 1
                yield Combination(((s.setting.put(weight), Length(length)),))
    for (a, _), rest in zip(pairs, rests, strict=False):
        yield Combination(((1 / squared_norm(a), Length(rest)),))


def _monotone(left: sp.Expr, right: sp.Expr, s: Sides) -> Iterator[tuple[str, Goal]]:
    """In one scalar from the end of its range; or, on the whole line, from 0 both ways."""
    domain = s.setting.domain
    for x in sorted((left - right).free_symbols, key=str):
        if x.is_integer or not x.is_Symbol:
            continue
        low = domain.interval(x).low
        if low.is_Rational:
            yield f"grows in {x}", AtLeast(left, right, Monotone(x, low))
        elif x.is_positive is None and x not in domain.ranges and x.is_negative is None:
            t = sp.Dummy("t", nonnegative=True)
            ways = [AtLeast(*(substitute(e, {x: w}) for e in (left, right)), Monotone(t, sp.S.Zero)) for w in (t, -t)]  # type: ignore[misc]
            yield f"grows with {x} from 0 both ways", All(tuple(ways))


def first_proof(problem: Problem) -> tuple[Route | None, Verdict | None]:
    """The first route that the kernel proves, with its verdict; or what it says of the plainest one."""
    plainest: Verdict | None = None
    for route in routes(problem):
        verdict = decide(route.goal, route.domain)
        if verdict.status.value == "proved":
            method = f"{verdict.method} ({route.words})" if route.words else verdict.method
            return route, replace(verdict, method=method)
        plainest = plainest or verdict
    return None, plainest


def is_relation(statement: Relation | Invariance) -> bool:
    """Whether a statement compares two sides."""
    return isinstance(statement, Relation)
