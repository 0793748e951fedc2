"""Von Mises-Fisher functions against ball arithmetic, their inverses, and draws; where SciPy's own break down."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import example, given
from hypothesis import strategies as st

from numerics.calibration import von_mises_fisher as vmf
from numerics.lookup.rows import uniform_directions
from numerics.lookup.rows import von_mises_fisher as drawn
from numerics.validation import InvalidInput

EPS = np.finfo(float).eps
dimensions = st.integers(2, 4096)
concentrations = st.floats(np.log(1e-6), np.log(1e5)).map(lambda x: float(np.exp(x)))


def _bessel(order: arb, x: float) -> arb:
    return arb(x).bessel_i(order)


def _exact(dimension: int, kappa: float) -> tuple[float, float]:
    """Mean cosine and logarithm of the normaliser, to 300 bits."""
    before, ctx.prec = ctx.prec, 1200
    try:
        order = arb(dimension) / 2 - 1
        low, high = _bessel(order, kappa), _bessel(order + 1, kappa)
        logs = order * arb(kappa).log() - low.log() - arb(dimension) / 2 * (2 * arb.pi()).log()
        return float(high / low), float(logs)
    finally:
        ctx.prec = before


@given(dimensions, concentrations)
@example(128, 50.0)  # scipy.stats.vonmises_fisher gives 1e-08 for the concentration
@example(4096, 2000.0)  # I_{d/2-1} underflows
@example(2, 1e5)
@example(3, 1e-6)
def test_mean_cosine_and_normaliser_are_those_of_ball_arithmetic(dimension: int, kappa: float) -> None:
    mean, logs = _exact(dimension, kappa)
    # a step of the recurrence rounds 5 times; errors fade as fast as the orders pass sqrt(kappa), which is how many of them count
    rounding = 5 * EPS * (2 + np.sqrt(kappa))
    assert abs(float(vmf.mean_cosine(dimension, kappa)) - mean) <= rounding * mean
    # ratios below each as exact; sizes of the terms that are added
    terms = dimension / 2 * (np.log(2 * np.pi) + np.log(dimension + kappa) + 2) + kappa
    assert abs(float(vmf.log_normaliser(dimension, kappa)) - logs) <= EPS * (8 * terms + 5 * dimension)


def test_at_concentration_zero_the_density_is_uniform() -> None:
    for d in (2, 3, 7, 64):
        surface = np.log(2) + d / 2 * np.log(np.pi) - float(arb(d / 2).gamma().log())
        assert np.isclose(vmf.log_normaliser(d, 0.0), -surface, rtol=8 * EPS * d)
        assert vmf.mean_cosine(d, 0.0) == 0


@given(dimensions, concentrations)
def test_the_concentration_of_a_mean_cosine_is_the_inverse(dimension: int, kappa: float) -> None:
    mean = vmf.mean_cosine(dimension, kappa)
    found = vmf.concentration_of_mean_cosine(dimension, mean)
    again = vmf.mean_cosine(dimension, found)
    assert abs(again - mean) <= 10 * EPS * (2 + np.sqrt(kappa)) * mean


@given(dimensions, concentrations)
@example(2, 0.5)
def test_the_mean_square_sine_by_quadrature_is_that_of_the_ratio(dimension: int, kappa: float) -> None:
    mean = _exact(dimension, kappa)[0]
    exponents = 1 + kappa + dimension
    assert np.isclose(vmf.mean_square_sine(dimension, kappa), (dimension - 1) * mean / kappa, rtol=200 * EPS + 4 * EPS * exponents)


def test_draws_have_the_mean_cosine() -> None:
    for d, kappa in ((3, 2.0), (16, 40.0), (128, 50.0), (512, 900.0)):
        about = np.tile(uniform_directions(1, d, seed=1), (4000, 1))
        t = np.sum(drawn(about, kappa, seed=2) * about, axis=1)
        assert abs(t.mean() - vmf.mean_cosine(d, kappa)) < 5 * t.std() / np.sqrt(len(t))
        h = 1 - t**2
        assert abs(h.mean() - vmf.mean_square_sine(d, kappa)) < 5 * h.std() / np.sqrt(len(h))


def test_shapes_are_kept_and_bad_arguments_named() -> None:
    assert vmf.mean_cosine(5, np.ones((2, 3))).shape == (2, 3)
    assert vmf.log_normaliser(5, np.ones(0)).shape == (0,)
    with pytest.raises(InvalidInput, match=r"concentrations has 1 out of bounds, such as -1"):
        vmf.mean_cosine(5, [1.0, -1.0])
    with pytest.raises(InvalidInput, match="dimension = 1"):
        vmf.log_normaliser(1, 1.0)
    with pytest.raises(InvalidInput, match="means has 1,"):
        vmf.concentration_of_mean_cosine(5, [0.5, 1.0])
