"""Words of three concentrations between contexts of their topic and common ones, in two tables that are trained together.

A word draws a share `SHARES` of its contexts from its topic, at equal frequency; own contexts are rare (a tenth of all). One more context
has no frequency: it is never drawn, neither as a positive nor as a negative.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.stats import t as student

from derivations.evidence import Floats
from derivations.evidence.deviations import equal, largest
from derivations.evidence.rounding import gamma
from numerics.lookup.two_tables import Tables, trained

SHARES = (0.1, 0.5, 0.95)
TOPICS, PER_TOPIC, FREQUENT = 5, 4, 8
NEGATIVES = 4
REPLICATES, RISK, SEED = 24, 1e-9, 20261
MIDDLE, END = 250, 500  # steps: growth is read off between them, when the directions have settled
QUANTILE = float(student.isf(RISK, REPLICATES - 1))  # of a mean over its standard error, one-sided


def joint() -> Floats:
    """Words by contexts, (3 * TOPICS, FREQUENT + TOPICS * PER_TOPIC + 1): words in the order of `SHARES`, topics within."""
    share = np.repeat(SHARES, TOPICS)[:, None]
    topical = np.repeat(np.tile(np.eye(TOPICS), (len(SHARES), 1)), PER_TOPIC, axis=1) / PER_TOPIC
    common = np.full((len(share), FREQUENT), 1 / FREQUENT)
    return np.asarray(np.concatenate(((1 - share) * common, share * topical, np.zeros_like(share)), axis=1) / len(share))


@lru_cache(maxsize=4)
def _tables(steps: int) -> Tables:
    return trained(joint(), dimension=16, replicates=REPLICATES, temperature=0.2, negatives=NEGATIVES, step_size=0.1, steps=steps, batch=16,
                   seed=SEED)  # fmt: skip


@lru_cache(maxsize=1)
def growth() -> Floats:
    """Of the fourth power of the words' norms in the second half, (replicates, shares)."""
    ends = [_tables(steps).fourth_powers()[0] for steps in (MIDDLE, END)]
    return np.asarray((ends[1] - ends[0]).reshape(REPLICATES, len(SHARES), TOPICS).mean(axis=2))


def contrast(more: int, less: int) -> tuple[float, float]:
    """Log ratio of the growth of two shares (their places): mean over replicates and its standard error."""
    ratio = np.log(growth()[:, more] / growth()[:, less])
    return float(ratio.mean()), float(ratio.std(ddof=1) / np.sqrt(REPLICATES))


def undrawn() -> tuple[Any, float]:
    """How far the row of the context without frequency is from its norm of 1, and the rounding of that."""
    rows = _tables(END).contexts[:, -1]
    return largest(equal(np.linalg.norm(rows, axis=1), 1.0)), float(gamma(2 * rows.shape[1] + 10))
