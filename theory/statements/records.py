"""A loss, or an update rule, from one expression: what the rest of the theory is built from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from theory.kernel import Equal, decide
from theory.losses import Loss
from theory.statements.conditions import assumptions, setting
from theory.statements.constraints import SCALAR, VECTOR
from theory.statements.draws import bounds_of
from theory.statements.kinds import Problem, read_expression
from theory.statements.meaning import Meaning
from theory.statements.source import Source, Spot, StatementError
from theory.statements.syntax import Relation
from theory.vectors import Direction, Vector


def loss(text: str, of: str = "u", where: Mapping[str, str] | None = None, given: Sequence[str] = (), title: str = "") -> Loss:
    """A loss as `theory.losses` has them, from ``"-cos(u, v)/tau"`` or ``"L = -cos(u, v)/tau"``, differentiated by ``of``.

    ``scale_invariant`` is what the kernel decides of it. Raises `StatementError` for what is no scalar expression.
    """
    name, expression = _named(text)
    problem = read_expression(expression, where, given, SCALAR)
    meaning = _meaning(problem)
    if of not in meaning.directions:
        raise StatementError(f"the loss has no vector {of}", Spot(Source(text, "loss"), 0))
    assert isinstance(problem.statement, Relation)
    value = meaning.scalar(problem.statement.left)  # a condition is a value at a place: put in, it would be differentiated
    here = setting(problem, meaning, bounds_of(problem), slack=False)
    calculus, c = meaning.calculus(meaning.directions[of]), sp.Dummy("c", positive=True)
    invariant = decide(Equal(here.put(calculus.scaled(value, c)), here.put(value)), here.domain).status.value == "proved"
    return Loss(name=name, title=title or name, value=value, calculus=calculus, scale_invariant=invariant)


def update(text: str, where: Mapping[str, str] | None = None, given: Sequence[str] = ()) -> Vector:
    """The embedding after one step, from ``"u - eta*grad(L, u)"``, in the vectors of `theory.vectors`.

    Raises `StatementError` for what is no vector.
    """
    problem = read_expression(text, where, given, VECTOR)
    meaning = _meaning(problem)
    assert isinstance(problem.statement, Relation)
    return setting(problem, meaning, bounds_of(problem), slack=False).put_vector(meaning.vector(problem.statement.left))


def _named(text: str) -> tuple[str, str]:
    before, sign, after = text.partition("=")
    is_named = bool(sign) and before.strip().isidentifier() and not after.startswith("=")
    return (before.strip(), after) if is_named else ("L", text)


def _meaning(problem: Problem) -> Meaning:
    return Meaning(problem, assumptions(bounds_of(problem)))


__all__ = ["Direction", "loss", "update"]
