"""Exact intervals of a probability from a count."""

from __future__ import annotations

from scipy.special import betaincinv


def binomial_interval(successes: int, trials: int, level: float) -> tuple[float, float]:
    """Clopper and Pearson's interval of a probability: covers it at ``level`` or more; (0, 1) without trials."""
    tail = (1 - level) / 2
    low = float(betaincinv(successes, trials - successes + 1, tail)) if successes else 0.0
    high = float(betaincinv(successes + 1, trials - successes, 1 - tail)) if successes < trials else 1.0
    return low, high
