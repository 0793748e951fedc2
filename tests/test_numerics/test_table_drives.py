"""Summed drives of a table: as exact after very many visits as after one, where adding them up plainly is not."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from numba import njit

from numerics.arithmetic.sums import square
from numerics.kernels.table_steps import descend
from numerics.kernels.tables import COLUMNS, DRIVE_REST, DRIVE_SUM, SQUARED_NORM, measure
from numerics.lookup.embeddings import LookupSettings, train_lookup
from tests.test_numerics import table_definitions as definition

ROUNDOFF = 2.0**-53
VISITS, D = 300_000, 3
IDS = np.tile(np.array([0, 1], np.int32), VISITS // 4 + 1)
# steps too small to move anything, so that every visit with another row among its candidates has the same drive
STILL = LookupSettings(dimension=D, window=1, negatives=1, step_size=1e-30, replicates=1)


def allowed(visits: int, exact: float) -> float:
    """Each sum of a double word is off by 2 e^2 of it; the one that is returned is rounded, and so is that of `math.fsum`."""
    return (2 * ROUNDOFF + 2 * visits * ROUNDOFF**2) * exact


@njit
def measured(energies: np.ndarray, record: np.ndarray, step_size: float) -> None:
    """What the kernels do at each visit of a row whose norm stays."""
    for age in range(len(energies)):
        measure(record, step_size, energies[age], 0.0, record[SQUARED_NORM], age)


def summed(energies: np.ndarray, squared: float, step_size: float) -> np.ndarray:
    """The record of a row after these visits."""
    record = np.zeros(COLUMNS)
    record[SQUARED_NORM] = squared
    measured(energies, record, step_size)
    return record


@pytest.mark.parametrize("spread", [0.0, 1.0, 8.0])
def test_very_many_drives_are_summed_to_one_rounding_and_not_by_plain_addition(spread: float) -> None:
    squared, step_size = 1.7, 0.013
    energies = np.exp(spread * np.random.default_rng(5).standard_normal(2_000_000))
    terms = step_size * step_size * squared * energies  # the same products in the same order: the same bits
    exact, record = math.fsum(terms), summed(energies, squared, step_size)
    bound = allowed(len(terms), exact)
    assert abs(record[DRIVE_SUM] + record[DRIVE_REST] - exact) <= bound
    assert abs(record[DRIVE_REST]) <= ROUNDOFF * record[DRIVE_SUM]
    plain = np.cumsum(terms)[-1]  # one after the other
    assert abs(plain - exact) > 10 * bound
    assert abs(record[DRIVE_SUM] - exact) <= bound + ROUNDOFF * exact < abs(plain - exact)


def literal(word: np.ndarray, context: np.ndarray, row: int, chosen: list[int]) -> tuple[float, float]:
    """Drives of the word and of its observed context at one pair, by the definition."""
    for_word, for_context, _ = definition.gradients(word, context, row, chosen, STILL)
    u, v = word[row], context[chosen[0]]
    return (u @ u) * (for_word[row] @ for_word[row]), (v @ v) * (for_context[chosen[0]] @ for_context[chosen[0]])


def count_of(row: int) -> int:
    """How many pairs of the word ``row`` have the other negative, the one without which nothing moves."""
    return sum(1 for word, chosen in definition.pairs_of(IDS, np.ones(2), STILL) if word == row and chosen[1] == row)


def test_a_training_sums_the_drives_of_hundreds_of_thousands_of_visits_exactly() -> None:
    run = train_lookup([IDS], np.ones(2), STILL)
    assert run.word.visits.min() > VISITS // 3
    for row in range(2):
        term, visits = run.word.largest_drive[0, row], count_of(row)
        replayed = np.full(visits, term)
        exact = math.fsum(replayed)
        assert abs(run.word.drive_sum[0, row] - exact) <= allowed(visits, exact)
        assert abs(np.cumsum(replayed)[-1] - exact) > 10 * allowed(visits, exact)
        expected = literal(run.word.rows[0], run.context.rows[0], row, [1 - row, row])[0] * STILL.step_size**2
        # two rows of length 1 under a temperature of 1 or so: a hundred roundings are more than both sides have
        assert abs(term - expected) <= 100 * (D + 10) * ROUNDOFF * expected


@njit
def squares_of(row: np.ndarray, gradient: np.ndarray) -> tuple[float, float, float]:
    before = square(row)
    energy, _, after = descend(row, gradient, np.float32(0.9), np.float32(0.1))
    return before, energy, after


def test_squares_of_single_precision_are_summed_in_double() -> None:
    row, gradient = np.random.default_rng(2).standard_normal((2, 301)).astype(np.float32)
    start = row.copy()
    for found, vector in zip(squares_of(row, gradient), (start, gradient, row), strict=True):
        exact = float(sum((Fraction(float(entry)) ** 2 for entry in vector), Fraction(0)))
        assert abs(found - exact) <= len(vector) * ROUNDOFF * exact
        assert abs(float(np.dot(vector, vector)) - exact) > len(vector) * ROUNDOFF * exact


def test_the_halves_of_a_sum_do_not_overlap() -> None:
    sums = [summed(np.full(count, 0.1), 1.0, 1.0) for count in (10, 100, 1000)]
    for before, after in pairwise(sums):
        assert after[DRIVE_SUM] > before[DRIVE_SUM]
    for count, record in zip((10, 100, 1000), sums, strict=True):
        exact = count * Fraction(0.1)
        off = Fraction(record[DRIVE_SUM]) + Fraction(record[DRIVE_REST]) - exact
        assert abs(off) <= 2 * count * Fraction(ROUNDOFF) ** 2 * exact
        assert abs(Fraction(record[DRIVE_SUM]) - exact) > abs(off)
