"""Goals and formulas as LaTeX, each on one line and without dollar signs."""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.kernel import (
    All,
    AtLeast,
    ByInduction,
    Equal,
    Expands,
    Goal,
    Interval,
    Same,
    Solves,
    Tends,
    Within,
)
from theory.typeset import latex, slashed, tidy
from theory.vectors import Vector

_SIGNS = ("=", r"\le", r"\ge", ">", "<")


def formula_latex(x: Any) -> str:
    """An expression or a `Vector`. Raises `sympy.SympifyError` for what is neither."""
    return tidy(x.latex()) if isinstance(x, Vector) else latex(x)


def goal_latex(goal: Goal) -> str:
    """A goal as one formula; the parts of an `All` one after the other."""
    return r",\qquad ".join(goal_lines(goal))


def goal_lines(goal: Goal) -> tuple[str, ...]:
    """A goal as formulas that may stand on lines of their own."""
    if isinstance(goal, All):
        return tuple(line for part in goal.goals for line in goal_lines(part))
    if isinstance(goal, Within):
        where = ",\\ ".join(range_latex(x, i) for x, i in goal.ranges.items())
        return tuple(rf"{line} \quad ({where})" for line in goal_lines(goal.goal))
    return (tidy(_line(goal)),)


def range_latex(x: sp.Expr, interval: Interval) -> str:
    """``low < x <= high``, in a line, without the ends that are infinite."""
    below, above = (" < " if is_open else r" \le " for is_open in (interval.low_open, interval.high_open))
    if interval.high == sp.oo and interval.low != -sp.oo:
        return slashed(x) + (" > " if interval.low_open else r" \ge ") + slashed(interval.low)
    low = "" if interval.low == -sp.oo else slashed(interval.low) + below
    return low + slashed(x) + ("" if interval.high == sp.oo else above + slashed(interval.high))


def _line(goal: Goal) -> str:
    if isinstance(goal, Equal):
        return f"{goal.name or latex(goal.left)} = {latex(goal.right)}"
    if isinstance(goal, Same):
        return f"{goal.name or goal.left.latex()} = {goal.shown or goal.right.latex()}"
    if isinstance(goal, AtLeast):
        relation = ">" if goal.strict else r"\ge"
        return f"{goal.name or latex(goal.left)} {relation} {goal.shown or latex(goal.right)}"
    if isinstance(goal, Tends):
        return _limit(goal)
    if isinstance(goal, Expands):
        return f"{goal.name or latex(goal.expr)} = {_series(goal)}"
    if isinstance(goal, Solves):
        return _initial_value_problem(goal)
    if isinstance(goal, ByInduction):
        return induction_line(goal)
    raise TypeError(f"no LaTeX for a goal of type {type(goal).__name__}")


def induction_line(goal: ByInduction) -> str:
    """What a recursion keeps true, as its author wrote it: both sides, whichever of them ``shown`` holds."""
    relation = "=" if goal.exact else r"\ge"
    if not goal.shown:
        return f"{latex(goal.slack)} {relation} 0"
    if any(sign in goal.shown for sign in _SIGNS) or not goal.name:
        return goal.shown
    return f"{goal.name} {goal.shown}" if goal.name.endswith(_SIGNS) else f"{goal.name} {relation} {goal.shown}"


def _limit(goal: Tends) -> str:
    end = "0^+" if goal.at_zero else r"\infty"
    left = goal.name or latex(goal.expr)
    if left.startswith(r"\lim"):
        return f"{left} = {latex(goal.value)}"
    return rf"{left} \to {latex(goal.value)} \quad ({latex(goal.variable)} \to {end})"


def _series(goal: Expands) -> str:
    """``c_0 + c_1 x + ... + O(x^n)``, without the terms that vanish."""
    x, text = goal.variable, ""
    for i, coefficient in enumerate(goal.coefficients):
        for term in sp.Add.make_args(sp.expand(coefficient * x**i)) if coefficient != 0 else ():
            piece = latex(term)
            text += (f" - {piece[1:]}" if piece.startswith("-") else f" + {piece}") if text else piece
    order = latex(x ** len(goal.coefficients)) if goal.coefficients else "1"
    return f"{text} + O({order})" if text else f"O({order})"


def _initial_value_problem(goal: Solves) -> str:
    state = latex(goal.state)
    base, mark, tag = state.partition("_")
    rate, start, solution = latex(goal.rate), latex(goal.initial), latex(goal.solution)
    if goal.name:
        slope, time = rf"\frac{{d}}{{d{latex(goal.time)}}} {goal.name}", latex(goal.time)
        return rf"{slope} = {rate},\ {goal.name}\big|_{{{time}=0}} = {start} \ \Rightarrow\ {goal.name} = {solution}"
    moving = rf"\dot{{{base}}}{mark}{tag} = {rate},\ {state}(0) = {start}"
    return rf"{moving} \ \Rightarrow\ {state} = {solution}"
