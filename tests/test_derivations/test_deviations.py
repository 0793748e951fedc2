"""Deviations are those of the arithmetic that they stand for, to the bit, and remember what deviates from what."""

from __future__ import annotations

import numpy as np
import pytest

from derivations.evidence import evidence_for, measure
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import (
    at_least,
    at_most,
    deviation,
    equal,
    largest,
    listed,
    over,
    relative,
    remembered,
    sides_of,
    times,
    within,
)
from derivations.evidence.gathering import gathered
from derivations.evidence.quantities import quantity_of
from tests.point_checks import assert_pair_gives_the_deviations
from theory.catalogue import catalogue

A, B = np.array([1.0, -2.0, 3.5, np.nan, np.inf, 0.1]), np.array([1.5, -2.5, 3.5, 1.0, 2.0, 0.3])
SEED = 20260


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (equal(A, B), np.abs(A - B)), (relative(A, B), np.abs(A / B - 1)), (at_most(A, B), np.maximum(A - B, 0)),
        (at_least(A, B), np.maximum(B - A, 0)), (within(A, B - 1, B), np.maximum(0, np.maximum(B - 1 - A, A - B))),
        (over(equal(A, B), 3.0), np.abs(A - B) / 3), (times(equal(A, B), 0.7), np.abs(A - B) * 0.7),
    ],
)  # fmt: skip
def test_deviations_are_those_of_the_plain_arithmetic_and_both_sides_give_them_again(found, wanted) -> None:
    np.testing.assert_array_equal(np.asarray(found), wanted)
    assert_pair_gives_the_deviations(measurement("x", found, 1.0, ["x"] * 6))


def test_what_is_taken_or_joined_remembers_and_what_is_reckoned_forgets() -> None:
    d = equal(A, B)
    for taken, observed in (
        (d[2], 3.5), (d[:2], A[:2]), (d[:, None], A[:, None]), (np.concatenate([d, d[1:]]), np.append(A, A[1:])),
        (np.reshape(d, (2, 3)), A.reshape(2, 3)),
        (np.broadcast_to(d, (2, 6)), np.stack([A, A])), (np.atleast_2d(d), A[None]), (listed([d[0], equal(4.0, 5)]), [1.0, 4.0]),
    ):  # fmt: skip
        sides = sides_of(taken)
        assert sides is not None
        np.testing.assert_array_equal(sides.observed, observed)
    for forgot in (2 * d, d + d, np.maximum(d, 0), np.concatenate([d, A]), np.concatenate([d, at_most(A, B)]), np.sum(d), d.copy()):
        assert sides_of(forgot) is None


def test_the_largest_is_the_maximum_with_its_sides_and_a_nan_is_the_largest_of_all() -> None:
    d = equal(A, B)
    assert np.isnan(largest(d))
    assert sides_of(largest(d)).predicted == 1.0  # type: ignore[union-attr]
    rows = np.reshape(equal(A[[0, 1, 2, 5]], B[[0, 1, 2, 5]] + [0, -1, 0, 2]), (2, 2))
    np.testing.assert_array_equal(np.asarray(largest(rows, axis=1)), np.max(rows, axis=1))
    np.testing.assert_array_equal(sides_of(largest(rows, axis=1)).observed, [-2.0, 0.1])  # type: ignore[union-attr]
    assert sides_of(largest(2 * d)) is None


def test_measurements_that_are_gathered_keep_both_sides_if_all_have_them() -> None:
    one, other = measurement("x", equal(A, B), 1.0, ["x"] * 6), measurement("x", relative(A, B), 1.0, ["x"] * 6)
    plain = measurement("x", np.abs(A - B), 1.0, ["x"] * 6)
    both = gathered("x", [one, other])
    np.testing.assert_array_equal(both.observed, np.append(A, A))
    np.testing.assert_array_equal(both.unit, np.append(np.ones(6), np.abs(B)))
    assert gathered("x", [one, plain]).observed is None
    assert gathered("x", [one, measurement("x", at_most(A, B), 1.0, ["x"] * 6)]).observed is None
    assert sides_of(remembered(one)) is not None


def test_a_measurement_is_judged_by_its_deviations_alone() -> None:
    told = measurement("x", deviation(np.zeros(2), np.array([5.0, 6.0]), 0.0), 1.0, ["a", "b"])
    assert told.verdict == "holds"
    assert measurement("x", deviation(np.full(2, 2.0), 1.0, 1.0), 1.0, ["a", "b"]).verdict == "fails"


@pytest.mark.parametrize(
    ("what", "predicted", "latex"),
    [
        ("squared norm after a step", [2.0], r"\lVert u\rVert^2"),
        ("squared norm after a step", [0.0], ""),
        ("squared norm at equilibrium", [1.0, 1.0], r"\lVert u\rVert^2\,/\,\text{predicted}"),
        ("<u, grad L> for infonce", [0.0], r"\langle u, \nabla_u L\rangle"),
        ("squared norm after a step", None, ""),
        ("something else", [1.0], ""),
    ],
)  # fmt: skip
def test_a_quantity_is_named_only_where_the_words_say_it(what, predicted, latex) -> None:
    assert quantity_of(what, predicted) == latex


@pytest.mark.parametrize("name", [c.id for c in catalogue()])
def test_both_sides_of_every_measurement_and_witness_give_its_deviations_again(name: str) -> None:
    claim = catalogue()[name]
    found = list(measure(claim, SEED))
    for drop in evidence_for(claim).witnesses.values():
        witness = drop(claim.formulas, SEED)
        found += [witness.kept, witness.dropped]
    for m in found:
        assert_pair_gives_the_deviations(m)
    assert any(m.observed is not None for m in found)


@pytest.mark.parametrize("predicted", [B * 1.001, B + 1e-9, np.zeros(6)])
def test_a_pair_that_does_not_give_the_deviations_is_seen(predicted) -> None:
    with pytest.raises(AssertionError, match="x: "):
        assert_pair_gives_the_deviations(measurement("x", deviation(np.abs(A - B), A, predicted), 1.0, ["x"] * 6))
