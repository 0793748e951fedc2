"""A loss, or an update rule, from one expression: what the rest of the theory is built from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from theory.kernel import Equal, decide
from theory.losses import Loss
from theory.statements.conditions import Setting, assumptions, setting
from theory.statements.constraints import SCALAR, VECTOR
from theory.statements.draws import bounds_of
from theory.statements.kinds import Problem, read_expression
from theory.statements.meaning import Meaning
from theory.statements.source import Source, Spot, StatementError
from theory.statements.syntax import Relation
from theory.vectors import Direction, Vector, squared_norm


def loss(text: str, of: str = "u", where: Mapping[str, str] | None = None, given: Sequence[str] = (), title: str = "") -> Loss:
    """A loss as `theory.losses` has them, from ``"-cos(u, v)/tau"`` or ``"L = -cos(u, v)/tau"``, differentiated by ``of``.

    ``scale_invariant`` is what the kernel decides of it where the conditions hold; they are put into nothing else, since
    the value is there to be differentiated. Raises `StatementError` for what is no scalar expression.
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


@dataclass(frozen=True, eq=False)
class Update(Vector):
    """An embedding after one step, and where that is claimed: conditions on angles and lengths are no part of a vector."""

    setting: Setting

    def put(self, e: sp.Expr) -> sp.Expr:
        """An expression as it is where the conditions hold; a derivative is to be taken before."""
        return self.setting.put(e)

    def squared_norm(self) -> sp.Expr:
        """``|next|^2`` where the conditions hold."""
        return self.put(squared_norm(self))


def update(text: str, where: Mapping[str, str] | None = None, given: Sequence[str] = ()) -> Update:
    """The embedding after one step, from ``"u - eta*grad(L, u)"``, in the vectors of `theory.vectors`.

    What the conditions say is put into the coefficients, after everything is differentiated, and by `Update.put` into
    what is made of the vector. Raises `StatementError` for what is no vector, and for a condition that cannot be put in.
    """
    problem = read_expression(text, where, given, VECTOR)
    meaning = _meaning(problem)
    assert isinstance(problem.statement, Relation)
    here = setting(problem, meaning, bounds_of(problem), slack=False)
    for condition in here.unused:
        if condition.operator == "==":
            raise StatementError("this condition can be put into nothing: no norm, cosine or scalar is known from it", condition.spot)
    found = here.put_vector(meaning.vector(problem.statement.left))
    return Update(found.terms, found.families, here)


def _named(text: str) -> tuple[str, str]:
    before, sign, after = text.partition("=")
    is_named = bool(sign) and before.strip().isidentifier() and not after.startswith("=")
    return (before.strip(), after) if is_named else ("L", text)


def _meaning(problem: Problem) -> Meaning:
    return Meaning(problem, assumptions(bounds_of(problem)))


__all__ = ["Direction", "Update", "loss", "update"]
