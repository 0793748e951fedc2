"""Lemmas asked for their gloss among all glosses: do norms move the ranking, and do they say which answers are right?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.case_study.written import Table, Written
from derivations.progress import Tell
from numerics.calibration import LogisticConfidence, Usefulness, scores, usefulness
from numerics.calibration.scores import Interval
from numerics.rankings import NormExponent, Relevance, best_matches, hubs, norm_exponent
from numerics.validation import Floats

GRID = tuple(round(-2 + 0.1 * i, 1) for i in range(41))
K = 10
RESAMPLES = 1000
SCORES = ("nll", "brier", "ece", "auroc", "aurc")
HIGHER = ("auroc",)  # of these more is better


@dataclass(frozen=True)
class HubShare:
    """Of the best ten glosses of every query, by one score: share of places taken by the longest hundredth, skewness, correlation."""

    score: str
    fraction: float
    share: float
    skewness: float
    norm_correlation: float
    never: float


@dataclass(frozen=True)
class Match:
    """The best gloss of each query by cosine: its row, whether it is one of the lemma's senses, and what is known of it, (Q,) each."""

    documents: NDArray[np.int64]
    correct: Floats
    cosine: Floats
    margin: Floats


@dataclass(frozen=True)
class Confidence:
    """A logistic regression of being right on some of the features: scores on the half it was not fitted on, and less the baseline's."""

    name: str
    scores: Mapping[str, Interval]
    over_baseline: Mapping[str, Interval]

    def better(self, score: str) -> bool:
        """Whether the interval of the difference excludes 0 on the good side."""
        gap = self.over_baseline[score]
        return gap.low > 0 if score in HIGHER else gap.high < 0


@dataclass(frozen=True)
class Reliability:
    """Held-out queries in bins of equal size by confidence: mean confidence and share right, (bins,) each."""

    name: str
    confidence: Floats
    right: Floats


@dataclass(frozen=True)
class Retrieval:
    """``useful``: norms beyond cosine and margin, and beyond length and frequency as well, of this model and of the controls."""

    queries: int
    documents: int
    accuracy: float
    hubs: tuple[HubShare, ...]
    exponent: NormExponent
    confidences: tuple[Confidence, ...]
    reliability: tuple[Reliability, ...]
    useful: Mapping[str, Usefulness]


def retrieval(written: Written, seed: int, tell: Tell) -> Retrieval:
    """All of it, for the trained model; the norms of the controls are asked too, about the same answers."""
    queries, documents = written.queries.embeddings["trained"], written.glosses.embeddings["trained"]
    families = _numbered(written.queries.columns["synset"])  # synonyms stay together
    tell(0.0, "the best gloss of every lemma")
    match = matches(queries, documents, written.relevant)
    shares = tuple(_hubs(queries, documents, score) for score in ("cosine", "inner_product"))
    pairs = Relevance(written.relevant[:, 0], written.relevant[:, 1])
    exponent = norm_exponent(
        queries, documents, pairs, k=K, grid=GRID, seed=seed, groups=families,
        progress=lambda done: tell(0.1 + 0.5 * done, "exponents of the norm"),
    )  # fmt: skip
    features = _features(written, match)
    tell(0.6, "confidences")
    confidences, reliability = _confidences(features, match.correct, families, seed)
    useful = {}
    for i, (name, (controls, norms)) in enumerate(_questions(written, features).items()):
        tell(0.7 + 0.3 * i / 5, f"usefulness: {name}")
        table = np.column_stack([features[c] for c in controls])
        useful[name] = usefulness(match.correct, table, np.column_stack([features[n] for n in norms]), groups=families, seed=seed)
    return Retrieval(
        len(queries), len(documents), float(match.correct.mean()), shares, exponent, confidences, reliability, useful
    )


def matches(queries: Any, documents: Any, relevant: NDArray[np.int64]) -> Match:
    """The best of ``documents`` (N, d) for each of ``queries`` (Q, d) by cosine."""
    found = best_matches(queries, documents, 2, score="cosine")
    best, count = found.documents[:, 0], len(documents)
    right = np.isin(np.arange(len(best)) * count + best, relevant[:, 0] * count + relevant[:, 1])
    cosines = found.scores.astype(np.float64)
    return Match(best, right.astype(float), cosines[:, 0], cosines[:, 0] - cosines[:, 1])


def _hubs(queries: Any, documents: Any, score: str) -> HubShare:
    found = hubs(queries, documents, K, score=score)
    return HubShare(score, found.fraction, found.share, found.skewness, found.norm_correlation, found.never)


