"""Prediction beside measurement: the whole table of verdicts."""

from __future__ import annotations

import math

import pytest

from derivations.audit.confront import AGREES, PARTS, SILENT, UNDECIDED, Found, exponent_against, sign_against
from derivations.audit.expectations import Expectation

UP, DOWN, ACROSS = Found(0.3, 0.1, 0.5), Found(-0.3, -0.5, -0.1), Found(0.1, -0.1, 0.3)
UNKNOWN, WITHOUT_INTERVAL = Found(math.nan, math.nan, math.nan), Found(0.5, math.nan, math.nan)


@pytest.mark.parametrize(
    ("predicted", "found", "verdict"),
    [
        (1, UP, AGREES), (1, DOWN, PARTS), (1, ACROSS, UNDECIDED), (-1, UP, PARTS), (-1, DOWN, AGREES), (-1, ACROSS, UNDECIDED),
        (0, UP, PARTS), (0, DOWN, PARTS), (0, ACROSS, AGREES), (None, UP, SILENT), (None, DOWN, SILENT), (None, ACROSS, SILENT),
        *((sign, nothing, UNDECIDED) for sign in (-1, 0, 1) for nothing in (UNKNOWN, WITHOUT_INTERVAL)), (None, UNKNOWN, SILENT),
    ],
)  # fmt: skip
def test_signs(predicted: int | None, found: Found, verdict: str) -> None:
    met = sign_against("x", Expectation("specificity", predicted, why="because"), found)
    assert met.verdict == verdict
    assert met.words == "because" if verdict == SILENT else "predicted" in met.words or "not be measured" in met.words


def test_no_effect_says_what_would_have_been_seen() -> None:
    assert "beyond 0.3 " in sign_against("x", Expectation("specificity", 0), ACROSS).words


@pytest.mark.parametrize(
    ("allowed", "rivals", "interval", "verdict"),
    [
        ((0.25, 0.25), (0.0, 0.5), (0.2, 0.3), AGREES), ((0.25, 0.25), (0.0, 0.5), (0.28, 0.32), PARTS),
        ((0.25, 0.25), (0.0, 0.5), (0.2, 0.55), UNDECIDED), ((0.25, 0.25), (0.0, 0.5), (-0.1, 0.3), UNDECIDED),
        ((0.0, 0.0), (0.25, 0.5), (-0.1, 0.1), AGREES), ((0.0, 0.0), (0.25, 0.5), (0.01, 0.1), PARTS),
        ((0.0, 0.0), (0.25, 0.5), (-0.1, 0.3), UNDECIDED), ((0.0, 0.5), (), (0.1, 0.4), AGREES),
        ((0.0, 0.5), (), (0.4, 0.6), UNDECIDED), ((0.0, 0.5), (), (0.6, 0.7), PARTS), ((0.0, 0.5), (), (-0.3, -0.1), PARTS),
        (None, (), (0.1, 0.2), SILENT),
    ],
)  # fmt: skip
def test_exponents(allowed: tuple[float, float] | None, rivals: tuple[float, ...], interval: tuple[float, float], verdict: str) -> None:
    expectation = Expectation("frequency", None, allowed, "because", rivals=rivals)
    assert exponent_against("x", expectation, Found(sum(interval) / 2, *interval)).verdict == verdict


def test_an_exponent_that_was_not_measured_decides_nothing() -> None:
    for found in (UNKNOWN, WITHOUT_INTERVAL):
        assert exponent_against("x", Expectation("frequency", 1, (0.25, 0.25)), found).verdict == UNDECIDED
