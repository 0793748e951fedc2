"""How probable is it that the best match is right? A logistic regression on cosine, margin, and what else is known of the match.

With cosine and margin alone it is the baseline that a norm has to beat; with columns of norms it is the norm-aware confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from numerics import validation
from numerics.calibration.logistic import fit_logistic
from numerics.validation import Floats, InvalidInput


def match_features(cosines: ArrayLike, *of_items: ArrayLike) -> tuple[NDArray[np.int64], Floats]:
    """The best match (n,) of cosines (n, items), and its features (n, 2 + a): cosine, margin over the second, and ``of_items`` at it.

    Each of ``of_items`` (items,) is an attribute of items, such as the logarithm of a norm or a text's length. Of equal cosines the first
    item is the match.
    """
    c = validation.table("cosines", cosines, (None, None))
    if c.shape[1] < 2:
        raise InvalidInput(f"cosines has shape {c.shape}, must have 2 items or more")
    second, first = np.partition(c, c.shape[1] - 2, axis=1)[:, -2:].T
    best = np.argmax(c, axis=1)
    columns = [validation.table(f"of_items[{i}]", x, (c.shape[1],))[best] for i, x in enumerate(of_items)]
    return best, np.stack([first, first - second, *columns], axis=1)


class LogisticConfidence(ClassifierMixin, BaseEstimator):
    """P(right) from ``columns`` of X (None: all), standardised; y is right or not, two classes.

    Maximum likelihood with ``penalty`` times the squared coefficients, over 2 n, added to the mean loss (scikit-learn's C is 1/penalty):
    enough that separable data have a finite fit. ``coef_`` is of standardised columns.
    """

    def __init__(self, columns: Sequence[int] | None = None, penalty: float = 1.0, max_iter: int = 100) -> None:
        self.columns = columns
        self.penalty = penalty
        self.max_iter = max_iter

    def fit(self, X: ArrayLike, y: ArrayLike) -> LogisticConfidence:
        """X (n, f), y (n,). Raises ``ValueError`` for anything but two classes."""
        features, labels = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(labels)
        self.classes_, which = np.unique(labels, return_inverse=True)
        if len(self.classes_) > 2:
            raise ValueError(f"Only binary classification is supported. The type of the target is multiclass: {len(self.classes_)} classes")
        if len(self.classes_) < 2:
            raise ValueError("LogisticConfidence needs samples of 2 classes, right and wrong; the data have one class")
        used = self._used(features)
        spread = used.std(axis=0)
        self.mean_, self.scale_ = used.mean(axis=0), np.where(spread > 0, spread, 1.0)
        penalty = validation.number("penalty", self.penalty, above=0.0)
        found = fit_logistic((used - self.mean_) / self.scale_, which.astype(float), penalty, int(self.max_iter))
        self.intercept_, self.coef_, self.n_iter_ = found.coefficients[0], found.coefficients[1:], found.rounds
        return self

    def decision_function(self, X: ArrayLike) -> Floats:
        """Log odds (n,) of the second class."""
        check_is_fitted(self, "coef_")
        features = validate_data(self, X, dtype=np.float64, reset=False)
        return (self._used(features) - self.mean_) / self.scale_ @ self.coef_ + self.intercept_

    def predict_proba(self, X: ArrayLike) -> Floats:
        """(n, 2)."""
        odds = self.decision_function(X)
        return np.stack([expit(-odds), expit(odds)], axis=1)

    def predict(self, X: ArrayLike) -> Any:
        """The more probable class (n,)."""
        return self.classes_[(self.decision_function(X) > 0).astype(int)]

    def _used(self, features: Floats) -> Floats:
        if self.columns is None:
            return features
        columns = [validation.integer("columns", c, 0, features.shape[1] - 1) for c in self.columns]
        if not columns:
            raise InvalidInput("columns = () must name one column or more (None: all)")
        return features[:, columns]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags
