"""Norms against every covariate, raw and given the others, with intervals that respect groups and p-values that respect their number."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.association.bounds import bounded
from numerics.association.controlled import Controlled, controlled, controlling, signs_of_residuals
from numerics.association.correlation import covariances, partial
from numerics.association.deviations import by_cluster
from numerics.association.groups import sign_counts
from numerics.association.inputs import Study, study
from numerics.association.multiplicity import CORRECTIONS
from numerics.association.ranks import Floats, Ranked, Rows
from numerics.association.records import Association, Estimate
from numerics.resampling.bootstrap import fewest_clusters, resample
from numerics.resampling.clusters import Clusters
from numerics.validation import integer

Progress = Callable[[str, int, int], None]


def associate(
    norms: ArrayLike,
    covariates: Mapping[str, ArrayLike],
    *,
    confounders: Sequence[str] = (),
    group: str | ArrayLike | None = None,
    reference: ArrayLike | None = None,
    given: str = "all",
    control: str = "shapes",
    correction: str = "holm",
    resamples: int = 2000,
    seed: int = 0,
    level: float = 0.95,
    family: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[Association, ...]:
    """Spearman's correlation of ``norms`` (n,) with each of ``covariates`` (name -> (n,) numbers; NaN is missing), raw and controlled.

    Controlled for: all other covariates (``given="all"``), or only ``confounders`` and columns whose name says that they count
    tokens, words or characters (``given="confounders"``). ``group``, a column of ``covariates`` or (n,) labels: rows of a group
    are dependent, groups are not; whole groups are resampled. ``reference`` (n,): norms of the same rows under another model, as
    one that was never trained; its correlation and the difference, paired, are given as well. ``correction``: of the p-values of
    all covariates, within raw, controlled and difference: holm, benjamini-hochberg or none. ``progress`` is called with a
    covariate's name, how many are done, and of how many.

    ``family``: so many intervals are judged together; joint ones have level 1 - (1 - ``level``) / ``family`` each.
    ``control``: "shapes" takes away what a polynomial of the controls' ranks and boosted trees say of both ranks
    (`numerics.association.controlled`; needs scikit-learn; at most 2^18 rows, drawn by the seed). "ranks" is the partial correlation of
    ranks: 0 for covariates that are independent given the controls only where their ranks depend on the controls' linearly. Neither takes
    away more than a part of what controls measure with error, nor anything of what is no column.
    Raw ranks are exact on all rows. Intervals: `numerics.resampling.bootstrap`. Raises ``InvalidInput``.
    """
    known = study(norms, covariates, confounders, group, reference, given, correction, resamples, seed, level)
    ledger = _Ledger(known, known.clusters, controlling(control, seed), integer("family", family, 1))
    for done, name in enumerate(known.columns):
        if progress:
            progress(name, done, len(known.columns))
        ledger.measure(name)
    if progress:
        progress("bootstrap", len(known.columns), len(known.columns))
    return ledger.associations(resamples, seed, correction, threads)


@dataclass(frozen=True)
class _Measured:
    """One statistic before its resampling."""

    estimate: Estimate
    deviations: Floats | None = None  # (G,), None where there is no interval
    sizes: Floats | None = None
    reach: float = 0.0  # how far the interval goes beyond that of sampling
    held: Controlled | None = None


class _Ledger:
    """All statistics of a study, keyed by kind and covariate."""

    def __init__(self, known: Study, clusters: Clusters, seed: int | None, family: int) -> None:
        self._known, self._clusters, self._family = known, clusters, family
        self._seed = seed  # of the control for shapes, None for that of ranks
        self._measured: dict[tuple[str, str], _Measured] = {}
        self._rows: dict[str, tuple[Rows | None, Rows | None]] = {}

    def measure(self, name: str) -> None:
        """The statistics of one covariate."""
        known = self._known
        pair = [known.norm, known.columns[name]]
        all_of_it = [*pair, *(known.columns[control] for control in known.controls[name])]
        both, whole = _complete(pair), _complete(all_of_it)
        self._rows[name] = both, whole
        put = self._measured
        put["raw", name] = self._of(pair, both)
        put["controlled", name] = self._of(all_of_it, whole) if known.controls[name] else put["raw", name]
        same = _count(both, pair[0]) == _count(whole, pair[0])
        put["raw there", name] = put["raw", name] if same else self._of(pair, whole)
        if known.reference is not None:
            other = [known.reference, *all_of_it[1:]]
            shared = _complete([known.reference, *all_of_it])
            put["reference", name] = self._of(other, shared)
            here = put["controlled", name] if _count(shared, pair[0]) == _count(whole, pair[0]) else self._of(all_of_it, shared)
            put["difference", name] = _less(here, put["reference", name])

    def _of(self, variables: Sequence[Ranked], rows: Rows | None) -> _Measured:
        size, fewest = _count(rows, variables[0]), fewest_clusters(self._known.level)
        reason = _undefined(variables, rows, size)
        held = None if reason or self._seed is None or len(variables) == 2 else controlled(variables, rows, self._clusters, self._seed)
        if held is not None:
            rows, size = held.rows, int(np.count_nonzero(held.rows))
        value = math.nan if reason else held.value if held is not None else float(partial(covariances(variables, rows)))
        if reason or math.isnan(value):
            return _Measured(Estimate(math.nan, rows=size, reason=reason or "the controls determine the ranks of one of the two"))
        units = self._clusters.taking_part(rows)
        bare = Estimate(value, rows=size, clusters=units)
        if units < fewest:
            return _Measured(replace(bare, reason=f"{units} independent groups, an interval at level {self._known.level:g} needs {fewest}"))
        if held is not None:
            return _Measured(bare, held.deviations, held.sizes, held.reach, held)
        codes, count = self._clusters.codes, self._clusters.count
        sizes = np.bincount(codes if rows is None else codes[rows], minlength=count).astype(np.float64)
        return _Measured(bare, by_cluster(variables, rows, codes, count), sizes)

    def associations(self, resamples: int, seed: int, correction: str, threads: int | None) -> tuple[Association, ...]:
        """Resample everything and join it by covariate."""
        plain = {key: m for key, m in self._measured.items() if key[0] == "difference"}
        rest = {key: m for key, m in self._measured.items() if key[0] != "difference"}
        found: dict[tuple[str, str], Estimate] = {}
        for part, scale in ((rest, "correlation"), (plain, "plain")):
            keys = [key for key, m in part.items() if m.deviations is not None]
            found.update({key: m.estimate for key, m in part.items()})
            if keys:
                stacked = [np.stack([_array(getattr(part[key], what)) for key in keys], axis=1) for what in ("deviations", "sizes")]
                values = np.array([part[key].estimate.value for key in keys])
                drawn = resample(values, stacked[0], stacked[1], resamples, seed, scale, threads)  # type: ignore[arg-type]
                level, family = self._known.level, self._family
                found.update({key: bounded(part[key].estimate, drawn, k, level, family, part[key].reach) for k, key in enumerate(keys)})
        for kind in ("raw", "controlled", "difference"):
            keys = [key for key in found if key[0] == kind]
            adjusted = CORRECTIONS[correction](np.array([found[key].p_value for key in keys]))
            found.update({key: replace(found[key], adjusted_p=float(p)) for key, p in zip(keys, adjusted, strict=True)})
        return tuple(self._association(name, found) for name in self._known.columns)

    def _association(self, name: str, found: Mapping[tuple[str, str], Estimate]) -> Association:
        known, (both, whole) = self._known, self._rows[name]
        raw, given = found["raw", name], found["controlled", name]
        pair = [known.norm, known.columns[name]]
        counted = [None, None]
        if self._clusters.units is not None:
            controls = [known.columns[control] for control in known.controls[name]]
            counted = [
                sign_counts(variables, rows, self._clusters.units, known.level) if not math.isnan(estimate.value) else None  # type: ignore[misc]
                for variables, rows, estimate in ((pair, both, raw), ([*pair, *controls], whole, given))
            ]
            if (held := self._measured["controlled", name].held) is not None:
                counted[1] = signs_of_residuals(held.residuals, self._clusters.units[held.rows], known.level)  # type: ignore[call-overload]
        return Association(
            name, raw, given, known.controls[name], len(known.norm.codes) - raw.rows,
            found["raw there", name].sign * given.sign < 0, counted[0], counted[1],
            found.get(("reference", name)), found.get(("difference", name)),
        )


def _array(values: Floats | None) -> Floats:
    assert values is not None
    return values


def _less(first: _Measured, second: _Measured) -> _Measured:
    value = first.estimate.value - second.estimate.value
    reason = first.estimate.reason or second.estimate.reason
    estimate = Estimate(value, rows=second.estimate.rows, clusters=second.estimate.clusters, reason=reason)
    if first.deviations is None or second.deviations is None:
        return _Measured(estimate)
    return _Measured(estimate, first.deviations - second.deviations, second.sizes, first.reach + second.reach)


def _undefined(variables: Sequence[Ranked], rows: Rows | None, size: int) -> str:
    if size < len(variables) + 2:
        return f"{size} rows have all values, {len(variables)} variables need {len(variables) + 2}"
    for variable, name in zip(variables, ("the norm", "the covariate"), strict=False):
        codes: NDArray[np.int32] = variable.codes if rows is None else variable.codes[rows]
        if int(codes.min()) == int(codes.max()):
            return f"{name} is constant"
    return ""


def _complete(variables: Sequence[Ranked]) -> Rows | None:
    """The rows in which all have values; None for all rows."""
    rows = np.logical_and.reduce([variable.present for variable in variables])
    return None if bool(np.all(rows)) else rows


def _count(rows: Rows | None, variable: Ranked) -> int:
    return len(variable.codes) if rows is None else int(np.count_nonzero(rows))
