"""The exponent of the norm in a covariate: the slope of its logarithm in that of the covariate, given controls."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from numerics.association.bounds import bounded
from numerics.association.columns import Control, ranked_columns, width
from numerics.association.controlled import PartlyLinear, controlling, determined, partly_linear, sampled
from numerics.association.leverage import Leverage, one_holds_all
from numerics.association.ranks import Floats, Ranked, Rows, ranked
from numerics.association.records import Estimate
from numerics.categories import Categories, all_of, categories, is_text
from numerics.resampling.bootstrap import fewest_clusters, resample
from numerics.resampling.clusters import clusters_of
from numerics.validation import InvalidInput, integer, number, real

DETERMINED = "not measured: the controls determine it"
_BLOCK = 2**16  # rows turned into scores at a time


def power_law(
    norms: ArrayLike,
    covariate: ArrayLike,
    controls: Mapping[str, ArrayLike | Categories] | None = None,
    *,
    group: ArrayLike | None = None,
    resamples: int = 2000,
    seed: int = 0,
    level: float = 0.95,
    family: int = 1,
    control: str = "shapes",
    threads: int | None = None,
) -> Estimate:
    """Slope of ln ``norms`` (n,) in ln ``covariate`` (n,) by least squares, beside what ``controls`` (name -> (n,)) say of both.

    ``control``: by a polynomial and boosted trees ("shapes": Robinson 1988, of at most 2^18 rows;
    `numerics.association.partialling`), or linearly in rank scores ("ranks"). ``family``: as of `associate`. Over the rows in which
    norm and covariate are above 0 and nothing is missing (NaN); controls that are text are `numerics.categories`, whose rare labels are
    missing. The interval and p-value are those of
    `numerics.resampling.bootstrap`, from the linearised slope summed over clusters: rows, or the values of ``group`` (n,). Raises
    ``InvalidInput`` for shapes that differ or settings out of bounds.
    """
    share = number("level", level, above=0.5, most=1 - 2.0**-20)
    draws, chance = integer("resamples", resamples, 99, 10**6), integer("seed", seed, 0)
    y = _column("norms", norms, None)
    x = _column("covariate", covariate, len(y))
    others = {name: _control(f"controls[{name!r}]", values, len(y)) for name, values in (controls or {}).items()}
    all_of({name: held for name, held in others.items() if isinstance(held, Categories)})
    clusters = clusters_of(group, len(y), chance)
    rows = (y > 0) & (x > 0) & np.isfinite(y) & np.isfinite(x)
    chosen = list(others.values())
    for held in chosen:
        rows &= held.present
    size, needed = int(np.count_nonzero(rows)), sum(map(width, chosen)) + 3
    if size < needed:
        return Estimate(math.nan, rows=size, reason=f"{size} rows have all values above 0, a slope needs {needed}")
    if np.ptp(x[rows]) == 0:
        return Estimate(math.nan, rows=size, reason="not measured: the covariate is constant")
    if determined(ranked(x), chosen, sampled(rows, len(y), chance), shapes=controlling(control, chance) is not None):
        return Estimate(math.nan, rows=size, reason=DETERMINED)
    if controlling(control, chance) is not None and chosen:
        rows = sampled(rows, len(y), chance)
        size = int(np.count_nonzero(rows))
        fit = partly_linear(np.log(x[rows]), np.log(y[rows]), chosen, rows, clusters.codes[rows], chance)
    else:
        columns = [column for held in chosen for column in ranked_columns(held)]
        fit = PartlyLinear(*_least_squares(np.log(x[rows]), np.log(y[rows]), _Controls(columns, rows)))
    if math.isnan(fit.slope):
        return Estimate(math.nan, rows=size, reason=DETERMINED)
    units = clusters.taking_part(rows)
    bare = Estimate(fit.slope, rows=size, clusters=units)
    if units < fewest_clusters(share):
        return replace(bare, reason=f"{units} independent groups, an interval at level {share:g} needs {fewest_clusters(share)}")
    codes = clusters.codes[rows]
    sizes = np.bincount(codes, minlength=clusters.count).astype(np.float64)
    leverage = Leverage.of_rows(np.stack([fit.residual, fit.left]), codes, sizes)
    if why := one_holds_all((False, leverage.alone[1] or fit.alone), clusters.unit, bool(chosen)):
        return replace(bare, reason=f"not measured: {why}")
    deviations = np.bincount(codes, weights=fit.residual * fit.left, minlength=clusters.count) * (size / (fit.left @ fit.left))
    drawn = resample(np.array([fit.slope]), deviations[:, None], sizes[:, None], draws, chance, "plain", threads, [leverage.tails("slope")])
    return bounded(bare, drawn, 0, share, integer("family", family, 1), fit.reach)


class _Controls:
    """Rank scores of the controls among the rows, put together some rows at a time: all of them would be 8 bytes a row and control."""

    def __init__(self, variables: Sequence[Ranked], rows: Rows) -> None:
        self._tables = [variable.scores(rows) for variable in variables]
        self._codes = [variable.codes[rows] for variable in variables]
        self.size, self.width = int(np.count_nonzero(rows)), len(variables)

    def blocks(self) -> Iterator[tuple[slice, Floats]]:
        """Which rows, and their scores (c, rows)."""
        for start in range(0, self.size, _BLOCK):
            part = slice(start, start + _BLOCK)
            yield part, np.stack([table[codes[part]] for table, codes in zip(self._tables, self._codes, strict=True)])

    def take_from(self, values: Floats) -> None:
        """Leave of ``values`` (n,), in place, what a regression on an intercept and the controls leaves."""
        values -= np.mean(values)
        for _ in range(2 if self.width else 0):  # the second time takes what the rounding of the first left
            inner, outer = np.zeros((self.width, self.width)), np.zeros(self.width)
            for part, scores in self.blocks():
                inner += scores @ scores.T
                outer += scores @ values[part]
            factors = np.linalg.lstsq(inner, outer, rcond=self.width * 2.0**-52)[0]
            for part, scores in self.blocks():
                values[part] -= factors @ scores
            values -= np.mean(values)


def _least_squares(x: Floats, y: Floats, controls: _Controls) -> tuple[Floats, float, Floats]:
    """What the controls leave of x, the slope of y in x beside them, and the residuals of y; NaN if they leave nothing of x.

    x and y are overwritten. Nothing: no more of the variance than the rounding of the regression, as in
    `numerics.association.correlation.partial`.
    """
    before = float(np.mean(x)) ** 2 + float(np.var(x))
    controls.take_from(x)
    controls.take_from(y)
    square = float(x @ x)
    if square <= before * controls.size * (controls.width + 2) * (controls.width + 3) * 2.0**-52:
        return x, math.nan, y
    slope = float(x @ y) / square
    y -= slope * x
    return x, slope, y


def _control(name: str, values: ArrayLike | Categories, rows: int) -> Control:
    if isinstance(values, Categories) or is_text(values):
        return categories(name, values, rows)
    return ranked(_column(name, values, rows))


def _column(name: str, values: ArrayLike, rows: int | None) -> Floats:
    column = np.asarray(real(name, np.asarray(values)), np.float64)
    if column.ndim != 1 or not len(column) or (rows is not None and len(column) != rows):
        raise InvalidInput(f"{name} has shape {column.shape}, must have one number a row: ({'rows' if rows is None else rows},)")
    return column
