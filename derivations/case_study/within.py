"""What the audit's figures over all rows hide: the same correlations within each group, and among texts of exactly one length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derivations.case_study.written import Table
from numerics.association import Undefined, partial_spearman, spearman
from numerics.validation import Floats

COVARIATES = ("depth", "frequency", "polysemy", "instance", "tokens", "characters", "words")
HELD = ("depth", "frequency")  # covariates that are looked at within groups, and at equal length
LEAST_ROWS = 100  # of a group, or of texts of a length, that is shown by itself


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


def in_groups(table: Table, variants: Sequence[str]) -> tuple[InGroup, ...]:
    """Depth and frequency within every group of `LEAST_ROWS` rows or more, given the rest."""
    rows = []
    for group in np.unique(table.columns["group"]):
        here = table.columns["group"] == group
        count = int(np.count_nonzero(here))
        if count >= LEAST_ROWS:
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
    names = [name for name in COVARIATES if name != covariate and np.ptp(table.columns[name][here]) > 0]
    controls = np.column_stack([table.columns[name][here] for name in names])
    return {v: _given(table.norms[v][here], table.columns[covariate][here], controls) for v in variants}


def _given(norms: Floats, covariate: Floats, controls: Floats) -> float:
    try:
        return float(partial_spearman(norms, covariate, controls))
    except Undefined:
        return float("nan")
