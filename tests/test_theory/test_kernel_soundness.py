"""Random statements: what is proved holds in 60 digits, what is refuted fails at the values reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import event, given
from hypothesis import strategies as st

from tests.strategies import SYMBOLS, P, X, expressions, points, polynomials, rewritten
from tests.test_theory.evaluation import UndefinedError, agree, value
from theory.kernel import AtLeast, Domain, Equal, Interval, Status, Tends, Verdict, decide

Point = dict[sp.Symbol, Any]


def _at(point: Point) -> Callable[[sp.Expr], mp.mpf]:
    return lambda atom: mp.mpf(int(point[atom].numerator)) / int(point[atom].denominator)


def _reported(verdict: Verdict) -> Callable[[sp.Expr], mp.mpf]:
    """The point named in a refutation; what it does not name did not matter."""
    values = {name: sp.Rational(text) for name, text in verdict.values.items()}
    return lambda atom: mp.mpf(int(values.get(str(atom), sp.S.One).p)) / int(values.get(str(atom), sp.S.One).q)


def _pairs(e1: sp.Expr, e2: sp.Expr, where: list[Point]) -> list[tuple[mp.mpf, mp.mpf]]:
    found = []
    for point in where:
        try:
            found.append((value(e1, _at(point)), value(e2, _at(point))))
        except UndefinedError:
            continue
    return found


def _check_equal(e1: sp.Expr, e2: sp.Expr, where: list[Point]) -> Verdict:
    verdict = decide(Equal(e1, e2))
    event(verdict.status.name)
    if verdict.status is Status.PROVED:
        assert all(agree(*pair) for pair in _pairs(e1, e2, where)), (e1, e2)
    elif verdict.refuted:
        assert not agree(value(e1, _reported(verdict)), value(e2, _reported(verdict))), (e1, e2, verdict)
    return verdict


@given(expressions, expressions, points())
def test_unrelated_expressions_are_judged_as_their_values_are(e1: sp.Expr, e2: sp.Expr, where: list[Point]) -> None:
    _check_equal(e1, e2, where)


@given(rewritten(), points())
def test_an_expression_rewritten_is_never_refuted(pair: tuple[sp.Expr, sp.Expr], where: list[Point]) -> None:
    assert not _check_equal(*pair, where).refuted


@given(rewritten(), polynomials, points())
def test_an_expression_perturbed_is_never_proved(pair: tuple[sp.Expr, sp.Expr], more: sp.Expr, where: list[Point]) -> None:
    assert _check_equal(pair[0], pair[1] + more, where).status is not Status.PROVED


@given(expressions, st.booleans(), points())
def test_signs_are_those_of_the_values(e: sp.Expr, strict: bool, where: list[Point]) -> None:
    verdict = decide(AtLeast(e, sp.S.Zero, strict=strict))
    event(verdict.status.name)
    if verdict.status is Status.PROVED:
        assert all(left > 0 or (not strict and left > -1e-40) for left, _ in _pairs(e, sp.S.Zero, where))
    elif verdict.refuted:
        assert value(e, _reported(verdict)) <= (1e-40 if strict else 0)


@given(expressions, st.sampled_from([(True, True), (True, False), (False, True), (False, False)]), st.booleans(), points(2))
def test_signs_on_an_interval_are_those_of_the_values(e: sp.Expr, open_: tuple[bool, bool], strict: bool, where: list[Point]) -> None:
    domain = Domain({X: Interval(-1, 2, *open_)})
    verdict = decide(AtLeast(e, sp.S.Zero, strict=strict), domain)
    if verdict.status is Status.PROVED:
        ends = [sp.Integer(end) for end, without in ((-1, open_[0]), (2, open_[1])) if not without]
        inside = [{**point, X: x} for point in where for x in (*ends, sp.Rational(1, 2), sp.Rational(199, 100))]
        assert all(left > 0 or (not strict and left > -1e-40) for left, _ in _pairs(e, sp.S.Zero, inside)), e


@given(expressions, st.sampled_from([0, 1, sp.Rational(1, 2), X]))
def test_limits_are_approached(e: sp.Expr, limit: sp.Expr) -> None:
    verdict = decide(Tends(e, P, sp.sympify(limit)))
    if verdict.status is Status.PROVED:
        for x in (-2, sp.Rational(1, 3), 3):
            far = {**dict.fromkeys(SYMBOLS, sp.Integer(2)), X: sp.sympify(x), P: sp.Integer(10) ** 30}
            for left, right in _pairs(e, sp.sympify(limit), [far]):
                assert abs(left - right) < 1e-3, (e, limit)


@pytest.mark.parametrize("shape", [Equal, AtLeast])
@given(left=expressions, right=expressions)
def test_every_answer_has_a_method(shape: type, left: sp.Expr, right: sp.Expr) -> None:
    verdict = decide(shape(left, right))
    assert verdict.status in Status
    assert verdict.method
    assert verdict.refuted or not verdict.values
