"""Ways to put a statement to the kernel: a route is a goal that implies the statement. Only the kernel decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import sympy as sp

from theory.kernel import (
    All,
    AtLeast,
    Combination,
    Domain,
    Equal,
    Goal,
    Gram,
    Monotone,
    Schwarz,
    Status,
    Swing,
    Tangent,
    Verdict,
    decide,
    substitute,
)
from theory.kernel.certificates import remaining
from theory.kernel.signs import is_zero, sign
from theory.kernel.verdict import Undecidable, jointly
from theory.statements import solutions
from theory.statements.certificates import beside_conditions, certificates, strict_certificates
from theory.statements.conditions import Setting, assumptions, setting, supposed
from theory.statements.draws import bounds_of
from theory.statements.kinds import Problem
from theory.statements.meaning import Meaning, Value, check_operations
from theory.statements.requirements import entailed, named_otherwise
from theory.statements.syntax import Invariance, Name, Operation, walk
from theory.vectors import Norm, Vector, equal_vectors, squared_norm

_MOST_CASES = 5  # signs that are taken one by one
_AGAIN = 3  # derivatives that are looked at in the same way
_WORDS = {Schwarz: "Cauchy and Schwarz", Gram: "Gram determinant", Tangent: "tangent of exp or log", Swing: "bounds of sine and cosine"}
Cases = Sequence["Sides"]


@dataclass(frozen=True)
class Sides:
    """Both sides in Gram coordinates, with what the conditions say put in; the relation is one of ``== >= >``."""

    left: Value
    right: Value
    operator: str
    setting: Setting
    meaning: Meaning
    values: Mapping[sp.Expr, sp.Expr] = field(default_factory=dict)

    @property
    def gap(self) -> Value:
        """Left minus right."""
        return self.left - self.right

    @property
    def domain(self) -> Domain:
        """Where the goals are claimed."""
        return self.setting.domain

    def within(self, here: Setting, values: dict[sp.Expr, sp.Expr]) -> Sides:
        """The same in a narrower setting, with values of some parts put in first."""

        def put(e: sp.Expr) -> sp.Expr:
            return here.put(sp.sympify(e, strict=True).xreplace(values))

        def put_vector(v: Vector) -> Vector:
            return here.put_vector(v.map(lambda e: sp.sympify(e, strict=True).xreplace(values)))

        left, right = (put_vector(side) if isinstance(side, Vector) else put(side) for side in (self.left, self.right))
        return replace(self, left=left, right=right, setting=here, values=values)


def sides(problem: Problem, slack: bool = False) -> Sides:
    """What a problem says in Gram coordinates; raises `ValueError` where it cannot be said there."""
    bounds = bounds_of(problem)
    meaning = Meaning(problem, assumptions(bounds))
    left, right, operator = _stated(problem, meaning)
    check_operations(left, right)
    if operator in ("<", "<="):
        left, right, operator = right, left, {"<": ">", "<=": ">="}[operator]
    used = setting(problem, meaning, bounds, slack)
    return Sides(left, right, operator, used, meaning).within(used, {})


def _stated(problem: Problem, meaning: Meaning) -> tuple[Value, Value, str]:
    statement = problem.statement
    if isinstance(statement, Invariance):
        u = meaning.direction(statement.in_, {})
        c, value, calculus = sp.Dummy(statement.factor, positive=True), meaning.of(statement.of, {}), meaning.calculus(u)
        scaled = value.map(lambda e: calculus.scaled(e, c)) if isinstance(value, Vector) else calculus.scaled(value, c)
        return scaled, value, "=="  # directions stay, so of a vector every coefficient is scaled
    if problem.is_vector(statement.left) or problem.is_vector(statement.right):
        return meaning.vector(statement.left), meaning.vector(statement.right), statement.operator
    return meaning.scalar(statement.left), meaning.scalar(statement.right), statement.operator


def first_proof(problem: Problem) -> tuple[Verdict | None, str]:
    """The kernel's proof, if a route has one; and what it says of the plainest goal if none has."""
    whole = sides(problem)
    attempts: list[tuple[str, Cases]] = [("", (whole,))]
    eager = sides(problem, slack=True)
    if len(eager.setting.unused) < len(whole.setting.unused):
        attempts.append(("", (eager,)))
    if eager.setting.forks:
        attempts += _by_cases(eager, {}, [])
    attempts += _by_cases(eager, _sizes(eager), _divisors(problem, eager.meaning))
    for words, cases in attempts:
        if (verdict := _all_proved(problem, cases)) is not None:
            return replace(verdict, method=f"{verdict.method}{words}"), ""
    _, goal = next(_goals(whole))
    found = decide(goal, whole.domain)
    return None, found.detail if found.status is Status.UNDECIDED else "no route"


