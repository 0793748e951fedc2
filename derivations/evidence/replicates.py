"""Statistical laws: the mean over independent runs, within an interval of a stated error rate."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

from derivations.evidence import Floats

ERROR_RATE = 1e-9  # of one comparison whose law is right


def mean_within(samples: Floats) -> tuple[Floats, Floats]:
    """The mean of independent samples (rows, ...) over the rows, and the half width of its interval.

    Student's t: exact for normal samples; a row here is itself a mean over many steps or coordinates.
    """
    rows = len(samples)
    wide = float(stdtrit(rows - 1, 1 - ERROR_RATE / 2))
    return samples.mean(axis=0), wide * samples.std(axis=0, ddof=1) / np.sqrt(rows)
