"""What goes with the norm: rank correlations, raw and given length and the rest, against the untrained network, and group by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derivations.case_study.written import Table
from numerics.association import Association, Undefined, associate, partial_spearman, spearman
from numerics.validation import Floats

LENGTHS = ("tokens", "characters", "words")
# depth and log_below measure the same, how specific a concept is: each is asked for without the other
SPECIFICITY = ("depth", "log_below")
OTHERS = ("log_frequency", "polysemy", "instance")
LEAST_ROWS = 100  # of a group that is shown by itself
HELD = ("depth", "log_frequency")  # covariates that are looked at within groups, and at equal length


@dataclass(frozen=True)
class Associations:
    """Of one set of texts under one variant of the model."""

    texts: str
    variant: str
    found: tuple[Association, ...]


@dataclass(frozen=True)
class InGroup:
    """Controlled correlations within one group, by variant; NaN where it is not defined there."""

    group: str
    rows: int
    covariate: str
    controlled: dict[str, float]


@dataclass(frozen=True)
class ByLength:
    """Texts of exactly so many tokens, by variant: median norms; and, by covariate, correlations given the rest, NaN where undefined."""

    tokens: int
    rows: int
    median: dict[str, float]
    controlled: dict[str, dict[str, float]]


def associations(table: Table, variant: str, reference: str | None, seed: int) -> Associations:
    """Every covariate; groups are resampled whole, and ``reference`` is the variant that it is compared with."""
    there = None if reference is None else table.norms[reference]
    found: dict[str, Association] = {}
    for specificity in reversed(SPECIFICITY):  # what both runs have is taken from the one with the depth
        columns = {name: table.columns[name] for name in (specificity, *OTHERS, *LENGTHS)}
        rows = associate(
            table.norms[variant], columns, confounders=LENGTHS, group=table.columns["group"], reference=there, control="ranks", seed=seed
        )
        found.update({row.covariate: row for row in rows})
    return Associations(table.name, variant, tuple(found[name] for name in (*SPECIFICITY, *OTHERS, *LENGTHS)))


def in_groups(table: Table, variants: Sequence[str]) -> tuple[InGroup, ...]:
    """Depth and frequency within every group of `LEAST_ROWS` rows or more, given the rest."""
    rows = []
    for group in np.unique(table.columns["group"]):
        here = table.columns["group"] == group
        if np.count_nonzero(here) < LEAST_ROWS:
            continue
        count = int(np.count_nonzero(here))
        rows += [InGroup(str(group), count, covariate, _held(table, here, covariate, variants)) for covariate in HELD]
    return tuple(rows)


def by_length(table: Table, variants: Sequence[str]) -> tuple[ByLength, ...]:
    """For each number of tokens that `LEAST_ROWS` texts or more have."""
    tokens = table.columns["tokens"].astype(np.int64)
    counts = np.bincount(tokens)
    rows = []
    for n in np.flatnonzero(counts >= LEAST_ROWS):
        here = tokens == n
        median = {v: float(np.median(table.norms[v][here])) for v in variants}
        rows.append(ByLength(int(n), int(counts[n]), median, {name: _held(table, here, name, variants) for name in HELD}))
    return tuple(rows)


def between_variants(table: Table, one: str, other: str) -> float:
    """Spearman's correlation of the norms of the same texts under two variants."""
    return float(spearman(table.norms[one], table.norms[other]))


def _held(table: Table, here: NDArray[np.bool_], covariate: str, variants: Sequence[str]) -> dict[str, float]:
    """The correlation of ``covariate`` with the norm given the rest, among the rows ``here``."""
    names = [name for name in ("depth", *OTHERS, *LENGTHS) if name != covariate and np.ptp(table.columns[name][here]) > 0]
    controls = np.column_stack([table.columns[name][here] for name in names])
    return {v: _given(table.norms[v][here], table.columns[covariate][here], controls) for v in variants}


def _given(norms: Floats, covariate: Floats, controls: Floats) -> float:
    try:
        return float(partial_spearman(norms, covariate, controls))
    except Undefined:
        return float("nan")
