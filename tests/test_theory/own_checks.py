"""What every table of own statements is put through."""

from __future__ import annotations

from fractions import Fraction

import mpmath

from tests.test_theory import plain_python as python
from tests.test_theory.own_statements import Own
from theory.statements import Result, prove
from theory.statements.kinds import read
from theory.statements.routes import first_proof


def confirmed(own: Own, result: Result) -> bool:
    """Whether a counterexample refutes the statement when Python itself evaluates it."""
    found = result.counterexample
    assert found is not None
    with mpmath.workdps(python.DIGITS):
        values = {n: python.V(*map(number, v)) for n, v in found.vectors.items()} | {n: number(x) for n, x in found.scalars.items()}
        relation, left, right = python.both_sides(own.statement, own.where, values)
        gap, close = python.gap(left, right), mpmath.mpf(10) ** -40 * (1 + python.size(left) + python.size(right))
        fails = {"==": abs(gap) > close, "<=": gap > close, ">=": gap < -close, "<": gap > -close, ">": gap < close}[relation]
        return bool(fails)


def number(text: str) -> mpmath.mpf:
    value = Fraction(text)
    return mpmath.mpf(value.numerator) / value.denominator


def assert_proved(own: Own) -> None:
    result = prove(*own)
    assert result.verdict == "proved", result.note


def assert_refuted(own: Own) -> None:
    """By a counterexample that Python confirms."""
    result = prove(*own)
    assert result.verdict == "refuted", result.note
    assert confirmed(own, result)


def assert_no_route(own: Own) -> None:
    """No proof, not even without the search for counterexamples, which would hide it."""
    try:
        verdict, _ = first_proof(read(*own))
    except ValueError:
        return
    assert verdict is None


def assert_undecided(own: Own) -> None:
    assert prove(*own).verdict == "undecided"
