"""The sums that may run in any order, and the exponential: within their bounds, which are counted, for both precisions."""

import mpmath
import numpy as np
import pytest
from numba import njit

from numerics import exponential, sums

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


@pytest.mark.parametrize("kind", UNITS, ids=lambda k: k.__name__)
def test_differences_are_rounded_once_before_they_are_squared(kind):
    """The accuracy of tiny angles rests on it: no reordering may reach into a difference."""
    before = vectors(40, kind, 1)[0]
    after = np.nextafter(before, kind(np.inf)) if kind is np.float64 else np.nextafter(before, np.float32(np.inf))
    move = after.astype(float) - before.astype(float)
    found = sums.products_of_move(before, after, before)
    assert abs(found[0] - exact(zip(move, move, strict=True))) <= 41 * UNITS[kind] * np.sum(move**2)
    assert abs(found[2] - exact(zip(before, move, strict=True))) <= 41 * UNITS[kind] * np.sum(np.abs(before * move))
    assert sums.squared_rest(before, kind(1.0), before) == 0.0
    rest = sums.squared_rest_of_move(after, before, kind(0.0), before)
    assert abs(rest - exact(zip(move, move, strict=True))) <= 41 * UNITS[kind] * np.sum(move**2)


def errors(function, x):
    """In units of roundoff, relative."""
    with mpmath.workdps(40):
        return max(abs(function(v) / mpmath.exp(mpmath.mpf(float(v))) - 1) for v in x) / 2.0**-53


def exponents():
    rng = np.random.default_rng(5)
    halves = (np.arange(-1021, 1022) + 0.5) * np.log(2.0)  # where the rounded multiple of ln 2 changes
    return np.concatenate((-rng.uniform(0, 708, 3000), rng.uniform(0, 709, 500), -(10.0 ** rng.uniform(-20, 0, 500)),
                           halves[np.abs(halves) < 708], [0.0, -0.0]))  # fmt: skip


def test_the_exponential_is_within_four_units():
    assert errors(exponential.exponential, exponents()) <= 4
    assert exponential.exponential(0.0) == 1.0


def test_a_shorter_polynomial_or_another_logarithm_is_seen():
    source = exponential.exponential.py_func
    namespace = {"np": np, "LEAST": exponential.LEAST, "_PER_LN2": exponential._PER_LN2, "_SHIFT": exponential._SHIFT}
    import inspect

    text = inspect.getsource(source).replace("@fused\n", "")
    for old, new in (("1 / 6227020800", "0"), ("_LN2_LOW", "0.0"), ("1 / 40320", "1 / 40321")):
        assert old in text
        broken = dict(namespace, _LN2_HIGH=exponential._LN2_HIGH, _LN2_LOW=exponential._LN2_LOW)
        exec(text.replace(old, new), broken)  # a variant of the project's own source, and no text of a user
        assert errors(njit(broken["exponential"]), exponents()) > 4


def test_far_below_the_exponential_stays_at_the_last_normal_numbers():
    for x in (-708.0, -709.0, -745.0, -1e9, -np.inf):
        assert exponential.exponential(x) == exponential.exponential(exponential.LEAST)
    assert 0 < exponential.exponential(exponential.LEAST) < 3.4e-308


@pytest.mark.parametrize("kind", UNITS, ids=lambda k: k.__name__)
def test_exponentials_of_a_vector_are_those_of_its_entries(kind):
    values = np.linspace(-1, 1, 21).astype(kind)
    found = np.empty_like(values)
    exponential.exponentials(values, kind(1.0), kind(8.0), found)
    assert np.array_equal(found, [kind(exponential.exponential((v - kind(1.0)) * kind(8.0))) for v in values])