def _all_proved(problem: Problem, cases: Cases) -> Verdict | None:
    verdicts = []
    for case in cases:
        verdict = next((v for words, goal in _goals(case) if (v := _proved(words, goal, case, problem)) is not None), None)
        if verdict is None:
            return None
        said = _said(problem, case) if verdict.conditions else set()
        verdicts.append(replace(verdict, conditions=tuple(c for c in verdict.conditions if c not in said)))
    return verdicts[0] if len(verdicts) == 1 else jointly(verdicts)


def _said(problem: Problem, case: Sides) -> set[str]:
    return named_otherwise(problem, case.meaning, case.setting, case.values)


def _proved(words: str, goal: Goal, case: Sides, problem: Problem) -> Verdict | None:
    if not _promising(goal, case.domain):
        return None
    besides = _besides(goal, case.domain)
    if besides and not besides <= entailed(problem, case.meaning, case.setting, case.values):
        return None  # the reason has no meaning at a place at which the statement may have one
    verdict = decide(goal, case.domain)
    named = replace(verdict, method=f"{verdict.method} ({words})" if words else verdict.method)
    return named if verdict.status is Status.PROVED else None


def _besides(goal: Goal, domain: Domain) -> set[str]:
    """What a certificate asks for."""
    parts = goal.goals if isinstance(goal, All) else (goal,)
    return {c for g in parts if isinstance(g, AtLeast) and g.by is not None for c in remaining(g.left - g.right, g.by, domain) or ()}


def _promising(goal: Goal, domain: Domain) -> bool:
    """Whether it is worth asking: `decide` also looks for counterexamples, which takes its time."""
    try:
        if isinstance(goal, All):
            return all(_promising(part, domain) for part in goal.goals)
        if isinstance(goal, Equal):
            return is_zero(goal.left - goal.right, domain)
        if isinstance(goal, AtLeast):
            slack = goal.left - goal.right
            if goal.by is not None:
                return remaining(slack, goal.by, domain) is not None
            found = sign(slack, domain)
            return found is not None and found[0] >= 0
    except (Undecidable, ValueError):
        return False
    return True


def _sizes(s: Sides) -> dict[sp.Expr, sp.Expr]:
    """What stands between bars; within a sum every term has a sign of its own."""
    known = {*s.meaning.scalars.values(), *s.meaning.sizes.values()}
    return {m: e for m, e in s.meaning.magnitudes.items() if not isinstance(s.left, Vector) and e.free_symbols <= known}


def _by_cases(s: Sides, sizes: Mapping[sp.Expr, sp.Expr], divisors: Sequence[sp.Symbol]) -> list[tuple[str, Cases]]:
    """Every sign of sizes, of scalars that are divided by, and of roots, with that sign in use."""
    forks = s.setting.forks
    divisors = [x for x in divisors if x not in {fork.atom for fork in forks}]
    if not 0 < len(sizes) + len(divisors) + len(forks) <= _MOST_CASES:
        return []
    cases = []
    for ways in product((1, -1), repeat=len(sizes) + len(divisors) + len(forks)):
        taken, signs = ways[: len(forks)], ways[len(forks) :]
        here = replace(s.setting, forks=())
        for way, fork in zip(taken, forks, strict=True):
            here = replace(here, solutions=(*here.solutions, solutions.Value(fork.atom, way * here.put(fork.value))))
        for way, x in zip(signs, divisors, strict=False):
            here = replace(here, solutions=(*here.solutions, solutions.Value(x, way * sp.Dummy(x.name, positive=True))))
        values = {}
        for way, (m, e) in zip(signs[len(divisors) :], sizes.items(), strict=True):
            values[s.setting.put(m)] = way * s.setting.put(e)
            here = supposed(here, here.put(way * e), strict=False)
        cases.append(s.within(here, values))
    return [(f" ({len(cases)} cases)", cases)]


