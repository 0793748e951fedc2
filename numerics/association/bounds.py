"""Intervals and p-value of one statistic, by itself and as one of a family, with what beyond sampling it may be off by."""

from __future__ import annotations

import math
from dataclasses import replace

from numerics.association.records import Estimate
from numerics.resampling.bootstrap import Resampled, fewest_clusters


def bounded(estimate: Estimate, drawn: Resampled, k: int, level: float, family: int, reach: float = 0.0) -> Estimate:
    """``estimate`` with what ``drawn`` says of statistic ``k``.

    Intervals go ``reach`` farther to both sides. The p-value is that of the value ``reach`` nearer to 0, and 1 where 0 is within reach.
    Joint intervals, at level 1 - (1 - ``level``) / ``family``, need more clusters than one by itself, and are NaN with fewer.
    """
    low, high = drawn.interval(k, level)
    joint = 1 - (1 - level) / family
    wide = drawn.interval(k, joint) if drawn.clusters[k] >= fewest_clusters(joint) else (math.nan, math.nan)
    p_value = drawn.p_value(k)
    if reach:
        value = float(drawn.values[k])
        nearer = drawn.values.copy()
        nearer[k] = math.copysign(max(abs(value) - reach, 0.0), value)
        p_value = replace(drawn, values=nearer).p_value(k) if nearer[k] else 1.0
    ends = [low - reach, high + reach, wide[0] - reach, wide[1] + reach]
    if drawn.scale == "correlation":
        ends = [min(max(end, -1.0), 1.0) if math.isfinite(end) else end for end in ends]
    return replace(estimate, low=ends[0], high=ends[1], p_value=p_value, joint_low=ends[2], joint_high=ends[3])
