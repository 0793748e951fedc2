"""Norms against every covariate, raw and given the others, with intervals that respect groups and p-values that respect their number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from numerics.association.bounds import bounded
from numerics.association.columns import Control, ranked_columns
from numerics.association.controlled import controlling, determiners
from numerics.association.inputs import Study, study
from numerics.association.multiplicity import CORRECTIONS
from numerics.association.ranks import Floats
from numerics.association.records import Association, Estimate
from numerics.association.statistics import DETERMINED, Measured, Measurement, Statistic
from numerics.categories import Categories
from numerics.resampling.bootstrap import resample
from numerics.validation import integer

Progress = Callable[[str, int, int], None]


def associate(
    norms: ArrayLike,
    covariates: Mapping[str, ArrayLike | Categories],
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
    tokens, words or characters (``given="confounders"``). A confounder may be text, such as a language: it is controlled for by
    indicators of its labels, and rows of labels with fewer than 13 rows count as missing (`numerics.categories`). ``group``, a column
    of ``covariates`` or (n,) labels: rows of a group are dependent, groups are not; whole groups are resampled. ``reference`` (n,):
    norms of the same rows under another model, as one that was never trained; its correlation and the difference, paired, are given as
    well. ``correction``: of the p-values of all covariates, within raw, controlled and difference: holm, benjamini-hochberg or none.
    ``progress`` is called with what
    is done next (ranks, associations over rows that are complete alike, bootstrap), how many parts are done, and of how many.

    ``family``: so many intervals are judged together; joint ones have level 1 - (1 - ``level``) / ``family`` each.
    ``control``: "shapes" takes away what a polynomial of the controls' ranks and boosted trees say of both ranks
    (`numerics.association.controlled`; needs scikit-learn; at most 2^18 rows, drawn by the seed). "ranks" is the partial correlation of
    ranks: 0 for covariates that are independent given the controls only where their ranks depend on the controls' linearly. Neither takes
    away more than a part of what controls measure with error, nor anything of what is no column.
    Raw ranks are exact on all rows. Intervals: `numerics.resampling.bootstrap`. Raises ``InvalidInput``.
    """
    told = progress or (lambda *_: None)
    told("ranks", 0, 1)
    known = study(norms, covariates, confounders, group, reference, given, correction, resamples, seed, level, threads)
    seeded, members = controlling(control, seed), integer("family", family, 1)
    ledger = _Ledger(known, seeded, members, threads, told)
    told("bootstrap", 1 + ledger.row_sets, 2 + ledger.row_sets)
    return ledger.associations(resamples, seed, correction, threads)


class _Ledger:
    """All statistics of a study, keyed by kind and covariate."""

    def __init__(self, known: Study, seed: int | None, family: int, threads: int | None, told: Progress) -> None:
        self._known, self._family, self._seed = known, family, seed or 0
        variables: list[Control] = [known.norm, *known.columns.values()]
        self._at: dict[str, tuple[int, ...]] = {name: (k + 1,) for k, name in enumerate(known.columns)}
        for name, labels in known.categories.items():
            held = ranked_columns(labels) if seed is None else [labels]
            self._at[name] = tuple(range(len(variables), len(variables) + len(held)))
            variables += held
        variables += [] if known.reference is None else [known.reference]
        measurement = Measurement(variables, known.clusters, known.level, seed, threads)
        wanted = {key: s for name in known.columns for key, s in self._statistics(measurement, name, len(variables) - 1)}
        found = measurement.of(list(wanted.values()), lambda done, of: told("associations", 1 + done, 2 + of))
        self.row_sets = len({statistic.complete for statistic in wanted.values()})
        self._measured = {key: found[statistic] for key, statistic in wanted.items()}
        for name in known.columns if known.reference is not None else ():
            self._measured["difference", name] = _less(self._measured["here", name], self._measured["reference", name])

    def _statistics(self, measurement: Measurement, name: str, last: int) -> Iterator[tuple[tuple[str, str], Statistic]]:
        """Those of one covariate; "there": over the rows of the controlled one, "here": over those that have the reference as well."""
        at, controls = self._at[name][0], [k for control in self._known.controls[name] for k in self._at[control]]
        yield ("raw", name), measurement.statistic(0, at)
        yield ("controlled", name), measurement.statistic(0, at, *controls)
        yield ("raw there", name), measurement.statistic(0, at, complete=controls)
        if self._known.reference is not None:
            yield ("reference", name), measurement.statistic(last, at, *controls, complete=[0])
            yield ("here", name), measurement.statistic(0, at, *controls, complete=[last])

    def associations(self, resamples: int, seed: int, correction: str, threads: int | None) -> tuple[Association, ...]:
        """Resample everything and join it by covariate."""
        plain = {key: m for key, m in self._measured.items() if key[0] == "difference"}
        rest = {key: m for key, m in self._measured.items() if key[0] not in ("difference", "here")}
        found: dict[tuple[str, str], Estimate] = {}
        for part, scale in ((rest, "correlation"), (plain, "plain")):
            keys = [key for key, m in part.items() if m.deviations is not None]
            found.update({key: m.estimate for key, m in part.items()})
            if keys:
                stacked = [np.stack([_array(getattr(part[key], what)) for key in keys], axis=1) for what in ("deviations", "sizes")]
                values = np.array([part[key].estimate.value for key in keys])
                tails = [told for key in keys if (told := part[key].tails) is not None]
                drawn = resample(values, stacked[0], stacked[1], resamples, seed, scale, threads, tails)  # type: ignore[arg-type]
                level, family = self._known.level, self._family
                found.update({key: bounded(part[key].estimate, drawn, k, level, family, part[key].reach) for k, key in enumerate(keys)})
        for kind in ("raw", "controlled", "difference"):
            keys = [key for key in found if key[0] == kind]
            adjusted = CORRECTIONS[correction](np.array([found[key].p_value for key in keys]))
            found.update({key: replace(found[key], adjusted_p=float(p)) for key, p in zip(keys, adjusted, strict=True)})
        return tuple(self._association(name, found) for name in self._known.columns)

    def _association(self, name: str, found: Mapping[tuple[str, str], Estimate]) -> Association:
        raw, given = found["raw", name], found["controlled", name]
        alike: tuple[str, ...] = ()
        if given.reason == DETERMINED:
            pair, held = [self._known.norm, self._known.columns[name]], dict[str, Control](self._known.columns)
            held.update(self._known.categories)
            alike = determiners(pair, {other: held[other] for other in self._known.controls[name]}, self._seed)
        return Association(
            name, raw, given, self._known.controls[name], len(self._known.norm.codes) - raw.rows,
            found["raw there", name].sign * given.sign < 0,
            self._measured["raw", name].signs, self._measured["controlled", name].signs,
            found.get(("reference", name)), found.get(("difference", name)), alike,
        )  # fmt: skip


def _array(values: Floats | None) -> Floats:
    assert values is not None
    return values


def _less(first: Measured, second: Measured) -> Measured:
    value = first.estimate.value - second.estimate.value
    reason = first.estimate.reason or second.estimate.reason
    estimate = Estimate(value, rows=second.estimate.rows, clusters=second.estimate.clusters, reason=reason)
    if first.deviations is None or second.deviations is None:
        return Measured(estimate)
    assert first.tails is not None
    assert second.tails is not None
    tails = first.tails.wider(second.tails)
    return Measured(estimate, first.deviations - second.deviations, second.sizes, reach=first.reach + second.reach, tails=tails)