def _divisors(problem: Problem, meaning: Meaning) -> list[sp.Symbol]:
    """Scalars by which something is divided: none of them is 0 where the statement is defined."""
    trees = (problem.statement, *problem.definitions.values())
    names = [n.right.name for tree in trees for n in walk(tree)
             if isinstance(n, Operation) and n.operator == "/" and isinstance(n.right, Name)]  # fmt: skip
    found = [meaning.scalars[n] for n in dict.fromkeys(names) if n in meaning.scalars]
    return [x for x in found if not x.is_extended_nonnegative and not x.is_extended_nonpositive]


def _goals(s: Sides) -> Iterator[tuple[str, Goal]]:
    if isinstance(s.left, Vector) and isinstance(s.right, Vector):
        yield "", equal_vectors(s.left, s.right)
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
    rooted = _has_root(left) or _has_root(right)
    yield "", AtLeast(left, right, strict=strict)
    if rooted:
        flat = AtLeast(left**2, right**2, strict=strict)
        yield "squares of what is not negative", All((AtLeast(left, sp.S.Zero), flat))
        yield "squares of what is not positive", All((AtLeast(-right, sp.S.Zero), AtLeast(right**2, left**2, strict=strict)))
    if left.has(sp.log) or right.has(sp.log):
        yield "exponentials of both sides", AtLeast(sp.exp(left), sp.exp(right), strict=strict)
    if strict:
        for least, by in strict_certificates(left - right, s.setting):
            yield "squares, tangents", AtLeast(left, right + least, by)
        return
    lengths = [s.setting.put_vector(v) for v in s.meaning.lengths]
    scalars = [s.setting.put(x) for x in s.meaning.scalars.values()]
    for by in certificates(left - right, lengths, scalars, s.setting):
        yield _named(by), AtLeast(left, right, by)
    for by, value in beside_conditions(left - right, s.setting):
        yield "squared lengths, and what conditions make of them", All((AtLeast(by.total(), sp.S.Zero, by), AtLeast(left - right, value)))
    if rooted:
        for by in certificates(left**2 - right**2, lengths, scalars, s.setting):
            yield f"squares, {_named(by)}", All((AtLeast(left, sp.S.Zero), AtLeast(left**2, right**2, by)))
    yield from _monotone(left, right, s)


def _named(by: Combination) -> str:
    """What a combination rests on."""
    found = dict.fromkeys(_WORDS[type(f)] for product in by.products for f in product if type(f) in _WORDS)
    return ", ".join(found) or "squared lengths"


def _has_root(e: sp.Expr) -> bool:
    return any(p.exp.is_Rational and not p.exp.is_Integer for p in e.atoms(sp.Pow)) or e.has(sp.Abs) or e.has(Norm)


def _monotone(left: sp.Expr, right: sp.Expr, s: Sides) -> Iterator[tuple[str, Goal]]:
    """In one scalar from the end of its range; or, on the whole line, from 0 both ways."""
    for x in sorted((left - right).free_symbols, key=str):
        if x.is_integer or not x.is_Symbol:
            continue
        low = s.domain.interval(x).low
        if low.is_Rational:
            yield f"grows in {x}", AtLeast(left, right, Monotone(x, low, _AGAIN))
        elif x.is_extended_nonnegative is None and x not in s.domain.ranges and x.is_extended_nonpositive is None:
            t = sp.Dummy("t", nonnegative=True)
            both = [(substitute(left, {x: w}), substitute(right, {x: w})) for w in (t, -t)]
            yield f"grows with {x} from 0 both ways", All(tuple(AtLeast(a, b, Monotone(t, sp.S.Zero, _AGAIN)) for a, b in both))
