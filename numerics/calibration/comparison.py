"""Methods side by side: fitted on one half of the queries, scored on the other, with paired intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import validation
from numerics.calibration import scores
from numerics.calibration.error_intervals import Binned, binned, difference_of, interval_of
from numerics.calibration.scores import Interval, ends, resampled
from numerics.rankings.gain import discounted_gain
from numerics.validation import Floats, InvalidInput

SCORES = ("nll", "ece", "brier", "auroc", "aurc", "ndcg")
HIGHER = ("auroc", "ndcg")  # of these more is better, of the others less


@dataclass(frozen=True)
class MethodScores:
    """``scores`` of one method on the held-out half, and ``over_baseline``: its score minus the baseline's, on the same queries.

    NaN where a score has no meaning: a confidence of being right gives no nDCG, and its NLL and Brier are those of right or not. "ece" is
    what `error_interval` finds, out of what chance adds to it; ``binned_error`` is the plain `calibration_error`, which has that in it.
    """

    name: str
    kind: str  # "posterior" over all items, or "confidence" that the best match is right
    scores: dict[str, Interval]
    over_baseline: dict[str, Interval]
    binned_error: float


@dataclass(frozen=True)
class Comparison:
    """Every method, in the order given; ``baselines`` by kind, as scores of two kinds do not compare.

    ``calibrated_error`` is what ``binned_error`` of each method would be by chance alone if its confidence were exact.
    """

    methods: tuple[MethodScores, ...]
    baselines: dict[str, str]
    calibrated_error: dict[str, Interval]
    fitting: int
    testing: int
    level: float

    def method(self, name: str) -> MethodScores:
        """By name; raises `KeyError`."""
        return {m.name: m for m in self.methods}[name]

    def better(self, name: str, score: str) -> bool:
        """Whether the interval of the difference to the baseline excludes 0 on the good side."""
        gap = self.method(name).over_baseline[score]
        return gap.low > 0 if score in HIGHER else gap.high < 0


class _Seen(NamedTuple):
    """What scores need of one method: per query NLL, Brier and gain (n,), confidence in the best match, and whether it is right."""

    kind: str
    losses: Floats
    squares: Floats
    gains: Floats
    confidence: Floats
    correct: Floats


def compare(
    methods: Mapping[str, Any], cosines: ArrayLike, answers: ArrayLike, *, of_items: tuple[ArrayLike, ...] = (),
    groups: ArrayLike | None = None, baseline: str | None = None, k: int = 10, bins: int = 15, resamples: int = 1000,
    level: float = 0.95, seed: int = 0,
) -> Comparison:  # fmt: skip
    """Scores of estimators on the half of the queries that they were not fitted on.

    ``methods``: `LogisticConfidence` estimators see `match_features` of cosines and ``of_items``; all others cosines (n, items) and the
    numbers ``answers`` (n,) of the right items. They are cloned. Halves are drawn from ``seed``; ``groups`` (n,) stay together, in the
    halves and in the resamples of the bootstrap. ``baseline``: of posteriors; the first posterior if None, and of confidences
    the first one. Needs scikit-learn.
    """
    from sklearn.base import clone

    from numerics.calibration.confidence import LogisticConfidence, match_features

    c = validation.table("cosines", cosines, (None, None))
    y = scores._answers(answers, c.shape)
    if not methods or (baseline is not None and baseline not in methods):
        raise InvalidInput(f"baseline = {baseline!r} must be one of the methods: {', '.join(methods)}")
    cluster = np.arange(len(c)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    if cluster.shape != (len(c),) or len(np.unique(cluster)) < 4:
        raise InvalidInput(f"groups has shape {cluster.shape}, must have shape ({len(c)},) and 4 groups or more")
    first = _half(cluster, seed)
    best, features = match_features(c, *of_items)
    right = (best == y).astype(int)
    seen = {}
    for name, method in methods.items():
        fitted = clone(method)
        if isinstance(method, LogisticConfidence):
            fitted.fit(features[first], right[first])
            seen[name] = _of_confidence(fitted.predict_proba(features[~first])[:, -1], right[~first])
        else:
            fitted.fit(c[first], y[first])
            seen[name] = _of_posterior(fitted.predict_log_proba(c[~first]), y[~first], k)
    baselines = {kind: name for name, s in reversed(list(seen.items())) for kind in [s.kind]}
    if baseline is not None:
        baselines[seen[baseline].kind] = baseline
    weights = _resampled_groups(cluster[~first], resamples, seed)
    drawn = {name: np.array([_all(s, w) for w in weights]) for name, s in seen.items()}
    errors = {name: binned(s.confidence, s.correct, cluster[~first], bins) for name, s in seen.items()}
    return Comparison(
        tuple(_method(name, seen, drawn, errors, baselines[s.kind], level, seed) for name, s in seen.items()), baselines,
        {name: scores.calibrated_error(s.confidence, bins=bins, level=level, seed=seed) for name, s in seen.items()},
        int(first.sum()), int((~first).sum()), level,
    )  # fmt: skip


def _half(cluster: NDArray[np.int64], seed: int) -> NDArray[np.bool_]:
    names = np.unique(cluster)
    rng = np.random.default_rng([validation.integer("seed", seed, 0), 1])
    return np.isin(cluster, rng.permutation(names)[: len(names) // 2])


def _resampled_groups(cluster: NDArray[np.int64], resamples: int, seed: int) -> list[Floats]:
    """How often each query counts, in each resample of the groups."""
    names, at = np.unique(cluster, return_inverse=True)
    return [weights[at] for weights in resampled(len(names), resamples, seed)]


def _of_posterior(logs: Floats, answers: NDArray[np.int64], k: int) -> _Seen:
    p = np.exp(logs)
    best = np.argmax(p, axis=1)
    mine = logs[np.arange(len(p)), answers][:, None]
    above, equal = np.sum(logs > mine, axis=1), np.sum(logs == mine, axis=1)
    gains = discounted_gain(above, equal, np.ones(len(p)), np.arange(len(p)), len(p), p.shape[1], k)
    # a probability is rounded, and may be a hair above 1
    return _Seen("posterior", scores.losses_of(logs, answers), scores.squares_of(p, answers), gains, np.minimum(p.max(axis=1), 1.0),
                 (best == answers).astype(float))  # fmt: skip


def _of_confidence(p: Floats, right: NDArray[np.int64]) -> _Seen:
    with np.errstate(divide="ignore"):
        losses = -np.log(np.where(right > 0, p, 1 - p))
    return _Seen("confidence", losses, 2 * (right - p) ** 2, np.full(len(p), np.nan), p, right.astype(float))


def _all(seen: _Seen, weights: Floats) -> Floats:
    """In the order of SCORES, but for the calibration error, of which resamples say nothing: see `error_intervals`."""
    return np.array([
        np.average(seen.losses, weights=weights),
        np.nan,
        np.average(seen.squares, weights=weights),
        scores.area_under_roc(seen.confidence, seen.correct, weights),
        scores.area_under_risk_coverage(seen.confidence, seen.correct, weights),
        np.average(seen.gains, weights=weights),
    ])  # fmt: skip


def _method(
    name: str, seen: Mapping[str, _Seen], drawn: Mapping[str, Floats], errors: Mapping[str, Binned], baseline: str, level: float, seed: int
) -> MethodScores:
    whole, base = (_all(seen[n], np.ones(len(seen[n].losses))) for n in (name, baseline))
    gaps = drawn[name] - drawn[baseline]
    own = {s: Interval(float(whole[i]), *ends(drawn[name][:, i], level)) for i, s in enumerate(SCORES)}
    over = {s: Interval(float(whole[i] - base[i]), *ends(gaps[:, i], level)) for i, s in enumerate(SCORES)}
    own["ece"] = interval_of(errors[name], level, seed)
    over["ece"] = difference_of(errors[name], errors[baseline], level, seed)
    return MethodScores(name, seen[name].kind, own, over, errors[name].plain)
