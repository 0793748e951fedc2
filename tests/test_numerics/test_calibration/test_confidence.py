"""Confidence in the best match, and abstention: scikit-learn's conventions and results, and a risk that is kept."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs scikit-learn")
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from numerics.calibration.abstention import Abstention
from numerics.calibration.confidence import LogisticConfidence, match_features
from numerics.validation import InvalidInput


@pytest.mark.filterwarnings("ignore")
def test_a_logistic_confidence_passes_scikit_learns_own_checks() -> None:
    check_estimator(LogisticConfidence())


def _drawn(seed: int, n: int = 500) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 4)) * (1, 5, 0.1, 1) + (0, 3, 0, 0)
    return x, (rng.random(n) < expit(0.5 + x[:, 0] + 0.1 * x[:, 1])).astype(int)


@pytest.mark.parametrize("penalty", [1e-4, 1.0, 30.0])
def test_it_is_scikit_learns_logistic_regression(penalty: float) -> None:
    x, y = _drawn(0)
    mine = LogisticConfidence(columns=(0, 1, 3), penalty=penalty).fit(x, y)
    z = StandardScaler().fit_transform(x[:, [0, 1, 3]])
    theirs = LogisticRegression(C=1 / penalty, tol=1e-12, max_iter=10000).fit(z, y)
    assert np.allclose(mine.coef_, theirs.coef_[0], rtol=1e-5)
    assert np.allclose(mine.predict_proba(x), theirs.predict_proba(z), rtol=1e-5)


def test_separable_answers_and_constant_columns_have_a_finite_fit() -> None:
    x = np.column_stack([np.linspace(-1, 1, 50), np.ones(50)])
    fitted = LogisticConfidence(penalty=1e-6).fit(x, x[:, 0] > 0)
    assert np.all(np.isfinite(fitted.coef_))
    assert np.all(fitted.predict(x) == (x[:, 0] > 0))
    assert fitted.coef_[1] == 0


def test_features_of_the_best_match() -> None:
    best, features = match_features([[0.1, 0.7, 0.4], [0.5, 0.5, 0.2]], [1.0, 2.0, 3.0], [7.0, 8.0, 9.0])
    assert best.tolist() == [1, 0]
    assert np.allclose(features, [[0.7, 0.3, 2, 8], [0.5, 0.0, 1, 7]])
    with pytest.raises(InvalidInput, match=r"of_items\[0\] has shape"):
        match_features([[0.1, 0.7]], [1.0])
    with pytest.raises(InvalidInput, match="2 items or more"):
        match_features([[0.1]])


def test_abstention_keeps_the_risk_as_often_as_it_says() -> None:
    """Its true risk, known here, is above the one asked for in at most 10 % of trials: 300 of them have 53 or more once in 1e5."""
    over = 0
    grid = np.linspace(0, 1, 4001)[1:]  # confidence is uniform, and right with this probability
    for seed in range(300):
        rng = np.random.default_rng(seed)
        c = rng.random(400)
        found = Abstention(risk=0.2, error_rate=0.1).fit(c[:, None], rng.random(400) < c)
        answered = grid >= found.threshold_
        over += bool(answered.any()) and float(np.mean(1 - grid[answered])) > 0.2
    assert 0 < over < 53


def test_abstention_answers_what_is_safe_and_nothing_else() -> None:
    rng = np.random.default_rng(0)
    c = rng.random(5000)
    found = Abstention(risk=0.1).fit(c[:, None], rng.random(5000) < c)
    # confident answers above s are wrong (1 - s)/2 of the time: s = 0.8 is the best threshold
    assert 0.8 <= found.threshold_ < 0.85
    assert np.array_equal(found.predict([[0.5], [0.99]]), [False, True])
    assert np.isclose(found.coverage_, np.mean(c >= found.threshold_))
    never = Abstention(risk=0.1).fit(c[:, None], np.zeros(5000))
    assert never.coverage_ == 0
    assert not never.predict([[1.0]])[0]
    few = Abstention(risk=0.01).fit(np.ones((5, 1)), np.ones(5))  # 5 right answers do not show a risk of 1 %
    assert few.coverage_ == 0
    with pytest.raises(InvalidInput, match="risk = 0"):
        Abstention(risk=0.0).fit(c[:, None], c > 0.5)
    with pytest.raises(InvalidInput, match="must be \\(n, 1\\) from 0 to 1"):
        Abstention().fit([[1.5]], [1])
