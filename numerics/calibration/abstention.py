"""Answer only where confidence is high enough that the answers given are wrong no more often than was asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from numerics import validation
from numerics.validation import Floats, InvalidInput

_THRESHOLDS = np.linspace(1.0, 0.0, 201)


class Abstention(BaseEstimator):
    """The lowest threshold of confidence at which the ``risk``, the share of wrong ones among the answers, is not exceeded.

    Except with probability ``error_rate`` over the data of `fit`: thresholds 1, 0.995, .. 0 are tried from the top, each by an exact
    binomial test of its answers, until one is not accepted (fixed-sequence testing; Angelopoulos et al., "Learn then test", 2021), so
    that no correction for their number is due. X (n, 1): confidence from 0 to 1; y (n,): right or not, 1 or 0.
    """

    def __init__(self, risk: float = 0.1, error_rate: float = 0.05) -> None:
        self.risk = risk
        self.error_rate = error_rate

    def fit(self, X: ArrayLike, y: ArrayLike) -> Abstention:
        """Sets ``threshold_`` (infinite if none is safe) and ``coverage_``, the share of the data of `fit` that is answered."""
        risk = validation.number("risk", self.risk, above=0.0, most=1.0)
        rate = validation.number("error_rate", self.error_rate, above=0.0, most=1.0)
        confidence = self._checked(X, reset=True)
        right = validation.table("y", np.asarray(y, dtype=float), (len(confidence),))
        if np.any((right != 0) & (right != 1)):
            raise InvalidInput("y must be 0 (wrong) or 1 (right)")
        self.threshold_ = np.inf
        tested = False
        for threshold in _THRESHOLDS:
            answered = confidence >= threshold
            count = int(answered.sum())
            # so few that even no error would not be accepted: nothing was tested yet
            if not tested and binom.cdf(0, count, risk) > rate:
                continue
            tested = True
            if binom.cdf(int(count - right[answered].sum()), count, risk) > rate:
                break
            self.threshold_ = float(threshold)
        self.coverage_ = float(np.mean(confidence >= self.threshold_))
        return self

    def predict(self, X: ArrayLike) -> Any:
        """Whether to answer (n,), booleans."""
        check_is_fitted(self, "threshold_")
        return self._checked(X, reset=False) >= self.threshold_

    def _checked(self, X: ArrayLike, reset: bool) -> Floats:
        x = np.asarray(validate_data(self, X, dtype=np.float64, reset=reset))
        if x.shape[1] != 1 or x.min() < 0 or x.max() > 1:
            raise InvalidInput(f"X has shape {x.shape} and values from {x.min():g} to {x.max():g}: must be (n, 1) from 0 to 1")
        return x[:, 0]