def _features(written: Written, match: Match) -> dict[str, Floats]:
    """By name: what a confidence may be made of."""

    def logs(table: Table, name: str, rows: Any = slice(None)) -> Floats:
        return np.log1p(table.columns[name][rows])

    found = {
        "cosine": match.cosine,
        "margin": match.margin,
        "query tokens": logs(written.queries, "tokens"),
        "gloss tokens": logs(written.glosses, "tokens", match.documents),
        "query frequency": written.queries.columns["log_frequency"],
        "query polysemy": logs(written.queries, "polysemy"),
    }
    for variant in written.variants:
        found[f"{variant} query norm"] = np.log(written.queries.norms[variant])
        found[f"{variant} gloss norm"] = np.log(written.glosses.norms[variant][match.documents])
    return found


_PLAIN = ("cosine", "margin")
_LENGTH = (*_PLAIN, "query tokens", "gloss tokens")
_KNOWN = (*_LENGTH, "query frequency", "query polysemy")


def _questions(written: Written, features: Mapping[str, Floats]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Name -> controls and norms."""
    both = ("trained query norm", "trained gloss norm")
    asked = {
        "beyond cosine and margin": (_PLAIN, both),
        "beyond cosine, margin and length": (_LENGTH, both),
        "the query's norm alone": (_LENGTH, both[:1]),
        "the gloss's norm alone": (_LENGTH, both[1:]),
        "beyond these, frequency and polysemy": (_KNOWN, both),
    }
    for variant in written.variants[1:]:
        theirs = (f"{variant} query norm", f"{variant} gloss norm")
        asked[f"norms of the {variant} network"] = (_LENGTH, theirs)
        asked[f"beyond those of the {variant} network"] = ((*_LENGTH, *theirs), both)
    assert all(name in features for pair in asked.values() for part in pair for name in part)
    return asked


def _confidences(
    features: Mapping[str, Floats], correct: Floats, families: NDArray[np.int64], seed: int
) -> tuple[tuple[Confidence, ...], tuple[Reliability, ...]]:
    """Without norms (the baseline) and with them, fitted on one half of the families and scored on the other."""
    norms = ("trained query norm", "trained gloss norm")
    sets = {"cosine, margin and length": _LENGTH, "the same and norms": (*_LENGTH, *norms), "cosine and margin": _PLAIN}
    names = np.unique(families)
    rng = np.random.Generator(np.random.Philox([seed, 3]))
    first = np.isin(families, rng.permutation(names)[: len(names) // 2])
    said = {}
    for name, used in sets.items():
        table = np.column_stack([features[feature] for feature in used])
        said[name] = LogisticConfidence().fit(table[first], correct[first]).predict_proba(table[~first])[:, 1]
    held = correct[~first]
    members, at = np.unique(families[~first], return_inverse=True)
    weights = [drawn[at] for drawn in scores.resampled(len(members), RESAMPLES, seed)]
    whole = {name: _scored(p, held, np.ones(len(held))) for name, p in said.items()}
    drawn = {name: np.array([_scored(p, held, w) for w in weights]) for name, p in said.items()}
    base = next(iter(sets))
    found = tuple(
        Confidence(name, _intervals(whole[name], drawn[name]), _intervals(whole[name] - whole[base], drawn[name] - drawn[base]))
        for name in sets
    )
    return found, tuple(_reliability(name, p, held) for name, p in said.items())


def _scored(p: Floats, correct: Floats, weights: Floats) -> Floats:
    """In the order of SCORES; NLL in nats, Brier of right or not."""
    hit = np.where(correct > 0, p, 1 - p)
    return np.array([
        np.average(-np.log(hit), weights=weights),
        np.average((correct - p) ** 2, weights=weights),
        scores.calibration_error(p, correct, weights),
        scores.area_under_roc(p, correct, weights),
        scores.area_under_risk_coverage(p, correct, weights),
    ])  # fmt: skip


def _intervals(values: Floats, drawn: Floats) -> dict[str, Interval]:
    return {name: Interval(float(values[i]), *scores.ends(drawn[:, i], 0.95)) for i, name in enumerate(SCORES)}


def _reliability(name: str, p: Floats, correct: Floats, bins: int = 15) -> Reliability:
    order = np.array_split(np.argsort(p, kind="stable"), bins)
    return Reliability(name, np.array([p[part].mean() for part in order]), np.array([correct[part].mean() for part in order]))


def _numbered(labels: NDArray[Any]) -> NDArray[np.int64]:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
