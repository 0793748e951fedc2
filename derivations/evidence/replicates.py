"""Statistical laws: the mean over independent runs, within an interval of a stated error rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import stdtrit

from derivations.evidence import Floats, Measurement
from derivations.evidence.comparison import measurement

ERROR_RATE = 1e-9  # of one comparison whose law is right


def mean_within(samples: Floats) -> tuple[Floats, Floats]:
    """The mean of independent samples (rows, ...) over the rows, and the half width of its interval.

    Student's t: exact for normal samples; a row here is itself a mean over many steps or coordinates.
    """
    rows = len(samples)
    wide = float(stdtrit(rows - 1, 1 - ERROR_RATE / 2))
    return samples.mean(axis=0), wide * samples.std(axis=0, ddof=1) / np.sqrt(rows)


def by_name(rows: Sequence[tuple[str, str, float, float]]) -> tuple[Measurement, ...]:
    """Rows (label, name of the comparison, deviation, bound), one measurement a name."""
    found: dict[str, list[tuple[str, float, float]]] = {}
    for label, name, deviation, bound in rows:
        found.setdefault(name, []).append((label, deviation, bound))
    return tuple(
        measurement(name, np.array([d for _, d, _ in of]), np.array([b for _, _, b in of]), [label for label, _, _ in of])
        for name, of in found.items()
    )
