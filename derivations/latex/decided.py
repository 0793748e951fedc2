r"""What was decided: the expression behind every name that a goal's author typed.

A goal's ``name`` and ``shown`` are free LaTeX, which nothing can check. So wherever a goal is printed, what the
kernel compared is printed with it: "where NAME stands for EXPRESSION", unless the name is the expression. Where the two sides
are one expression already, because differentiation and substitution made them so, it says that: "comes out as".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from derivations.latex.definition import Definition
from theory.kernel import All, AtLeast, ByInduction, Equal, Expands, Goal, Same, Tends, Within
from theory.typeset import latex, tidy
from theory.typesetting.goals import induction_line

WORKED_OUT = "comes out as"


def definitions(goal: Goal) -> tuple[Definition, ...]:
    """One for every typed name in a goal, its parts included, that is not the decided expression itself."""
    return tuple(dict.fromkeys(d for d in _all(goal) if bare(d.name) != bare(d.expression)))


_SIZE = re.compile(r"\\(?:left|right|[bB]igg?[lrm]?|displaystyle|textstyle)(?![A-Za-z])|\s")
_FRACTION = re.compile(r"\\[td]frac(?![A-Za-z])")


def bare(text: str) -> str:
    """The formula without what only sets the size of a bracket or a fraction."""
    return _SIZE.sub("", tidy(_FRACTION.sub(r"\\frac", text)))


def _all(goal: Goal) -> Iterator[Definition]:
    if isinstance(goal, All):
        for part in goal.goals:
            yield from _all(part)
    elif isinstance(goal, Within):
        yield from _all(goal.goal)
    elif isinstance(goal, ByInduction):
        yield _induction(goal)
    elif isinstance(goal, Same):
        yield from _vectors(goal)
    elif isinstance(goal, Tends) and goal.name.startswith(r"\lim"):
        end = "0^+" if goal.at_zero else r"\infty"
        inside = latex(goal.expr)
        inside = rf"\left({inside}\right)" if sp.sympify(goal.expr).is_Add else inside
        yield Definition(goal.name, rf"\lim_{{{latex(goal.variable)} \to {end}}} {inside}")
    elif isinstance(goal, Equal | AtLeast | Tends | Expands):
        yield from _sides(goal)


def _sides(goal: Equal | AtLeast | Tends | Expands) -> Iterator[Definition]:
    if goal.name:
        decided = latex(goal.expr if isinstance(goal, Tends | Expands) else goal.left)
        yield Definition(goal.name, decided, WORKED_OUT) if _worked_out(goal) else Definition(goal.name, decided)
    if isinstance(goal, AtLeast) and goal.shown:
        yield Definition(goal.shown, latex(goal.right))


def _worked_out(goal: Goal) -> bool:
    """Whether nothing is left to compare: SymPy gave both sides one form when they were made."""
    return isinstance(goal, Equal) and bool(sp.sympify(goal.left) == sp.sympify(goal.right))


def _vectors(goal: Same) -> Iterator[Definition]:
    for name, side in ((goal.name, goal.left), (goal.shown, goal.right)):
        if name:
            yield Definition(name, tidy(side.latex()))


def _induction(goal: ByInduction) -> Definition:
    """The recursion is part of what is decided: where it starts, and what a step does."""
    relation = "=" if goal.exact else r"\ge"
    line = f"{latex(goal.slack)} {relation} 0"
    name = tidy(induction_line(goal))
    start, update = _assigned(goal.initial, "="), _assigned(goal.update, r"\mapsto")
    return Definition(name, rf"{line},\quad \text{{from }} {start}\quad \text{{by }} {update}")


def _assigned(values: Mapping[Any, Any], sign: str) -> str:
    return r",\quad ".join(f"{latex(variable)} {sign} {latex(value)}" for variable, value in values.items())
