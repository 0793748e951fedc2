"""``prove``: a statement of one's own, proved by the kernel, or refuted at vectors that an evaluator of its own confirms.

A statement claims something for every dimension, all non-zero vectors and all real scalars that meet the
conditions, wherever everything written in it is defined; derivatives are taken by the chain rule.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import sympy as sp

from theory.kernel import Domain, Equal, decide
from theory.kernel.verdict import Undecidable
from theory.statements.algebra import factored, is_small
from theory.statements.counterexample import Counterexample, shown, where_words
from theory.statements.draws import Draws, holds, relation_holds
from theory.statements.duals import Undefined
from theory.statements.effort import Effort, Exhausted
from theory.statements.evaluation import Comparison, Place, compare
from theory.statements.exact import exact_values, meets_exactly, put_values
from theory.statements.kinds import Problem, read
from theory.statements.requirements import requirements
from theory.statements.roots import rooted
from theory.statements.routes import first_proof, sides
from theory.statements.syntax import Invariance
from theory.statements.thorough import Thorough
from theory.statements.written import written
from theory.typeset import latex, tidy
from theory.typesetting.shown import Shown
from theory.vectors import Vector

_QUICK, _LONG, _LONGER = 24, 160, 800  # places drawn in each dimension: before the proof is tried, after, where none was met
_MET = 40  # places of which one has to meet the conditions exactly
_SURVIVED = 5  # places at which a proved statement has to have a value, wherever that many are found
_ROOTED = 8  # places drawn in each dimension to be moved to roots
_EXACT = 12  # places at which a strict inequality is looked at for equality


@dataclass(frozen=True)
class Result(Shown):
    """The answer: ``verdict`` is proved, refuted or undecided, ``method`` says how, ``note`` why not otherwise.

    ``conditions`` are what it takes for the statement to be defined, ``unused`` the conditions without which it was proved.
    """

    verdict: str
    method: str
    statement_latex: str
    defect_latex: str = ""
    counterexample: Counterexample | None = None
    note: str = ""
    conditions: tuple[str, ...] = ()
    places: int = 0
    seconds: float = field(default=0.0, compare=False)

    def document(self) -> dict[str, Any]:
        """As plain values, in the form of ``normlaw prove --json``."""
        return {
            "verdict": self.verdict,
            "method": self.method,
            "statement_latex": self.statement_latex,
            "defect_latex": self.defect_latex,
            "counterexample": self.counterexample and self.counterexample.document(),
            "note": self.note,
            "defined_where": list(self.conditions),
            "places": self.places,
            "seconds": round(self.seconds, 3),
        }


def prove(statement: str, where: Mapping[str, str] | None = None, given: Sequence[str] = ()) -> Result:
    """Put a statement to the prover. Raises `StatementError` for what cannot be read, and nothing else.

    ``where`` defines names by expressions, ``given`` are conditions. There is no time limit here; the command
    line and `derivations.statements.process.prove_within` have one.
    """
    return prove_problem(read(statement, where, given))


def prove_problem(problem: Problem) -> Result:
    """The same for a problem that has been read."""
    started = time.perf_counter()
    try:
        result = _Proof(problem).result()
    except Exception as error:  # whatever SymPy stumbles over is undecided; Ctrl-C still passes
        result = {"verdict": "undecided", "method": "none", "note": f"{type(error).__name__}: {error}"}
    return Result(statement_latex=written(problem.statement), seconds=time.perf_counter() - started, **result)


class _Proof:
    """One run: quick places, the kernel, more places."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.seen, self.effort = 0, Effort()
        self.exact: list[tuple[Place, Comparison]] = []
        self.met: list[Place] = []  # a few of the places seen
        self._draws = Draws(problem, seed=5, effort=self.effort)
        self._thorough = Thorough(problem, self._draws)

    def result(self) -> dict[str, Any]:
        """The fields of the result."""
        if (against := self._search(_QUICK, seed=1) or self._touching()) is not None:
            return self._refuted(*self._lowered(*against))
        try:
            verdict, why = first_proof(self.problem)
        except (ValueError, Undecidable) as error:  # there is no Gram calculus of this: look on
            verdict, why = None, str(error)
        if verdict is None:
            return self._searched_on(why)
        if self.seen < _SURVIVED:
            against = self._search(_LONG, seed=2) or (None if self.seen else self._search(_LONGER, seed=4))
            against = against or (None if self.seen else self._met_with_care())
        if against is not None:
            return {"verdict": "undecided", "method": "none", "places": self.seen,
                    "note": f"INTERNAL ERROR: the kernel proved it by {verdict.method}, "
                            f"yet it fails at {where_words(against[0])}; please report this"}  # fmt: skip
        if not any(meets_exactly(self.problem, place) for place in self.met):
            return {"verdict": "undecided", "method": "none",
                    "note": "no place was found at which the conditions hold and everything is defined: it may say nothing"}  # fmt: skip
        conditions = requirements(self.problem, verdict.conditions)
        return {"verdict": "proved", "method": verdict.method, "conditions": conditions, "places": self.seen, "note": ""}

    def _searched_on(self, why: str) -> dict[str, Any]:
        against = self._search(_LONG, seed=2) or (None if self.seen else self._search(_LONGER, seed=4)) or self._at_roots()
        if (against := against or self._touching()) is not None:
            return self._refuted(*self._lowered(*against))
        if (against := self._with_care(self._draws.most_dimensions()) or (None if self.seen else self._met_with_care())) is not None:
            return self._refuted(*against)
        note = f"neither proved nor refuted: {why or 'no route'}; it holds at the {self.seen} places that were tried"
        if not self.seen:
            note = (f"no place was found at which the conditions hold and everything is defined; "
                    f"vectors with rational coordinates were tried in {_dimensions(self._draws.most_dimensions())}")  # fmt: skip
        return {"verdict": "undecided", "method": "none", "note": note, "places": self.seen}

    # -- places ------------------------------------------------------------------------------------------------

    def _search(self, tries: int, seed: int) -> tuple[Place, Comparison] | None:
        """A place at which the statement certainly fails, in the smallest dimension in which one is found."""
        draws = Draws(self.problem, seed, self.effort)
        for dimension in range(1, draws.most_dimensions() + 1):
            if (against := self._failing(draws.places(dimension, tries))) is not None:
                return against
        return None

    def _lowered(self, place: Place, found: Comparison) -> tuple[Place, Comparison]:
        """The same in a smaller dimension, if it can be seen there."""
        return self._with_care(place.dimension - 1, place) or (place, found)

    def _with_care(self, most: int, beyond: Place | None = None) -> tuple[Place, Comparison] | None:
        """A place in the smallest dimension in which one is seen, each looked at thoroughly."""
        for dimension in range(1, most + 1):
            against = self._failing(self._meeting(self._thorough.failing(dimension, beyond)))
            if (against := against or self._touching(dimension)) is not None:
                return against
        return None

    def _met_with_care(self) -> tuple[Place, Comparison] | None:
        """The same at places at which the conditions hold, of which there are few."""
        for dimension in range(1, self._draws.most_dimensions() + 1):
            places = islice(self._meeting(self._thorough.meeting(dimension)), _SURVIVED)
            if (against := self._failing(places)) is not None:
                return against
        return None

    def _meeting(self, places: Iterator[Place]) -> Iterator[Place]:
        return (p for p in places if all(holds(self.problem, c, p, self.effort) for c in self.problem.conditions))

    def _at_roots(self) -> tuple[Place, Comparison] | None:
        """The same where factors of the difference of both sides are 0."""
        try:
            draws, here = Draws(self.problem, seed=3, effort=self.effort), sides(self.problem)
            for dimension in range(1, draws.most_dimensions() + 1):
                places = rooted(here, draws.places(dimension, _ROOTED))
                if (against := self._failing(self._meeting(places))) is not None:
                    return against
        except (ValueError, ArithmeticError, sp.PolynomialError):  # no roots to be found
            pass
        return None

    def _failing(self, places: Iterator[Place]) -> tuple[Place, Comparison] | None:
        operator, room = self._operator, len(self.exact) + _EXACT
        try:
            for place, found in self._compared(places):
                self.seen += 1
                self.met += [place] if len(self.met) < _MET else []
                if found.order is not None and not relation_holds(operator, found) and meets_exactly(self.problem, place):
                    return place, found
                if found.order is None and found.same and operator in ("<", ">") and len(self.exact) < room:
                    self.exact.append((place, found))
        except Exhausted:
            pass
        return None

    def _compared(self, places: Iterator[Place]) -> Iterator[tuple[Place, Comparison]]:
        for place in places:
            try:
                yield place, compare(self.problem, self.problem.statement, place, self.effort)
            except Undefined:
                continue

    @property
    def _operator(self) -> str:
        statement = self.problem.statement
        return "==" if isinstance(statement, Invariance) else statement.operator

    def _touching(self, most: int | None = None) -> tuple[Place, Comparison] | None:
        """A place at which a strict inequality is an equality, which the kernel has to prove there; each is tried once."""
        waiting, self.exact = self.exact, []
        for place, found in waiting:
            if most is not None and place.dimension > most:
                self.exact.append((place, found))
                continue
            try:
                here = sides(self.problem)
                values = exact_values(here, place)
                equal = decide(Equal(put_values(here.left, values), put_values(here.right, values)), Domain()).proved
                if equal and meets_exactly(self.problem, place):
                    return place, found
            except Exception:  # no exact value here: look elsewhere
                continue
        return None

    def _refuted(self, place: Place, found: Comparison) -> dict[str, Any]:
        method = "exact vectors at which both sides are equal" if found.order is None else "exact vectors, both sides to 50 digits"
        return {"verdict": "refuted", "method": method, "defect_latex": defect(self.problem), "places": self.seen,
                "counterexample": shown(place, found, self.problem.statement)}  # fmt: skip


def _dimensions(most: int) -> str:
    return "dimension 1" if most == 1 else f"dimensions 1 to {most}"


def defect(problem: Problem) -> str:
    """Left minus right in norms and cosines, as LaTeX; empty where there is no short form of it."""
    try:
        gap = sides(problem).gap
        text = tidy(gap.map(_factored).latex()) if isinstance(gap, Vector) else latex(_factored(gap))
        return text.replace("'", "")  # indices carry primes
    except Exception:  # it is for reading only
        return ""


def _factored(e: sp.Expr) -> sp.Expr:
    """A product, if the kernel agrees that it is the same."""
    if not is_small(e):
        return e
    better = factored(e)
    return better if sp.count_ops(better) <= sp.count_ops(e) and decide(Equal(e, better)).status.value == "proved" else e
