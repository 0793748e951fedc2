"""A goal as LaTeX, for records and tables."""

from __future__ import annotations

from theory.kernel import Goal


def statement(goal: Goal | None) -> str:
    """The goal as the LaTeX printer writes it; empty for a step that could not be written."""
    if goal is None:
        return ""
    try:
        from derivations.latex.printer import goal_latex
    except ModuleNotFoundError:
        return getattr(goal, "name", "") + " : " + getattr(goal, "shown", "")

    return goal_latex(goal)
