"""Many correlations of the same columns at once: rows are read once for all statistics that have the same rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from numerics.association.columns import Control, width
from numerics.association.controlled import controlled, signs_of_residuals
from numerics.association.correlation import partial
from numerics.association.deviations import Alone, by_cluster, left_out_is_cheap, residuals
from numerics.association.groups import SignCounts, sign_counts
from numerics.association.leverage import Leverage, one_holds_all
from numerics.association.moments import Moments, moments
from numerics.association.ranks import Floats, Ranked, Rows
from numerics.association.records import Estimate
from numerics.association.row_sets import row_set
from numerics.resampling.bootstrap import fewest_clusters
from numerics.resampling.clusters import Clusters
from numerics.resampling.tails import Tails

DETERMINED: Final = "the controls determine the ranks of one of the two"


@dataclass(frozen=True)
class Statistic:
    """The correlation of the first two of ``variables``, indices, given the rest, over rows in which the ``complete`` ones have values."""

    variables: tuple[int, ...]
    complete: tuple[int, ...]


@dataclass(frozen=True)
class Measured:
    """One statistic before its resampling."""

    estimate: Estimate
    deviations: Floats | None = None  # (G,), None where there is no interval
    sizes: Floats | None = None
    signs: SignCounts | None = None  # with groups, where the correlation is defined
    reach: float = 0.0  # how far the interval goes beyond that of sampling
    tails: Tails | None = None  # where there are deviations


class Measurement:
    """Statistics of ``variables`` whose rows are in ``clusters``; ``seed``: of the control for shapes, None for that of ranks."""

    def __init__(self, variables: Sequence[Control], clusters: Clusters, level: float, seed: int | None, threads: int | None) -> None:
        self._variables, self._clusters, self._level, self._seed, self._threads = variables, clusters, level, seed, threads
        self._missing = {k for k, variable in enumerate(variables) if not np.all(variable.present)}

    def statistic(self, *variables: int, complete: Sequence[int] = ()) -> Statistic:
        """That of ``variables``, over rows in which they and the ``complete`` ones have values; equal where rows and variables are."""
        return Statistic(variables, tuple(sorted(self._missing & {*variables, *complete})))

    def of(self, wanted: Sequence[Statistic], told: Callable[[int, int], None]) -> dict[Statistic, Measured]:
        """Measure those ``wanted``; ``told`` how many sets of rows are done, and of how many."""
        by_rows: dict[tuple[int, ...], list[Statistic]] = {}
        for statistic in dict.fromkeys(wanted):
            by_rows.setdefault(statistic.complete, []).append(statistic)
        found: dict[Statistic, Measured] = {}
        for done, same in enumerate(by_rows.values()):
            told(done, len(by_rows))
            found.update(self._over_rows(same))
        return found

    def _over_rows(self, wanted: Sequence[Statistic]) -> dict[Statistic, Measured]:
        chosen = sorted({k for statistic in wanted for k in statistic.variables})
        summed = moments(row_set(self._variables, chosen, wanted[0].complete, self._clusters, self._threads), self._threads)
        found = {statistic: self._measured(statistic, summed) for statistic in wanted}
        defined = [s for s, measured in found.items() if not math.isnan(measured.estimate.value) and not self._shaped(s)]
        if summed.rows.ends is None or not defined:
            return found
        counted = sign_counts(summed.rows, [statistic.variables for statistic in defined], self._level, self._threads)
        return found | {statistic: replace(found[statistic], signs=signs) for statistic, signs in zip(defined, counted, strict=True)}

    def _measured(self, statistic: Statistic, summed: Moments) -> Measured:
        at, size, units, fewest = summed.rows.places(statistic.variables), summed.rows.rows, summed.rows.units, fewest_clusters(self._level)
        wide = sum(width(self._variables[k]) for k in statistic.variables)
        reason = _undefined([summed.rows.distinct[k] for k in at], wide, size)
        if self._shaped(statistic) and not reason:
            return self._given_shapes(statistic)
        value = math.nan if reason else float(partial(summed.covariance[np.ix_(at, at)]))
        if math.isnan(value):
            return Measured(Estimate(math.nan, rows=size, reason=reason or DETERMINED))
        bare = Estimate(value, rows=size, clusters=units)
        if units < fewest:
            return Measured(replace(bare, reason=_too_few(units, self._level, fewest)))
        try:
            deviations, tails = self._deviations(statistic, summed)
        except Alone as found:
            return Measured(replace(bare, reason=one_holds_all(found.of, self._clusters.unit, len(at) > 2)))
        return Measured(bare, deviations, summed.sizes, tails=tails)

    def _shaped(self, statistic: Statistic) -> bool:
        return self._seed is not None and len(statistic.variables) > 2

    def _given_shapes(self, statistic: Statistic) -> Measured:
        """Given controls that may bend, jump and interact."""
        assert self._seed is not None
        pair, controls = self._ranks(statistic.variables[:2]), [self._variables[k] for k in statistic.variables[2:]]
        held = controlled(pair, controls, self._complete(statistic), self._clusters, self._seed)
        size, units, fewest = int(np.count_nonzero(held.rows)), self._clusters.taking_part(held.rows), fewest_clusters(self._level)
        if math.isnan(held.value):
            return Measured(Estimate(math.nan, rows=size, reason=DETERMINED))
        signs = None
        if self._clusters.units is not None:
            signs = signs_of_residuals(held.residuals, self._clusters.units[held.rows], self._level)
        bare = Estimate(held.value, rows=size, clusters=units)
        if units < fewest:
            return Measured(replace(bare, reason=_too_few(units, self._level, fewest)), signs=signs)
        if why := one_holds_all(held.alone, self._clusters.unit, controls=True):
            return Measured(replace(bare, reason=why), signs=signs)
        return Measured(bare, held.deviations, held.sizes, signs, held.reach, held.leverage.tails("left out"))

    def _ranks(self, chosen: Sequence[int]) -> list[Ranked]:
        """Variables that have ranks: all of them, where the control is one of ranks."""
        return [variable for variable in (self._variables[k] for k in chosen) if isinstance(variable, Ranked)]

    def _complete(self, statistic: Statistic) -> Rows | None:
        """The rows in which all have values; None for all rows."""
        if not statistic.complete:
            return None
        rows: Rows = np.logical_and.reduce([self._variables[k].present for k in statistic.complete])
        return rows

    def _deviations(self, statistic: Statistic, summed: Moments) -> tuple[Floats, Tails]:
        """From the sums over clusters; from the rows, where these are few or the sums are too coarse. Raises `Alone`."""
        size, count = summed.rows.rows, self._clusters.count
        cheap = left_out_is_cheap(size, count, len(statistic.variables))
        ranks, rows, leverage = self._ranks(statistic.variables), self._complete(statistic), summed.leverage(statistic.variables)
        if leverage is None:
            codes = self._clusters.codes if rows is None else self._clusters.codes[rows]
            leverage = Leverage.of_rows(residuals(ranks, rows), codes, summed.sizes)
        if any(leverage.alone):
            raise Alone(leverage.alone)
        found = None if cheap else summed.deviations(statistic.variables)
        if found is None:
            found = by_cluster(ranks, rows, self._clusters.codes, count, exact=cheap)
        return found, leverage.tails("left out" if cheap else "influence")


def _too_few(units: int, level: float, fewest: int) -> str:
    return f"{units} independent groups, an interval at level {level:g} needs {fewest}"


def _undefined(distinct: Sequence[int], columns: int, size: int) -> str:
    if size < columns + 2:
        return f"{size} rows have all values, {columns} variables need {columns + 2}"
    for values, name in zip(distinct, ("the norm", "the covariate"), strict=False):
        if values < 2:
            return f"{name} is constant"
    return ""
