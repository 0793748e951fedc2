"""The sums that may run in any order: within their bounds, which are counted, for both precisions."""

import mpmath
import numpy as np
import pytest

from numerics.arithmetic import sums

LENGTHS = (1, 2, 3, 4, 5, 7, 8, 31, 32, 33, 100, 513)
UNITS = {np.float64: 2.0**-53, np.float32: 2.0**-24}


def vectors(length, kind, count):
    rng = np.random.default_rng(length)
    # entries of either sign over six orders of magnitude: sums cancel
    return (rng.standard_normal((count, length)) * 10.0 ** rng.uniform(-3, 3, (count, length))).astype(kind)


def exact(terms):
    return mpmath.fsum(mpmath.mpf(float(x)) * mpmath.mpf(float(y)) for x, y in terms)


@pytest.mark.parametrize("kind", UNITS, ids=lambda k: k.__name__)
@pytest.mark.parametrize("length", LENGTHS)
def test_sums_of_products_are_exact_to_one_roundoff_a_term(length, kind):
    a, b, c = vectors(length, kind, 3)
    e = UNITS[kind]
    for found, left, right in (
        (sums.dot(a, b), a, b), (sums.two_dots(a, b, c)[0], a, c), (sums.two_dots(a, b, c)[1], b, c),
        (sums.total(a), a, np.ones_like(a)),
    ):  # fmt: skip
        size = np.sum(np.abs(left.astype(float) * right))
        assert abs(found - exact(zip(left, right, strict=True))) <= length * e * size
    assert sums.largest(a) == np.max(a)


@pytest.mark.parametrize("kind", UNITS, ids=lambda k: k.__name__)
@pytest.mark.parametrize("count", [1, 3, 4, 6, 9])
def test_many_rows_are_each_a_sum(count, kind):
    rows, vector, weights = vectors(33, kind, 10), vectors(34, kind, 1)[0, :33], vectors(35, kind, 1)[0, :count]
    chosen = np.random.default_rng(count).permutation(10)[:count]
    found, mixed = np.empty(count, kind), np.empty(33, kind)
    sums.dots(rows, chosen, vector, found)
    sums.combine(weights, rows, chosen, mixed)
    for j, row in enumerate(chosen):
        size = np.sum(np.abs(rows[row].astype(float) * vector))
        assert abs(found[j] - exact(zip(rows[row], vector, strict=True))) <= 33 * UNITS[kind] * size
    for i in range(33):
        column = rows[chosen, i]
        size = np.sum(np.abs(column.astype(float) * weights))
        assert abs(mixed[i] - exact(zip(column, weights, strict=True))) <= count * UNITS[kind] * size
