"""Posteriors keep scikit-learn's conventions, are the Bayes posterior of a world, and fit what they are nested in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs scikit-learn")
from scipy.optimize import approx_fprime
from sklearn.base import clone, is_classifier

from numerics.calibration import posteriors
from numerics.calibration.posteriors import FixedTemperature, ItemTemperature, OneTemperature, VonMisesFisherPosterior
from numerics.calibration.scores import negative_log_likelihood
from numerics.calibration.worlds import draw_world
from numerics.validation import InvalidInput

WORLD = draw_world(40, 12, levels=3, seed=5)
QUERIES, ITEMS = WORLD.queries(3000, seed=6)
COSINES = WORLD.cosines(QUERIES)
LOGS = np.log(WORLD.concentrations)
ESTIMATORS = {
    "fixed": FixedTemperature(0.1),
    "one": OneTemperature(),
    "two features": ItemTemperature(np.stack([LOGS, LOGS**2], axis=1)),
    "known": VonMisesFisherPosterior(WORLD.concentrations, 12, WORLD.priors),
    "normalised": ItemTemperature(LOGS, 12, WORLD.priors),
}


@pytest.mark.parametrize("estimator", ESTIMATORS.values(), ids=ESTIMATORS)
def test_conventions_of_scikit_learn_are_kept(estimator: Any) -> None:
    assert is_classifier(estimator)
    before = {k: np.copy(v) if v is not None else None for k, v in estimator.get_params().items()}
    fitted = clone(estimator)
    assert fitted.fit(COSINES, ITEMS) is fitted
    assert fitted.n_features_in_ == 40
    assert all(np.array_equal(before[k], v) if v is not None else before[k] is None for k, v in fitted.get_params().items())
    p = fitted.predict_proba(COSINES)
    assert p.shape == COSINES.shape
    assert np.allclose(p.sum(axis=1), 1, rtol=1e-12)
    assert np.allclose(np.log(p), fitted.predict_log_proba(COSINES), rtol=1e-6, atol=1e-6)
    assert np.array_equal(fitted.predict(COSINES), fitted.classes_[p.argmax(axis=1)])
    assert np.isclose(fitted.score(COSINES, ITEMS), np.mean(fitted.predict(COSINES) == ITEMS))
    assert np.array_equal(clone(fitted).fit(COSINES, ITEMS).predict_proba(COSINES), p)
    with pytest.raises(ValueError, match="features"):
        fitted.predict(COSINES[:, :5])
    assert not hasattr(clone(fitted), "scales_")


def test_the_posterior_with_the_true_concentrations_is_the_bayes_posterior() -> None:
    found = VonMisesFisherPosterior(WORLD.concentrations, 12, WORLD.priors).fit(COSINES, ITEMS).predict_log_proba(COSINES)
    assert np.allclose(found, WORLD.log_posterior(QUERIES), rtol=0, atol=1e-9)


def test_without_the_normaliser_it_would_not_be() -> None:
    fitted = VonMisesFisherPosterior(WORLD.concentrations, 12, WORLD.priors).fit(COSINES, ITEMS)
    fitted.biases_ = np.log(WORLD.priors)
    gap = WORLD.log_posterior(QUERIES) - fitted.predict_log_proba(COSINES)
    loss = gap[np.arange(len(ITEMS)), ITEMS]
    assert loss.mean() > 5 * loss.std() / np.sqrt(len(loss))


def test_bayes_has_the_least_loss_of_all_on_new_queries() -> None:
    new, items = WORLD.queries(6000, seed=7)
    bayes = -WORLD.log_posterior(new)[np.arange(6000), items]
    for estimator in list(ESTIMATORS.values())[:3]:
        other = -clone(estimator).fit(COSINES, ITEMS).predict_log_proba(WORLD.cosines(new))[np.arange(6000), items]
        gap = other - bayes
        assert gap.mean() > 5 * gap.std() / np.sqrt(6000), estimator


def test_item_temperatures_find_the_true_concentrations() -> None:
    """With the normaliser the family holds the truth: ln beta = ln kappa."""
    fitted = ItemTemperature(LOGS, 12, WORLD.priors, penalty=0.0).fit(COSINES, ITEMS)
    assert fitted.converged_
    a, b = fitted.coefficients_
    slope = b / LOGS.std()  # per unit of ln kappa
    # the spread of an estimate is the inverse of the curvature of the loss: by differences
    off = []
    for seed in range(8):
        q, i = WORLD.queries(3000, seed=100 + seed)
        again = ItemTemperature(LOGS, 12, WORLD.priors, penalty=0.0).fit(WORLD.cosines(q), i).coefficients_
        off.append([again[0], again[1] / LOGS.std()])
    spread = np.std(off, axis=0, ddof=1)
    assert np.all(np.abs(np.array([a - LOGS.mean(), slope - 1])) < 6 * spread)
    assert np.all(np.abs(np.mean(off, axis=0) - [LOGS.mean(), 1]) < 6 * spread / np.sqrt(8))


def test_the_fit_is_at_a_minimum_and_no_worse_than_one_temperature() -> None:
    one = OneTemperature().fit(COSINES, ITEMS)
    fitted = ItemTemperature(LOGS, penalty=0.0).fit(COSINES, ITEMS)
    loss = negative_log_likelihood(fitted.predict_proba(COSINES), ITEMS)
    assert loss < negative_log_likelihood(one.predict_proba(COSINES), ITEMS)

    def at(theta: np.ndarray) -> float:
        f = (LOGS - LOGS.mean()) / LOGS.std()
        return posteriors._mean_loss(COSINES * np.exp(theta[0] + theta[1] * f) + theta[2] * f, ITEMS)

    assert np.all(np.abs(approx_fprime(fitted.coefficients_, at, 1e-6)) < 1e-4)
    for step in np.eye(3) * 0.02:
        assert min(at(fitted.coefficients_ + step), at(fitted.coefficients_ - step)) > loss


def test_one_temperature_is_found_again() -> None:
    """Answers drawn from a softmax of known temperature."""
    rng = np.random.default_rng(0)
    p = FixedTemperature(0.2).fit(COSINES, ITEMS).predict_proba(COSINES)
    drawn = np.array([rng.choice(40, p=x) for x in p])
    found = [OneTemperature().fit(COSINES[part], drawn[part]).temperature_ for part in np.split(np.arange(3000), 10)]
    assert abs(np.mean(found) - 0.2) < 5 * np.std(found, ddof=1) / np.sqrt(10)


@pytest.mark.parametrize(
    ("estimator", "words"),
    [
        (VonMisesFisherPosterior(), "concentrations = None"),
        (VonMisesFisherPosterior([1.0, 2.0], 12), "concentrations has shape"),
        (VonMisesFisherPosterior(-1.0, 12), "concentrations"),
        (OneTemperature([0.0] * 40), "priors"),
        (FixedTemperature(0.0), "temperature = 0"),
        (ItemTemperature(), "features = None"),
        (ItemTemperature(np.ones(3)), "features has shape"),
    ],
)
def test_bad_parameters_are_named(estimator: Any, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        estimator.fit(COSINES, ITEMS)


def test_answers_must_be_numbers_of_items() -> None:
    with pytest.raises(InvalidInput, match="y has dtype"):
        OneTemperature().fit(COSINES[:, :5], ITEMS)


@pytest.mark.parametrize(("size", "answers", "words"), [
    (5.0, [0, 1, 2], r"X\[0, 0\] = 5 is no cosine"), (1.007, [0, 1, 2], "is no cosine"),
    (1.0, ["a", "b", "c"], "must be the numbers of items"),
])  # fmt: skip
def test_what_is_no_cosine_and_no_item_is_refused(size: float, answers: list[object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        OneTemperature().fit(size * np.eye(3), answers)


def test_a_cosine_of_rounded_rows_is_one() -> None:
    OneTemperature().fit(1.005 * np.eye(3), [0, 1, 2]).predict_proba(np.eye(3))
