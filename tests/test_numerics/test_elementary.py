"""The elementary functions without branches: within their counted bounds, and broken variants are not."""

import inspect
import sys

import mpmath
import numpy as np
import pytest
from numba import njit

from numerics.arithmetic.arctangent import angle_of
from numerics.arithmetic.circle import circle
from numerics.arithmetic.exponential import LEAST, exponential, exponential_lanes, exponentials
from numerics.arithmetic.lanes import WIDTH, above, choose, like, load, root, store, wide, zeros
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
POINTS = np.stack((
    np.concatenate((10.0 ** RNG.uniform(-12, 3, 800), np.tile([0.25, 0.5, 0.75, 1.0], 100), RNG.uniform(0, 2, 800))),
    np.concatenate((
        RNG.choice([-1, 1], 800) * 10.0 ** RNG.uniform(-1, 1, 800), np.tile(RNG.choice([-1.0, 1.0], 50), 8), RNG.uniform(-1, 1, 800),
    )),
), axis=1)  # fmt: skip
TURNS = np.concatenate((RNG.uniform(0, 1, 2000), np.arange(8) / 8, np.nextafter(np.arange(1, 9) / 8, 0), 2.0 ** -RNG.uniform(1, 53, 300)))


def exponential_error(function):
    with mpmath.workdps(40):
        return max(abs(function(x) / mpmath.exp(mpmath.mpf(float(x))) - 1) for x in EXPONENTS) / E


def logarithm_error(function):
    with mpmath.workdps(40):
        logs = ((function(x), mpmath.log(mpmath.mpf(float(x)))) for x in POSITIVE if x != 1)
        return max(abs(found / right - 1) for found, right in logs) / E


def angle_error(function):
    with mpmath.workdps(40):
        found = zip(POINTS, function(POINTS), strict=True)
        return max(abs(angle / mpmath.atan2(*map(mpmath.mpf, point.tolist())) - 1) for point, angle in found) / E


def angles(module):
    """`angle_of` as a function of points (N, 2): across, along."""
    angle_of = module["angle_of"]

    @njit
    def run(across, along, out):
        for i in range(len(out)):
            store(out, i, angle_of(load(across, i), load(along, i)))

    def function(points):
        across, along = (np.ascontiguousarray(points[:, i].reshape(-1, WIDTH)) for i in (0, 1))
        out = np.empty_like(across)
        run(across, along, out)
        return out.ravel()

    return function


def circle_error(function):
    worst = 0
    with mpmath.workdps(40):
        for turns in TURNS:
            x, y = function(turns)
            angle = 2 * mpmath.pi * mpmath.mpf(float(turns))
            worst = max(worst, abs(x - mpmath.cos(angle)), abs(y - mpmath.sin(angle)))
    return worst / E


LANES = {"angle_of": angles}
CASES = {
    "angle_of": (angle_of, lambda f: angle_error(angles({"angle_of": f}) if f is angle_of else f), 4, (
        ("1 / 23 - z * (1 / 25)", "0"), ("1 / 7", "1 / 8"), ("0.4636476090008061", "0.4636476090008071"),
        ("big + c * small", "big - c * small"),
        ("_STRAIGHT - found", "_STRAIGHT + found"),
    )),
    "exponential": (exponential, exponential_error, 4, (("1 / 6227020800", "0"), ("k * _LN2_LOW", "k * 0.0"), ("1 / 40320", "1 / 40321"))),
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
    source = inspect.getsource(sys.modules[function.py_func.__module__]).replace("from __future__ import annotations", "")
    for old, new in changes:
        assert old in source
        broken = {"__name__": "broken"}
        exec(source.replace(old, new), broken)  # the project's own source, and no text of a user
        assert error(LANES[name](broken) if name in LANES else broken[name]) > bound, (old, new)


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


@pytest.mark.parametrize("kind", [np.float64, np.float32], ids=lambda k: k.__name__)
def test_lanes_are_numbers_side_by_side(kind):
    @njit
    def run(a, b, out):
        x, y = load(a, 0), load(b, 0)
        store(out, 0, choose(above(x, y), x * 2.0 - y, root(y) / x))
        store(out, 1, like(wide(x) / 3.0, out))
        store(out, 2, zeros(a) + x)
        store(out, 3, 7)

    a, b = RNG.uniform(0.5, 2, (2, 1, WIDTH)).astype(kind)
    out = np.empty((4, WIDTH), kind)
    run(a, b, out)
    # a product that is fused with a sum is rounded once less
    assert np.allclose(out[0], np.where(a > b, 2 * a - b, np.sqrt(b) / a)[0], rtol=4 * np.finfo(kind).eps, atol=0)
    assert np.array_equal(out[1], (a[0].astype(np.float64) / 3).astype(kind))
    assert np.array_equal(out[2], a[0])
    assert np.all(out[3] == 7)


def test_eight_exponentials_are_within_the_bound_of_one():
    @njit
    def run(x, out):
        for i in range(len(out)):
            store(out, i, exponential_lanes(load(x, i)))

    x = np.resize(EXPONENTS, (len(EXPONENTS) // WIDTH + 1, WIDTH))
    out = np.empty_like(x)
    run(x, out)
    known = dict(zip(x.ravel().tolist(), out.ravel().tolist(), strict=True))
    assert exponential_error(lambda v: known[float(v)]) <= 4
    run(np.full_like(x, -1e9), out)
    assert np.all(out == exponential(LEAST))
