"""What a measurement that can be drawn must be like, whatever it measures."""

from __future__ import annotations

import numpy as np

from derivations.evidence import Measurement

EPSILON = 2.0**-40  # a few roundings of either side, with room for sums of many


def assert_pair_gives_the_deviations(m: Measurement) -> None:
    """What is observed less what is predicted, in the unit, is what was judged, up to rounding of either side."""
    if m.observed is None or m.predicted is None or m.unit is None:
        assert (m.observed, m.predicted, m.unit, m.side) == (None, None, None, "equal"), m.what
        return
    assert m.observed.shape == m.predicted.shape == m.unit.shape == m.deviations.shape == (len(m.labels),), m.what
    seen = m.applicable
    observed, predicted, unit, judged = (np.asarray(x)[seen] for x in (m.observed, m.predicted, m.unit, m.deviations))
    with np.errstate(all="ignore"):
        gap = observed - predicted
        again = {"equal": np.abs(gap), "at most": np.maximum(gap, 0), "at least": np.maximum(-gap, 0)}[m.side] / unit
        rounded = EPSILON * (np.maximum(np.abs(observed), np.abs(predicted)) / unit + judged)
        same = (np.abs(again - judged) <= rounded) | (again == judged) | (np.isnan(again) & np.isnan(judged))
    assert np.all(same | (unit == 0) | ~np.isfinite(unit)), f"{m.what}: {again[~same][:3]} is not {judged[~same][:3]}"
