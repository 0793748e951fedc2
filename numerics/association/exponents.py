"""The exponent of the norm in a covariate: the slope of its logarithm in that of the covariate, at equal ranks of the controls."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from numerics.association.bootstrap import fewest_clusters, resample
from numerics.association.clusters import clusters_of
from numerics.association.ranks import Floats, Rows, ranked
from numerics.association.records import Estimate
from numerics.validation import InvalidInput, integer, number, real


def power_law(
    norms: ArrayLike,
    covariate: ArrayLike,
    controls: Mapping[str, ArrayLike] | None = None,
    *,
    group: ArrayLike | None = None,
    resamples: int = 2000,
    seed: int = 0,
    level: float = 0.95,
    threads: int | None = None,
) -> Estimate:
    """Slope of ln ``norms`` (n,) in ln ``covariate`` (n,) by least squares, beside the rank scores of ``controls`` (name -> (n,)).

    Over the rows in which norm and covariate are above 0 and nothing is missing (NaN). The interval and p-value are those of
    `numerics.association.bootstrap`, from the linearised slope summed over clusters: rows, or the values of ``group`` (n,).
    Raises ``InvalidInput`` for shapes that differ or settings out of bounds.
    """
    share = number("level", level, above=0.5, most=1 - 2.0**-20)
    draws, chance = integer("resamples", resamples, 99, 10**6), integer("seed", seed, 0)
    y = _column("norms", norms, None)
    x = _column("covariate", covariate, len(y))
    others = {name: _column(f"controls[{name!r}]", values, len(y)) for name, values in (controls or {}).items()}
    clusters = clusters_of(group, len(y), chance)
    rows = (y > 0) & (x > 0) & np.isfinite(y) & np.isfinite(x)
    for values in others.values():
        rows &= ~np.isnan(values)
    size = int(np.count_nonzero(rows))
    if size < len(others) + 3:
        return Estimate(math.nan, rows=size, reason=f"{size} rows have all values above 0, a slope needs {len(others) + 3}")
    left, slope, residual = _least_squares(np.log(x[rows]), np.log(y[rows]), _scores(others, rows))
    if math.isnan(slope):
        return Estimate(math.nan, rows=size, reason="the covariate is constant, or the controls determine it")
    units = clusters.taking_part(rows)
    bare = Estimate(slope, rows=size, clusters=units)
    if units < fewest_clusters(share):
        return replace(bare, reason=f"{units} independent groups, an interval at level {share:g} needs {fewest_clusters(share)}")
    codes = clusters.codes[rows]
    deviations = np.bincount(codes, weights=size * left * residual / (left @ left), minlength=clusters.count).astype(np.float64)
    sizes = np.bincount(codes, minlength=clusters.count).astype(np.float64)
    drawn = resample(np.array([slope]), deviations[:, None], sizes[:, None], draws, chance, "plain", threads)
    low, high = drawn.interval(0, share)
    return replace(bare, low=low, high=high, p_value=drawn.p_value(0))


def _scores(others: Mapping[str, Floats], rows: Rows) -> Floats:
    """Rank scores (rows, c) of the controls among the rows, and a column of ones."""
    columns = [np.ones(int(np.count_nonzero(rows)))]
    for values in others.values():
        variable = ranked(values)
        columns.append(variable.scores(rows)[variable.codes[rows]])
    return np.stack(columns, axis=1)


def _least_squares(x: Floats, y: Floats, controls: Floats) -> tuple[Floats, float, Floats]:
    """What the controls leave of x, the slope of y in x beside them, and the residuals of y; NaN if they leave nothing of x."""
    basis, weights, _ = np.linalg.svd(controls, full_matrices=False)
    basis = basis[:, weights > weights[0] * controls.shape[0] * 2.0**-52]
    left, rest = x - basis @ (basis.T @ x), y - basis @ (basis.T @ y)
    noise = len(x) * controls.shape[1] * 2.0**-52 * np.abs(x).max()  # rounding of a projection, entry by entry
    if float(np.abs(left).max()) <= noise:
        return left, math.nan, rest
    slope = float(left @ rest / (left @ left))
    return left, slope, rest - slope * left


def _column(name: str, values: ArrayLike, rows: int | None) -> Floats:
    column = np.asarray(real(name, np.asarray(values)), np.float64)
    if column.ndim != 1 or not len(column) or (rows is not None and len(column) != rows):
        raise InvalidInput(f"{name} has shape {column.shape}, must have one number a row: ({'rows' if rows is None else rows},)")
    return column
