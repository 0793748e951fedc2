"""Logistic regression by Newton's method, for few columns and many fits: resamples and power need thousands of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from numerics.validation import Floats

_HALVINGS = 40


@dataclass(frozen=True)
class LogisticFit:
    """``coefficients`` (1 + f,), the intercept first; ``information`` (1 + f, 1 + f), Fisher's, with the penalty; Newton's ``rounds``."""

    coefficients: Floats
    information: Floats
    rounds: int


def fit_logistic(x: Floats, y: Floats, penalty: float, most_rounds: int = 100) -> LogisticFit:
    """Maximum of ``sum ln p - penalty |b|^2/2`` over intercept and b; x (n, f), y (n,) of 0 and 1, ``penalty`` above 0.

    The objective is strictly concave as long as both classes occur. A step that does not raise it is halved.
    """
    design = np.column_stack([np.ones(len(x)), x])
    ridge = np.full(design.shape[1], penalty)
    ridge[0] = 0.0
    theta = np.zeros(design.shape[1])
    height, rounds = _height(design, y, ridge, theta), 0
    while True:
        p = expit(design @ theta)
        information = (design * (p * (1 - p))[:, None]).T @ design + np.diag(ridge)
        slope = design.T @ (y - p) - ridge * theta
        step = np.linalg.lstsq(information, slope, rcond=None)[0]
        # twice what a step can still add; below rounding of the sum nothing is left to gain
        if rounds >= most_rounds or float(slope @ step) <= np.finfo(float).eps * max(abs(height), 1.0):
            return LogisticFit(theta, information, rounds)
        for _ in range(_HALVINGS):
            after = _height(design, y, ridge, theta + step)
            if after >= height:
                break
            step = step / 2
        else:
            return LogisticFit(theta, information, rounds)
        theta, height, rounds = theta + step, after, rounds + 1


def log_losses(x: Floats, y: Floats, coefficients: Floats) -> Floats:
    """``-ln p`` of what was seen (n,), in nats."""
    odds = coefficients[0] + x @ coefficients[1:]
    return np.logaddexp(0.0, np.where(y > 0, -odds, odds))


def _height(design: Floats, y: Floats, ridge: Floats, theta: Floats) -> float:
    odds = design @ theta
    return -float(np.sum(np.logaddexp(0.0, np.where(y > 0, -odds, odds))) + ridge @ theta**2 / 2)
