"""What an audit is told of norms and a covariate."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numerics.association.groups import SignCounts


@dataclass(frozen=True)
class Estimate:
    """A rank correlation, or a difference of two, with its interval and the p-value of 0.

    NaN is what is not defined, and ``reason`` says why; it is empty where all is defined. The p-value is NaN without an interval, and no
    less than 1 / (resamples + 1).
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    p_value: float = math.nan
    adjusted_p: float = math.nan  # over all covariates, for estimates of the same kind
    rows: int = 0
    clusters: int = 0  # independent units that the error is taken from: groups, or rows without them
    reason: str = ""
    joint_low: float = math.nan  # the interval of which all of a family hold together at the level (Bonferroni)
    joint_high: float = math.nan

    @property
    def sign(self) -> int:
        """1 or -1 where the interval excludes 0, else 0."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


@dataclass(frozen=True)
class Association:
    """Of the norm with one covariate."""

    covariate: str
    raw: Estimate
    controlled: Estimate  # given the ``controls``: a correlation of what they leave of both ranks
    controls: tuple[str, ...]
    missing: int  # rows without a norm or without this covariate
    signs_differ: bool  # raw (over the rows of ``controlled``) and controlled intervals lie on either side of 0
    raw_by_group: SignCounts | None = None  # with a group column
    controlled_by_group: SignCounts | None = None
    reference: Estimate | None = None  # controlled, of the reference norms, over rows that have both norms
    difference: Estimate | None = None  # controlled, of the norms less that of the reference norms: paired
    determined_by: tuple[str, ...] = ()  # controls each of which alone determines the ranks of the covariate or of the norm
