"""What controls of queries let one expect, fitted once for all that is asked of the same queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from numerics.calibration.flexible_controls import expected_share, expected_value, folds_of, noise_of, smooth_share, smooth_value
from numerics.calibration.logistic import fit_logistic
from numerics.calibration.neighbours import Checks, checks_of
from numerics.categories import Categories
from numerics.validation import Floats

PENALTY = 1.0  # of squared coefficients, the same as `LogisticConfidence`'s


@dataclass(frozen=True)
class Held:
    """Controls of n queries: columns that means are ``fitted`` on (n, k), of categories their indicators; and columns by which queries are
    ``compared`` (n, c), of categories their numbers, which are ``labels`` (c,)."""

    fitted: Floats
    compared: Floats
    labels: tuple[bool, ...]

    @classmethod
    def of(cls, plain: Floats, named: Sequence[Categories]) -> Held:
        return cls(np.hstack([plain, *(c.indicators() for c in named)]), np.column_stack([plain, *(c.codes for c in named)]),
                   (False,) * plain.shape[1] + (True,) * len(named))  # fmt: skip


@dataclass(frozen=True)
class Fits:
    """What the controls let one expect of being right and of a norm, fitted once however often it is asked for."""

    hit: Floats
    held: Held
    cluster: NDArray[np.int32]
    seed: int
    _norms: dict[bytes, tuple[Floats, Floats]] = field(default_factory=dict)
    _noises: dict[bytes, float] = field(default_factory=dict)

    @cached_property
    def folds(self) -> NDArray[np.int64]:
        return folds_of(self.cluster, np.random.default_rng([self.seed, 2]))

    @cached_property
    def odds(self) -> Floats:
        return np.asarray(logit(expected_share(self.hit, self.held.fitted, self.folds, self.seed)))

    @cached_property
    def shares(self) -> Floats:
        """(n, 2): by trees as well, and by the polynomial alone."""
        smooth = logit(smooth_share(self.hit, self.held.fitted, self.folds))
        return np.column_stack([calibrated(self.odds, self.hit), calibrated(smooth, self.hit)])

    @cached_property
    def noise(self) -> float:
        return noise_of(self.hit, self.held.fitted, self.folds, expected_share, self.seed)

    @cached_property
    def checks(self) -> Checks:
        return checks_of(self.held.compared, self.held.labels)

    def left_of(self, norm: Floats) -> tuple[Floats, Floats]:
        """What is left of a norm (n,) by both, (n,)."""
        key, known = norm.tobytes(), self.held.fitted
        if key not in self._norms:
            smooth = norm - smooth_value(norm, known, self.folds)
            self._norms[key] = norm - expected_value(norm, known, self.folds, self.seed), smooth
        return self._norms[key]

    def noise_of(self, norm: Floats) -> float:
        key = norm.tobytes()
        if key not in self._noises:
            self._noises[key] = noise_of(norm, self.held.fitted, self.folds, expected_value, self.seed)
        return self._noises[key]


def calibrated(odds: Floats, hit: Floats) -> Floats:
    """Probabilities whose mean and slope in the ``odds`` are right."""
    base = fit_logistic(odds[:, None], hit, PENALTY).coefficients
    return np.asarray(expit(base[0] + base[1] * odds))
