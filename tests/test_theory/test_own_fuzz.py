"""The language under random statements: nothing crashes or hangs, and what is decided agrees with 50-digit sampling."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import HealthCheck, given, reject, settings

from derivations.statements.process import Question, StatementProcess
from tests.strategies_statements import conditions, statements, texts, true_statements
from tests.test_theory import plain_python as python
from theory.statements import Result, StatementError
from theory.statements.draws import Draws
from theory.statements.kinds import Problem, read

LIMIT = 6.0  # seconds for one statement
_STEADY = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much)


@pytest.fixture(scope="module")
def process() -> Iterator[StatementProcess]:
    with StatementProcess() as found:
        yield found


def values_of(problem: Problem, seed: int) -> Iterator[dict[str, Any]]:
    """Generic real settings, drawn here: no small integers, at which a kink may be met."""
    rng = random.Random(seed)
    draws = Draws(problem, seed)
    for dimension in (1, 2, 3):
        for place in draws.places(dimension, 8):
            generic = {} if problem.conditions else {n: Fraction(rng.randint(-400, 400), 97) for n in place.scalars}
            shifted = {n: tuple(x + Fraction(rng.randint(1, 90), 991) for x in v) for n, v in place.vectors.items()}
            vectors = place.vectors if problem.conditions else shifted
            yield {
                **{n: python.V(*map(number, v)) for n, v in vectors.items()},
                **{("c" if " " in n else n): number(abs(x) + 1 if " " in n else x) for n, x in {**place.scalars, **generic}.items()},
                **{n: mpmath.mpf(k) for n, k in place.sizes.items()},
            }


def number(value: Fraction | str) -> mpmath.mpf:
    value = Fraction(value)
    return mpmath.mpf(value.numerator) / value.denominator


def fails_at(statement: str, values: dict[str, Any]) -> bool | None:
    """Whether Python finds it false there; ``None`` where it has no value."""
    with mpmath.workdps(python.DIGITS):
        try:
            relation, left, right = python.both_sides(statement, {}, values)
            gap, scale = python.gap(left, right), 1 + python.size(left) + python.size(right)
        except (ArithmeticError, ValueError, OverflowError):
            return None
        close = mpmath.mpf(10) ** -30 * scale
        return bool({"==": abs(gap) > close, "<=": gap > close, ">=": gap < -close, "<": gap > close, ">": gap < -close}[relation])


def agrees(statement: str, assumed: tuple[str, ...], result: Result) -> None:
    """A verdict against what Python finds."""
    problem = read(statement, {}, assumed)
    with mpmath.workdps(python.DIGITS):
        if result.verdict == "proved":
            for values in values_of(problem, 99):
                assert not fails_at(statement, values), (statement, assumed, result.method)
        elif result.verdict == "refuted":
            found = result.counterexample
            assert found is not None
            values = {n: python.V(*map(number, v)) for n, v in found.vectors.items()} | {n: number(x) for n, x in found.scalars.items()}
            with mpmath.workdps(python.DIGITS):
                relation, left, right = python.both_sides(statement, {}, values)
            touching = relation in ("<", ">") and abs(python.gap(left, right)) < mpmath.mpf(10) ** -30 * (1 + python.size(left))
            assert touching or fails_at(statement, values), (statement, assumed, found)


def answer(process: StatementProcess, statement: str, assumed: tuple[str, ...]) -> Result:
    """The result; what is no statement, as with a family of two sizes, is none that is drawn here."""
    try:
        return process.ask(Question(statement, {}, assumed), LIMIT)
    except StatementError:
        reject()


@settings(suppress_health_check=_STEADY)
@given(statement=statements(), assumed=conditions())
def test_no_statement_crashes_and_what_is_decided_agrees_with_sampling(process, statement, assumed) -> None:
    result = answer(process, statement, assumed)
    assert "Error" not in result.note.split(":")[0] or "Undecidable" in result.note, result.note
    agrees(statement, assumed, result)


@settings(suppress_health_check=_STEADY)
@given(statement=true_statements())
def test_what_is_true_by_construction_is_never_refuted(process, statement) -> None:
    result = answer(process, statement, ())
    assert result.verdict != "refuted", (statement, result.counterexample)
    assert "INTERNAL" not in result.note
    agrees(statement, (), result)


@settings(suppress_health_check=_STEADY)
@given(text=texts())
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    error = refused(text)
    if error is not None:
        assert 0 <= error.spot.position <= len(error.spot.source.text)
        first, shown, caret = error.shown.split("\n")
        assert first == str(error)
        assert caret.strip() == "^"
        assert len(caret) <= len(shown) + 1


def refused(text: str) -> StatementError | None:
    try:
        read(text)
    except StatementError as error:
        return error
    return None
