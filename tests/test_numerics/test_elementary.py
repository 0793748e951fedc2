"""The elementary functions without branches: within their counted bounds, and broken variants are not."""

import inspect
import sys

import mpmath
import numpy as np
import pytest
from numba import njit

from numerics.arithmetic.circle import circle
from numerics.arithmetic.exponential import LEAST, exponential, exponentials
from numerics.arithmetic.logarithm import logarithm

E = 2.0**-53
RNG = np.random.default_rng(5)
HALVES = (np.arange(-1021, 1022) + 0.5) * np.log(2.0)  # where the rounded multiple of ln 2 changes
EXPONENTS = np.concatenate((
    -RNG.uniform(0, 708, 2000), RNG.uniform(0, 709, 500), -(10.0 ** RNG.uniform(-20, 0, 500)), HALVES[np.abs(HALVES) < 708], [0.0],
))  # fmt: skip
POSITIVE = np.concatenate((
    RNG.uniform(0, 1, 2000), 2.0 ** -RNG.uniform(1, 53, 500), 1 - 10.0 ** RNG.uniform(-15, -1, 500), 10.0 ** RNG.uniform(-300, 300, 500),
    np.nextafter(np.sqrt(0.5) * 2.0 ** np.arange(-50, 50), 0), np.sqrt(0.5) * 2.0 ** np.arange(-50, 50),
))  # fmt: skip
TURNS = np.concatenate((RNG.uniform(0, 1, 2000), np.arange(8) / 8, np.nextafter(np.arange(1, 9) / 8, 0), 2.0 ** -RNG.uniform(1, 53, 300)))


def exponential_error(function):
    with mpmath.workdps(40):
        return max(abs(function(x) / mpmath.exp(mpmath.mpf(float(x))) - 1) for x in EXPONENTS) / E


def logarithm_error(function):
    with mpmath.workdps(40):
        logs = ((function(x), mpmath.log(mpmath.mpf(float(x)))) for x in POSITIVE if x != 1)
        return max(abs(found / right - 1) for found, right in logs) / E


def circle_error(function):
    worst = 0
    with mpmath.workdps(40):
        for turns in TURNS:
            x, y = function(turns)
            angle = 2 * mpmath.pi * mpmath.mpf(float(turns))
            worst = max(worst, abs(x - mpmath.cos(angle)), abs(y - mpmath.sin(angle)))
    return worst / E


CASES = {
    "exponential": (exponential, exponential_error, 4, (("1 / 6227020800", "0"), ("_LN2_LOW", "0.0"), ("1 / 40320", "1 / 40321"))),
    "logarithm": (logarithm, logarithm_error, 5, (
        ("1 / 17 + t * (1 / 19 + t * (1 / 21))", "1 / 17"), ("1 / 7", "1 / 8"), ("k * _LN2_LOW", "0.0"),
    )),
    "circle": (circle, circle_error, 4, (
        ("1 / 20922789888000", "0"), ("1 / 1307674368000", "0"), ("quarter >= np.int64(2)", "quarter > np.int64(2)"),
    )),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_function_is_within_its_bound(name):
    function, error, bound, _ = CASES[name]
    assert error(function) <= bound


@pytest.mark.parametrize("name", CASES)
def test_a_broken_variant_is_not(name):
    function, error, bound, changes = CASES[name]
    module = vars(sys.modules[function.py_func.__module__])
    text = inspect.getsource(function.py_func).replace("@fused\n", "")
    for old, new in changes:
        assert old in text
        broken = dict(module)
        exec(text.replace(old, new), broken)  # the project's own source, and no text of a user
        assert error(njit(broken[name])) > bound, (old, new)


def test_some_values_are_exact():
    assert exponential(0.0) == 1.0
    assert logarithm(1.0) == 0.0
    assert [circle(k / 4) for k in range(4)] == [(1, 0), (0, 1), (-1, 0), (0, -1)]


def test_far_below_the_exponential_stays_at_the_last_normal_numbers():
    for x in (-708.0, -709.0, -745.0, -1e9, -np.inf):
        assert exponential(x) == exponential(LEAST)
    assert 0 < exponential(LEAST) < 3.4e-308


@pytest.mark.parametrize("kind", [np.float64, np.float32], ids=lambda k: k.__name__)
def test_exponentials_of_a_vector_are_those_of_its_entries(kind):
    values = np.linspace(-1, 1, 21).astype(kind)
    found = np.empty_like(values)
    exponentials(values, kind(1.0), kind(8.0), found)
    assert np.array_equal(found, [kind(exponential((v - kind(1.0)) * kind(8.0))) for v in values])
