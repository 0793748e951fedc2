"""Goals and formulas as LaTeX: what `theory.typesetting` knows, under the name that the rest of this folder uses."""

from theory.typesetting.goals import formula_latex, goal_latex, goal_lines, range_latex

__all__ = ["formula_latex", "goal_latex", "goal_lines", "range_latex"]
