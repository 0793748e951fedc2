"""What it takes for a statement to be defined, read from its text: a kernel only sees what did not cancel.

``x/x`` is 1 to the calculus, and says nothing at ``x = 0``. Every part of a syntax tree names what it asks for, and what
conditions and signs certify is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product

import sympy as sp

from theory.kernel.signs import sign
from theory.statements.algebra import cancelled, is_small
from theory.statements.conditions import Setting, assumptions, setting
from theory.statements.demands import DIFFERENT, NONNEGATIVE, NONZERO, POSITIVE, STRICTLY_INSIDE, Demand, demands
from theory.statements.draws import bounds_of
from theory.statements.kinds import Problem
from theory.statements.meaning import Meaning
from theory.statements.syntax import Invariance, Relation, Total, whole
from theory.statements.typed import typed
from theory.vectors import Vector, squared_norm

_MOST_OPERATIONS = 400  # of a part whose sign is looked for
_MOST_TERMS = 60  # of sums that are written out
Asked = tuple[sp.Expr, str]  # and one of NONZERO, NONNEGATIVE, POSITIVE


def requirements(problem: Problem, of_kernel: Iterable[str] = ()) -> tuple[str, ...]:
    """In words, what is needed and not certified; then what else the kernel named, which is not said by these words."""
    finder, found, said = _Certifier(problem), dict[str, None](), set[str]()
    wanted = {demand.words: demand for demand in demands(problem, (problem.statement,))}
    for demand in (d for d in wanted.values() if replace(d, what=POSITIVE).words not in wanted.keys() - {d.words}):
        asked = finder.asked(demand)
        said |= _all_implied(asked or ())
        if asked is None or not all(finder.certified(e, what) for e, what in asked):
            found[demand.words] = None
            said.add(demand.words)
        if asked is not None and isinstance(problem.statement, Invariance):
            for e, what in finder.scaled(asked, problem.statement):
                said |= _implied(e)
                if not finder.certified(e, what):
                    factor, u = problem.statement.factor, typed(problem.statement.in_)
                    found[f"{demand.words}, at {factor}*{u} as well"] = None
    return (*found, *(c for c in of_kernel if re.sub(r"_(\w+')", r"\1", c) not in said))


def named_otherwise(problem: Problem, meaning: Meaning, here: Setting, values: Mapping[sp.Expr, sp.Expr]) -> set[str]:
    """What the kernel may ask for in a setting that the text asks for in other words, or that the conditions say."""

    def put(e: sp.Expr) -> sp.Expr:
        return here.put(e.xreplace(values))

    said = {f"{put(e)} {NONNEGATIVE}" for e in meaning.squares}
    for demand in demands(problem, (problem.statement,)):
        said |= _all_implied([(put(e), what) for e, what in asked_of(demand, meaning) or ()])
    return said | _all_implied([(here.put(e), what) for e, what in here.facts])


def entailed(problem: Problem, meaning: Meaning, here: Setting, values: Mapping[sp.Expr, sp.Expr]) -> set[str]:
    """What certainly holds wherever the statement is defined and the conditions hold: a reason may rest on it."""

    def put(e: sp.Expr) -> sp.Expr:
        return here.put(e.xreplace(values))

    certain = [(put(e), NONNEGATIVE) for e in meaning.squares] + [(here.put(e), what) for e, what in here.facts]
    for demand in demands(problem, (problem.statement,)):
        is_length = demand.what == NONZERO and problem.is_vector(demand.of[0])  # squared, and so positive
        certain += [(put(e), POSITIVE if is_length else what) for e, what in asked_of(demand, meaning) or ()]
    return {text for e, what in certain for text in _consequences(e, what)}


def _consequences(e: sp.Expr, what: str) -> set[str]:
    """How the kernel may name that, and what follows at once."""
    forms = {e, sp.expand(e), sp.factor(e)} if is_small(e) else {e}
    follows = {POSITIVE: (POSITIVE, NONNEGATIVE, NONZERO), NONZERO: (NONZERO,), NONNEGATIVE: (NONNEGATIVE,)}[what]
    said = {f"{form} {each}" for form in forms for each in follows}
    if what == NONNEGATIVE:
        return said
    bases = {
        base for form in forms for factor in sp.Mul.make_args(form) for base in (factor, factor.as_base_exp()[0]) if _divides(form, base)
    }
    return said | {f"{b} {NONZERO}" for b in bases} | {f"{b**2} {each}" for b in bases for each in (POSITIVE, NONNEGATIVE, NONZERO)}


def _divides(form: sp.Expr, base: sp.Expr) -> bool:
    """Whether a part is a factor, or a positive power of it is: that it is not 0 follows."""
    return any(f == base or (f.as_base_exp()[0] == base and f.as_base_exp()[1].is_number) for f in sp.Mul.make_args(form))


def _all_implied(asked: Sequence[Asked]) -> set[str]:
    parts = [e for e, _ in asked]
    return {text for e in (*parts, sp.Mul(*parts)) for text in _implied(e)} if parts else set()


def _implied(e: sp.Expr) -> set[str]:
    """How the kernel may name what has been named: factors, squares, and parts of quotients."""
    forms = {e, sp.expand(e), sp.factor(e)} if is_small(e) else {e}
    bases = {base for form in forms for factor in (form, *sp.Mul.make_args(form)) for base in (factor, factor.as_base_exp()[0])}
    return {f"{form} {what}" for b in bases for form in (b, b**2, sp.Abs(b)) for what in (NONZERO, NONNEGATIVE, POSITIVE)}


class _Certifier:
    """Signs on the domain of the conditions alone: that a statement is about no other places does not certify it."""

    def __init__(self, problem: Problem) -> None:
        bounds = bounds_of(problem, implied=False)
        self.problem, self.meaning = problem, Meaning(problem, assumptions(bounds))
        self._settings = [setting(problem, self.meaning, bounds, slack) for slack in (False, True)]
        self._known = [asked for relation in problem.conditions for asked in self._given(relation)]
        self._known += [fact for here in self._settings for fact in here.facts]
        for demand in demands(problem, problem.conditions):  # conditions that hold are defined
            self._known += self.asked(demand) or ()

    def asked(self, demand: Demand) -> tuple[Asked, ...] | None:
        """A demand as signs of expressions; nothing where the calculus has none."""
        return asked_of(demand, self.meaning)

    def scaled(self, asked: tuple[Asked, ...], statement: Invariance) -> Iterator[Asked]:
        """The same at the scaled vector, where that is not the same but for a positive factor."""
        calculus = self.meaning.calculus(self.meaning.direction(statement.in_, {}))
        factor = sp.Dummy(statement.factor, positive=True)
        for e, what in asked:
            there = calculus.scaled(e, factor)
            ratio = cancelled(there / e) if e != 0 and is_small(there / e) else there / e if e != 0 else sp.S.One
            base, power = ratio.as_base_exp()
            if ratio != 1 and not (base == factor and power.is_number):
                yield there, what

    def _given(self, relation: Relation) -> Iterator[Asked]:
        """What a condition says of a sign."""
        try:
            gap = self.meaning.scalar(relation.left) - self.meaning.scalar(relation.right)
        except ValueError:
            return
        gap = -gap if relation.operator in ("<", "<=") else gap
        what = {"!=": NONZERO, ">": POSITIVE, "<": POSITIVE, ">=": NONNEGATIVE, "<=": NONNEGATIVE}.get(relation.operator)
        if what is not None and gap != 0:
            yield gap, what

    def certified(self, e: sp.Expr, what: str) -> bool:
        """Whether a part is certainly as it has to be."""
        if any(_follows(e, what, *known) for known in self._known):
            return True
        if sp.count_ops(e) > _MOST_OPERATIONS:
            return False
        return any(_has(e, what, s) for s in self._settings)


def asked_of(demand: Demand, meaning: Meaning) -> tuple[Asked, ...] | None:
    """A demand as signs of expressions; nothing where the calculus has none."""
    try:
        choices = [_values(name, total) for name, total in demand.bound.items()]
        settings = islice(product(*choices), _MOST_TERMS + 1)
        each = [_asked(demand, meaning, dict(zip(demand.bound, values, strict=True))) for values in settings]
    except Exception:  # whatever SymPy stumbles over is not certified
        return None
    return tuple(asked for term in each for asked in term) if len(each) <= _MOST_TERMS else None


def _asked(demand: Demand, meaning: Meaning, bound: Mapping[str, sp.Expr]) -> tuple[Asked, ...]:
    of, *rest = demand.of
    if demand.what == DIFFERENT:
        return ((meaning.scalar(of, bound) - meaning.scalar(rest[0], bound), NONZERO),)
    if demand.what == NONZERO and isinstance(e := meaning.of(of, bound), Vector):
        return ((squared_norm(e), NONZERO),)
    e = meaning.scalar(of, bound)
    if demand.what in (NONZERO, NONNEGATIVE, POSITIVE):
        return ((e, demand.what),)
    sided = POSITIVE if demand.what == STRICTLY_INSIDE else NONNEGATIVE
    return ((1 - e, sided), (1 + e, sided))


def _values(name: str, total: Total) -> Sequence[sp.Expr]:
    """What an index may be: numbers, or any whole number from 1 on."""
    low, high = whole(total.low), whole(total.high)
    if low is not None and high is not None:
        return [sp.Integer(k) for k in range(low, high + 1)]
    return [sp.Symbol(f"{name}'", integer=True, positive=True)]


def _follows(e: sp.Expr, what: str, known: sp.Expr, says: str) -> bool:
    if says not in {NONZERO: (NONZERO, POSITIVE), NONNEGATIVE: (NONNEGATIVE, POSITIVE), POSITIVE: (POSITIVE,)}[what]:
        return False
    if known == 0 or not is_small(e / known) or not is_small(e / known**2):
        return False
    factor = sp.cancel(e / known)
    return bool(factor.is_positive or (what == NONZERO and (factor.is_negative or sp.cancel(e / known**2).is_number)))


def _has(e: sp.Expr, what: str, here: Setting) -> bool:
    try:
        found = sign(here.put(e), here.domain)
    except Exception:  # whatever SymPy stumbles over is not certified
        return False
    if found is None:
        return False
    s, strict = found
    return {NONZERO: strict and s != 0, NONNEGATIVE: s >= 0, POSITIVE: strict and s > 0}[what]
