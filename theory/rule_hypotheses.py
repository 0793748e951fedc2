"""The hypotheses that the laws of all update rules share: gradients are tangential where the rule takes its step.

As `theory.hypotheses.sgd_hypotheses`, for a law that hands over its own rule: a function from the gradient to the
embedding after the step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import sympy as sp

from theory.claims import Formulas, Hypothesis, Witness
from theory.hypotheses import TANGENT, Statement, perpendicular, tangential_gradient
from theory.kernel import Domain, Interval
from theory.notation import u, w
from theory.substance import ranges_within
from theory.vectors import Vector

Rule = Callable[[Vector], Vector]


def rule_hypotheses(
    statement: Statement, rule: Rule, ranges: Mapping[sp.Expr, Interval] | None = None
) -> tuple[Hypothesis, Hypothesis]:
    """Scale invariance and the absence of delay, for a statement about the step ``u -> rule(g)``.

    ``ranges`` are those of the law's other hypotheses, which no witness leaves.
    """
    following = rule(tangential_gradient())

    def witness(words: str, domain: Domain) -> Callable[[Formulas], Witness]:
        def setting(formulas: Formulas) -> Witness:
            goal = statement(formulas, following)
            return Witness(words, goal, replace(domain, ranges=ranges_within(goal, ranges or {})))

        return setting

    radial = witness("a gradient with a radial part, as inner products give", Domain())
    return (
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that a gradient is orthogonal to where it is taken",
                   perpendicular(TANGENT, u), radial),
        Hypothesis("gradient-at-current-point", r"$g_k$ is taken at $u_k$ itself (no delay, no look-ahead), so that $g_k \perp u_k$",
                   witness=witness("a delayed gradient: tangential at an earlier point w, applied at u", perpendicular(TANGENT, w))),
    )  # fmt: skip
