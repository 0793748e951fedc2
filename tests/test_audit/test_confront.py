"""Prediction beside measurement: the whole table of verdicts, which every flipped comparison of the judge breaks."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from types import ModuleType

import pytest

from derivations.audit import confront, expectations
from derivations.audit.confront import AGREES, PARTS, SILENT, UNDECIDED, Found, sign_against
from derivations.audit.expectations import Expectation
from tests.mutation.mutants import Mutant, mutants
from theory.imprint_map import N, regimes

NAN = math.nan
Interval = tuple[float, float, float]
UP, DOWN, ACROSS, FAR = (0.3, 0.1, 0.5), (-0.3, -0.5, -0.1), (0.1, -0.1, 0.3), (-0.1, -0.3, 0.1)
TO_ZERO, FROM_ZERO = (0.1, 0.0, 0.2), (-0.1, -0.2, 0.0)  # 0 is an end: it is not excluded
UNKNOWN, OPEN, NO_LOW, NO_HIGH = (NAN, NAN, NAN), (0.5, NAN, NAN), (0.5, NAN, 0.7), (0.5, 0.3, NAN)
SIGNS: list[tuple[int | None, Interval, str]] = [
    (1, UP, AGREES), (1, DOWN, PARTS), (1, ACROSS, UNDECIDED), (-1, UP, PARTS), (-1, DOWN, AGREES), (-1, ACROSS, UNDECIDED),
    (0, UP, PARTS), (0, DOWN, PARTS), (0, ACROSS, UNDECIDED), (None, UP, SILENT), (None, DOWN, SILENT), (None, ACROSS, SILENT),
    *((sign, nothing, UNDECIDED) for sign in (-1, 0, 1) for nothing in (UNKNOWN, OPEN, NO_LOW, NO_HIGH)), (None, UNKNOWN, SILENT),
    (1, TO_ZERO, UNDECIDED), (-1, FROM_ZERO, UNDECIDED), (0, TO_ZERO, UNDECIDED), (0, FROM_ZERO, UNDECIDED),
    (0, (0.02, -0.05, 0.1), AGREES), (0, (-0.05, -0.1, 0.0), AGREES), (0, (0.02, -0.05, 0.11), UNDECIDED),
    (0, (0.0, -0.11, 0.05), UNDECIDED),
]  # fmt: skip
EXPONENTS: list[tuple[tuple[float, float] | None, tuple[float, ...], Interval, str]] = [
    ((0.25, 0.25), (0.0, 0.5), (0.25, 0.2, 0.3), AGREES), ((0.25, 0.25), (0.0, 0.5), (0.3, 0.28, 0.32), PARTS),
    ((0.25, 0.25), (0.0, 0.5), (0.1, 0.05, 0.2), PARTS), ((0.25, 0.25), (0.0, 0.5), (0.3, 0.2, 0.55), UNDECIDED),
    ((0.25, 0.25), (0.0, 0.5), (0.1, -0.1, 0.3), UNDECIDED), ((0.25, 0.25), (0.0, 0.5), (0.25, 0.25, 0.25), AGREES),
    ((0.25, 0.25), (0.0, 0.5), (0.3, 0.1, 0.5), UNDECIDED), ((0.25, 0.25), (0.0, 0.5), (0.2, 0.0, 0.3), UNDECIDED),
    ((0.0, 0.0), (0.25, 0.5), (0.0, -0.1, 0.1), AGREES), ((0.0, 0.0), (0.25, 0.5), (0.05, 0.01, 0.1), PARTS),
    ((0.0, 0.0), (0.25, 0.5), (0.1, -0.1, 0.3), UNDECIDED), ((0.0, 0.5), (), (0.2, 0.1, 0.4), AGREES),
    ((0.0, 0.5), (), (0.2, 0.0, 0.5), AGREES), ((0.0, 0.5), (), (0.5, 0.4, 0.6), UNDECIDED), ((0.0, 0.5), (), (0.1, -0.1, 0.4), UNDECIDED),
    ((0.0, 0.5), (), (0.55, 0.5, 0.6), UNDECIDED), ((0.0, 0.5), (), (-0.1, -0.2, 0.0), UNDECIDED),
    ((0.0, 0.5), (), (0.65, 0.6, 0.7), PARTS), ((0.0, 0.5), (), (-0.2, -0.3, -0.1), PARTS), (None, (), UP, SILENT),
    *(((0.25, 0.25), (), nothing, UNDECIDED) for nothing in (UNKNOWN, OPEN, NO_LOW, NO_HIGH)),
]  # fmt: skip


def wrong(judge: ModuleType) -> list[object]:
    """Rows of the tables of which a judge has another verdict."""
    signs = [(row, judge.sign_against("x", Expectation("specificity", row[0], why="because"), judge.Found(*row[1]))) for row in SIGNS]
    exponents = [
        (row, judge.exponent_against("x", Expectation("frequency", None, row[0], "because", rivals=row[1]), judge.Found(*row[2])))
        for row in EXPONENTS
    ]  # fmt: skip
    return [row for row, met in (*signs, *exponents) if met.verdict != row[-1]]


def test_every_verdict_is_that_of_the_table() -> None:
    assert wrong(confront) == []


@pytest.mark.parametrize("mutant", list(mutants("derivations.audit.confront")), ids=str)
def test_a_flipped_judge_is_caught(monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> None:
    judge = loaded(monkeypatch, mutant)
    with caught():
        assert wrong(judge) or words(judge) != words(confront)


def loaded(monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> ModuleType:
    """Dataclasses look for the module that they are made in."""
    name = f"{mutant.module}__mutant"
    monkeypatch.setitem(sys.modules, name, ModuleType(name))
    return mutant.load()


def words(judge: ModuleType) -> list[str]:
    """What the verdicts on intervals say."""
    found: list[str] = [judge.sign_against("x", Expectation("specificity", sign), judge.Found(*row)).words for sign in (-1, 0, 1)
                        for row in (UP, DOWN, ACROSS, FAR)]  # fmt: skip
    made = [judge.exponent_against("x", Expectation("frequency", 1, (0.25, 0.5)), judge.Found(*UP)).words]
    return [*found, *made]


def test_no_effect_says_what_would_have_been_seen() -> None:
    for row in (ACROSS, FAR):
        assert "beyond 0.3 " in sign_against("x", Expectation("specificity", 0), Found(*row)).words


def test_silence_gives_its_reason() -> None:
    assert sign_against("x", Expectation("specificity", None, why="because"), Found(*UP)).words == "because"


RULES = (("sgd", "none"), ("adam", "none"), ("adam", "dense"), (None, "lazy"), ("clipped_sgd", "none"), (None, None), ("sgdp", "none"),
         ("falling", "dense"), (None, "dense"), (None, "none"))  # fmt: skip


def predictions(module: ModuleType) -> Iterator[object]:
    """For trainings that meet every branch; the map has an entry more, in which norms fall with frequency, as none of it do today."""
    sgd = next(r for r in regimes() if (r.optimizer, r.decay) == ("sgd", "none"))
    entries = (*regimes(), replace(sgd, optimizer="falling", decay="dense", formula=1 / N))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "regimes", lambda: entries)
        patch.setattr(module, "ends_of", expectations.ends_of)  # it has nothing to flip, and remembers
        trainings = [
            module.Training(encoder, optimizer, decay, loss, pooling)
            for encoder in (None, "lookup", "shared") for optimizer, decay in RULES
            for loss in (None, "infonce", "sgns", "cosine_regression") for pooling in (None, "mean")
        ]  # fmt: skip
        for t in trainings:
            yield t.unsaid, bool(module.outside(t))
            for e in module.expectations(t):
                yield e.role, e.sign, e.exponents, e.rivals, e.claims, e.conditions, e.why


@cache
def unchanged() -> tuple[object, ...]:
    """Predictions of the module as it is."""
    return tuple(predictions(expectations))


def test_an_exponent_below_zero_is_a_norm_that_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    sgd = next(r for r in regimes() if (r.optimizer, r.decay) == ("sgd", "none"))
    monkeypatch.setattr(expectations, "regimes", lambda: (replace(sgd, optimizer="falling", formula=1 / N), sgd))
    alone, both = (expectations.expectations(expectations.Training("lookup", rule, "none", "infonce"))[0] for rule in ("falling", None))
    assert (alone.sign, alone.exponents) == (-1, (-0.25, -0.25))
    assert (both.sign, both.exponents) == (None, (-0.25, 0.25))


@pytest.mark.parametrize("mutant", list(mutants("derivations.audit.expectations")), ids=str)
def test_a_flipped_prediction_is_caught(monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> None:
    module = loaded(monkeypatch, mutant)
    with caught():
        assert any(mine != theirs for mine, theirs in zip_longest(predictions(module), unchanged()))


@contextmanager
def caught() -> Iterator[None]:
    """A flipped rule that fails loudly is caught as well."""
    with suppress(ValueError, IndexError, KeyError, TypeError):
        yield
