"""The constants and bounds that all evidence shares are what their definitions say; `tests.test_mutants` breaks them."""

from __future__ import annotations

import importlib
import math

import numpy as np
import pytest

from derivations.evidence import Measurement, NumericWitness, steps
from derivations.evidence import settings as drawn_from
from tests.evidence_checks import CHECKS


@pytest.mark.parametrize("name", CHECKS)
def test_a_shared_module_does_what_it_says(name: str) -> None:
    CHECKS[name](importlib.import_module(f"derivations.evidence.{name}"))


def test_the_ranges_that_settings_are_drawn_from_are_as_wide_as_the_laws_name() -> None:
    assert drawn_from.DIMENSIONS == (2, 512)
    assert drawn_from.CANDIDATES == (1, 256)
    assert drawn_from.TEMPERATURES == (0.01, 10.0)
    assert drawn_from.STEP_SIZES == (1e-5, 10.0)
    assert drawn_from.NORMS == (1e-3, 1e3)
    assert (steps.STEPS, steps.LOSSES) == (12, ("cosine_regression", "infonce"))


@pytest.mark.parametrize(("effort", "batches", "rows"), [("quick", 12, 6), ("full", 44, 24)])
def test_the_extreme_shapes_are_always_drawn_and_every_range_is_covered(effort: str, batches: int, rows: int) -> None:
    found = drawn_from.draw(np.random.default_rng(0), effort)
    assert len(found) == batches
    assert {b.rows for b in found} == {rows}
    assert {(2, 1), (2, 256), (512, 1), (512, 256)} <= {(b.dimension, b.candidates) for b in found}
    for name, (low, high) in (("temperatures", (0.01, 10)), ("step_sizes", (1e-5, 10)), ("norms", (1e-3, 1e3))):
        values = np.log(np.concatenate([getattr(b, name) for b in found]))
        assert np.log(low) <= values.min() < values.max() <= np.log(high)
        assert values.max() - values.min() > 0.8 * np.log(high / low)


def measured(deviation: float, bound: float, applies: bool = True) -> Measurement:
    return Measurement("x", np.array([deviation]), np.array([bound]), np.array([applies]), ("a",))


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (measured(1.0, 1.0), "holds"),
        (measured(math.nextafter(1.0, 2), 1.0), "fails"),
        (measured(math.nan, 1.0), "fails"),
        (measured(1.0, math.nan), "fails"),
        (measured(0.0, 1.0, applies=False), "vacuous"),
    ],
)
def test_a_figure_holds_up_to_its_bound_and_not_beyond(found: Measurement, verdict: str) -> None:
    assert found.verdict == verdict


def test_a_witness_needs_both_to_hold_with_and_to_fail_without_its_hypothesis() -> None:
    each = {"holds": measured(1, 2), "fails": measured(3, 2), "vacuous": measured(1, 2, applies=False)}
    bites = [(with_it, without) for with_it in each for without in each if NumericWitness("w", each[with_it], each[without]).bites]
    assert bites == [("holds", "fails")]
