"""Constants that only exact tests tell: thresholds of levels, ends of formats, cumulants and quantiles of uniform rows."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
from scipy.stats import norm as normal

from numerics.norm_signal import rounding_variation
from numerics.norm_signal.entry_laws import NormalEntries, UniformEntries
from numerics.norm_signal.floors import PRECISIONS, rounded
from numerics.norm_signal.levels import levels
from numerics.norm_signal.outliers import outliers
from numerics.norm_signal.records import ERROR_RATE


def test_a_level_needs_as_many_rows_as_chance_would_not_leave_alone() -> None:
    for rare in range(10, 24):
        ordered = np.sort(np.concatenate([np.full(rare, 1.0), np.full(100, 2.0)]))
        beyond_chance = len(ordered) * 2.0**-rare <= ERROR_RATE
        found = levels(ordered, 1e-3)
        assert [(one.norm, one.rows) for one in found] == ([(1.0, rare), (2.0, 100)] if beyond_chance else []), rare


@pytest.mark.parametrize(("name", "kind"), [("float16", np.float16), ("bfloat16", ml_dtypes.bfloat16), ("float32", np.float32)])
def test_formats_end_where_the_types_end(name: str, kind: type) -> None:
    ends = ml_dtypes.finfo(kind)
    assert PRECISIONS[name].largest == float(ends.max)
    assert PRECISIONS[name].smallest == float(ends.smallest_subnormal)
    assert PRECISIONS[name].roundoff == float(ends.eps) / 2
    assert rounded(np.array([float(ends.max)]), name)[0] == float(ends.max)
    assert rounded(np.array([2 * float(ends.max)]), name)[0] == np.inf


def test_the_expected_variation_does_not_change_with_a_power_of_two_nor_with_rows_of_zeros() -> None:
    table = np.random.default_rng(3).standard_normal((200, 32))
    expected = rounding_variation(table, "float16")
    assert rounding_variation(table / 64, "float16") == pytest.approx(expected, rel=1e-12)
    assert rounding_variation(np.vstack([table, np.zeros((50, 32))]), "float16") == pytest.approx(expected, rel=1e-12)
    assert np.isnan(rounding_variation(np.zeros((3, 4)), "float16"))


def test_cumulants_of_squares_of_uniform_numbers_are_those_of_quadrature() -> None:
    nodes, weights = np.polynomial.legendre.leggauss(20)  # exact for polynomials to degree 39
    squares, weights = ((nodes + 1) / 2) ** 2, weights / 2
    mean, variance, third, fourth = UniformEntries()._cumulants()
    moments = [float(np.sum(weights * (squares - mean) ** k)) for k in (2, 3, 4)]
    assert mean == pytest.approx(float(np.sum(weights * squares)), rel=1e-13)
    assert (variance, third, fourth) == pytest.approx((moments[0], moments[1], moments[2] - 3 * moments[0] ** 2), rel=1e-11)


def shares_below(logs: np.ndarray, dimension: int) -> np.ndarray:
    """Of norms of uniform rows, in units of their root mean square: the law of d squares, convolved on a grid."""
    cells = 2**14
    edges = np.linspace(0, 1, cells + 1)
    mass = np.diff(np.sqrt(edges))  # of a square of a number uniform on [0, 1]
    length = 1 << int(np.ceil(np.log2(dimension * cells)))
    law = np.fft.irfft(np.fft.rfft(mass, length) ** dimension, length)
    sums = (np.arange(length) + 0.5 * dimension) / cells  # a cell counts as its middle
    return np.interp(np.exp(2 * logs) * dimension / 3, sums + 0.5 / cells, np.cumsum(law))


def test_quantiles_of_uniform_rows_are_exact_to_the_order_that_is_stated() -> None:
    """d^(-3/2) at least: from 16 to 256 dimensions 64 times less, where a wrong term of 1 / d would make 16 of it; told apart at 32."""
    law, share = UniformEntries(), np.array([0.001, 0.005, 0.1, 0.25, 0.5, 0.75, 0.9, 0.995, 0.999])

    def off(dimension: int, logs: np.ndarray) -> float:
        return float(np.max(np.abs(shares_below(logs, dimension) - share)))

    found = {d: off(d, law.log_quantiles(share, d)) for d in (16, 64, 256)}
    assert all(found[d] <= law.error(d) for d in found)
    assert found[256] <= found[16] / 32
    first_order_only = {d: off(d, 0.5 * np.log(1 + normal.ppf(share) * np.sqrt(law._cumulants()[1] / d) * 3)) for d in found}
    assert first_order_only[256] > law.error(256)


@pytest.mark.parametrize("dimension", [4, 64, 1024])
def test_the_spread_of_normal_rows_is_that_of_their_quantiles(dimension: int) -> None:
    shares = (np.arange(200_000) + 0.5) / 200_000
    logs = NormalEntries().log_quantiles(shares, dimension)
    assert float(np.std(logs)) == pytest.approx(NormalEntries().spread(dimension), rel=1e-3)
    assert float(np.mean(np.exp(2 * logs))) == pytest.approx(1, rel=1e-3)


def test_the_threshold_of_outliers_is_that_of_the_stated_rate() -> None:
    """Of n rows and two sides: half of the rate for the greatest of normal numbers, half for the scale."""
    for rows in (50, 5000):
        found = outliers(np.arange(rows), np.exp(np.linspace(-1, 1, rows)), 1e-6)
        z, scale = normal.isf(ERROR_RATE / 2 / 2 / rows), 1 + normal.isf(ERROR_RATE / 2 / 2) * 1.1664 / np.sqrt(rows)
        assert found.threshold == pytest.approx(z * scale, rel=1e-12)
