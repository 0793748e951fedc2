"""Which item does a query belong to? Probabilities from cosines (queries, items), in scikit-learn's manner.

Logits are ``beta_i cos(q, d_i) + bias_i + ln prior_i``. They differ in where ``beta_i`` comes from: given, one for all fitted, fitted
as a power of what is known of the items (their norms), or the items' concentrations, with the density's normaliser as the bias: the
posterior of the von Mises-Fisher model (D1). X is (n, items), y the number of each query's item, 0 .. items - 1. ``priors`` (items,)
say how probable each item is beforehand, up to a factor (None: all as much).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from numerics import validation
from numerics.calibration.von_mises_fisher import LARGEST, log_normaliser, mean_cosine
from numerics.validation import Floats, InvalidInput

_LARGEST_LOG = math.log(LARGEST)
# bfloat16, the coarsest, rounds two unit rows and their cosine by 2^-9 each; sums in float32 err by less up to 98304 = 3 2^15 dimensions
_ROUNDED = 1 + 3 * 2.0**-9


def _cosines(X: Floats) -> Floats:
    """Raises ``InvalidInput`` for what no rounding makes of a cosine."""
    wrong = np.argwhere(np.abs(X) > _ROUNDED)
    if len(wrong):
        row, item = wrong[0]
        raise InvalidInput(f"X[{row}, {item}] = {X[row, item]:g} is no cosine: must be from -1 to 1, but for rounding"
                           f" ({_ROUNDED - 1:.2g})")  # fmt: skip
    return X


class _Posterior(ClassifierMixin, BaseEstimator):
    """Checks, and what all have in common: `_learn` gives scales and biases, one number or one an item; priors are added here."""

    priors: Any
    scales_: Any
    biases_: Any

    def fit(self, X: ArrayLike, y: ArrayLike) -> Any:
        """X (n, items) cosines, y (n,) items. Raises ``InvalidInput``."""
        cosines, items = validate_data(self, X, y, dtype=np.float64)
        _cosines(cosines)
        if items.dtype.kind not in "iuf":
            raise InvalidInput(f"y has dtype {items.dtype}, such as {items[0]!r}: must be the numbers of items,"
                               f" 0 .. {cosines.shape[1] - 1}, one for each column of X")  # fmt: skip
        if items.dtype.kind not in "iu" or items.min() < 0 or items.max() >= cosines.shape[1]:
            raise InvalidInput(f"y has dtype {items.dtype} and values from {items.min()} to {items.max()}: must be the numbers of items,"
                               f" 0 .. {cosines.shape[1] - 1}, one for each column of X")  # fmt: skip
        self.classes_ = np.arange(cosines.shape[1])
        count = cosines.shape[1]
        prior = np.ones(count) if self.priors is None else validation.per_row("priors", self.priors, count, above=0.0)
        known = np.log(prior / prior.sum())
        self.scales_, biases = self._learn(cosines, items, known)
        self.biases_ = biases + known
        return self

    def _learn(self, cosines: Floats, items: NDArray[np.int64], known: Floats) -> tuple[Any, Any]:
        raise NotImplementedError

    def decision_function(self, X: ArrayLike) -> Floats:
        """Logits (n, items)."""
        check_is_fitted(self, "scales_")
        cosines = _cosines(validate_data(self, X, dtype=np.float64, reset=False))
        return cosines * self.scales_ + self.biases_

    def predict_log_proba(self, X: ArrayLike) -> Floats:
        """(n, items)."""
        return np.asarray(log_softmax(self.decision_function(X), axis=1))

    def predict_proba(self, X: ArrayLike) -> Floats:
        """(n, items)."""
        return np.asarray(softmax(self.decision_function(X), axis=1))

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """The most probable item (n,)."""
        best = np.argmax(self.decision_function(X), axis=1)
        return np.asarray(self.classes_[best])


class FixedTemperature(_Posterior):
    """No calibration: a softmax at the ``temperature`` of the training, whatever the data."""

    def __init__(self, temperature: float = 0.05, priors: Any = None) -> None:
        self.temperature = temperature
        self.priors = priors

    def _learn(self, cosines: Floats, items: NDArray[np.int64], known: Floats) -> tuple[Any, Any]:
        return 1 / validation.number("temperature", self.temperature, least=1e-6, most=1e6), 0.0


class OneTemperature(_Posterior):
    """One temperature for all, by maximum likelihood (Guo et al., ICML 2017): convex in ``1/temperature``."""

    def __init__(self, priors: Any = None) -> None:
        self.priors = priors

    def _learn(self, cosines: Floats, items: NDArray[np.int64], known: Floats) -> tuple[Any, Any]:
        def loss(log_scale: float) -> float:
            return _mean_loss(cosines * math.exp(log_scale) + known, items)

        self.temperature_ = math.exp(-minimize_scalar(loss, bounds=(-_LARGEST_LOG, _LARGEST_LOG), method="bounded").x)
        return 1 / self.temperature_, 0.0


class VonMisesFisherPosterior(_Posterior):
    """The posterior if queries are von Mises-Fisher about their items with these ``concentrations`` (items,): D1.

    ``dimension`` is the embeddings'.
    """

    def __init__(self, concentrations: Any = None, dimension: int = 2, priors: Any = None) -> None:
        self.concentrations = concentrations
        self.dimension = dimension
        self.priors = priors

    def _learn(self, cosines: Floats, items: NDArray[np.int64], known: Floats) -> tuple[Any, Any]:
        if self.concentrations is None:
            raise InvalidInput("concentrations = None must be one number for each item")
        kappa = validation.per_row("concentrations", self.concentrations, cosines.shape[1], least=0.0, most=LARGEST)
        return kappa, log_normaliser(self.dimension, kappa)


class ItemTemperature(_Posterior):
    """A temperature for each item: ``ln beta_i = a + <b, features_i>``, by maximum likelihood.

    ``features`` (items, f): logarithms of norms, say, or lengths of text as a control; they are standardised. Without ``dimension``
    the bias of an item is ``<c, features_i>``, fitted as well (so that b = c = 0 is one temperature); with it, the normaliser
    of a density of concentration ``beta_i``. ``penalty`` times ``|b|^2 + |c|^2`` over n is added to the mean loss.
    """

    def __init__(
        self, features: Any = None, dimension: int | None = None, priors: Any = None, penalty: float = 1.0, max_iter: int = 500
    ) -> None:
        self.features = features
        self.dimension = dimension
        self.priors = priors
        self.penalty = penalty
        self.max_iter = max_iter

    def _learn(self, cosines: Floats, items: NDArray[np.int64], known: Floats) -> tuple[Any, Any]:
        f = self._standardised(cosines.shape[1])
        weight = validation.number("penalty", self.penalty, least=0.0) / len(items)
        free = 0 if self.dimension is not None else f.shape[1]
        start = np.zeros(1 + f.shape[1] + free)
        start[0] = -math.log(OneTemperature(self.priors).fit(cosines, items).temperature_)
        hit = np.zeros(cosines.shape)
        hit[np.arange(len(items)), items] = 1.0

        def loss(theta: Floats) -> tuple[float, Floats]:
            scales, biases, slope = self._logits(theta, f)
            logits = cosines * scales + biases + known
            pull = (softmax(logits, axis=1) - hit) / len(items)
            by_scale = np.sum(pull * cosines, axis=0) * scales + np.sum(pull, axis=0) * slope
            rest = theta[1:]
            gradient = np.concatenate([[by_scale.sum()], f.T @ by_scale, f.T @ pull.sum(axis=0) if free else []])
            gradient[1:] += 2 * weight * rest
            return _mean_loss(logits, items) + weight * float(rest @ rest), gradient

        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": self.max_iter})
        self.coefficients_, self.n_iter_, self.converged_ = found.x, int(found.nit), bool(found.success)
        return self._logits(found.x, f)[:2]

    def _logits(self, theta: Floats, f: Floats) -> tuple[Floats, Any, Any]:
        """Scales, biases, and the slope of a bias in the logarithm of its scale."""
        scales = np.exp(np.clip(theta[0] + f @ theta[1 : 1 + f.shape[1]], -_LARGEST_LOG, _LARGEST_LOG))
        if self.dimension is None:
            return scales, f @ theta[1 + f.shape[1] :], 0.0
        # d/d kappa ln C_d = -A_d
        return scales, log_normaliser(self.dimension, scales), -mean_cosine(self.dimension, scales) * scales

    def _standardised(self, count: int) -> Floats:
        if self.features is None:
            raise InvalidInput("features = None must be an array (items, f), such as the logarithms of norms")
        f = np.asarray(self.features, dtype=float)
        f = validation.table("features", f[:, None] if f.ndim == 1 else f, (count, None))
        spread = f.std(axis=0)
        return (f - f.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _mean_loss(logits: Floats, items: NDArray[np.int64]) -> float:
    return -float(np.mean(log_softmax(logits, axis=1)[np.arange(len(items)), items]))
