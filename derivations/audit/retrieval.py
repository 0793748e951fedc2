"""Queries and documents: do norms rule the ranking, and do they tell anything about being right that cosines do not?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.calibration import Comparison, Usefulness
from numerics.rankings import Hubs, NormExponent, Relevance, best_matches, hubs, norm_exponent
from numerics.validation import InvalidInput

Floats = NDArray[np.float64]
Tell = Callable[[float, str], None]
DEPTH = 10  # places of a list
MOST_COSINES = 2**26  # queries times documents of which all cosines are held: half a GiB
FEWEST = 16  # queries, 8 in a half: by chance all 8 have one sign in 1 of 128 cases, fewer than any interval here may miss


@dataclass(frozen=True)
class Bin:
    """Queries of like confidence: how many, their mean confidence, and the share that was right with its Wilson interval."""

    queries: int
    confidence: float
    right: float
    low: float
    high: float


@dataclass(frozen=True)
class Reliability:
    """A method's confidence on the held-out half against how often it is right, in bins of equal numbers."""

    method: str
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Retrieval:
    """``share_right``: of the judged queries whose best match by cosine is relevant; ``unjudged``: queries without a relevant document.

    ``why_not``: why nothing is said about confidence, where ``usefulness`` is None, and about exponents, where ``exponent`` is.
    """

    queries: int
    documents: int
    unjudged: int
    share_right: float
    by_product: Hubs
    by_cosine: Hubs
    exponent: NormExponent | None
    usefulness: Usefulness | None
    why_not: str
    controls: tuple[str, ...]
    reliability: tuple[Reliability, ...]
    comparison: Comparison | None


@dataclass(frozen=True)
class Asked:
    """What is compared: rows that can be sliced, relevance, and ``controls`` of documents, name -> (N, k): what a norm has to beat."""

    queries: Any
    documents: Any
    relevance: Relevance
    precision: str  # of the documents as stored
    controls: Mapping[str, Floats] = field(default_factory=dict)


def retrieve(asked: Asked, *, level: float, resamples: int, seed: int, tell: Tell) -> Retrieval:
    """Everything there is to say; raises ``InvalidInput`` for rows or pairs that cannot be."""
    count = len(asked.documents)
    depth = min(DEPTH, count)
    told = [lambda done, i=i, words=words: tell((i + done) / 4, words)
            for i, words in enumerate(("inner products", "cosines", "exponent of the norm", "confidence"))]  # fmt: skip
    product = hubs(asked.queries, asked.documents, depth, score="inner_product", progress=told[0])
    cosine = hubs(asked.queries, asked.documents, depth, score="cosine", progress=told[1])
    pairs = asked.relevance.checked(len(asked.queries), count)
    judged = np.unique(pairs[0])
    exponent = None if len(judged) < FEWEST else norm_exponent(
        asked.queries, asked.documents, asked.relevance, k=depth, resamples=resamples, level=level, seed=seed, progress=told[2]
    )  # fmt: skip
    told[3](0.0)
    best, features, right, names = _matches(asked, pairs, judged)
    useful, why = _useful(asked, best, features, right, level, seed, lambda done: told[3](done / 2))
    compared, curves = (None, ()) if useful is None else _confidences(asked, pairs, judged, features, right, level, resamples, seed)
    told[3](1.0)
    return Retrieval(len(asked.queries), count, len(asked.queries) - len(judged), float(np.mean(right)), product, cosine, exponent,
                     useful, why, names, curves, compared)  # fmt: skip


def _matches(asked: Asked, pairs: tuple[Any, Any, Any], judged: NDArray[np.int64]) -> tuple[
    NDArray[np.int64], Floats, Floats, tuple[str, ...]
]:  # fmt: skip
    """The best match by cosine of each judged query, its features (n, f), the logarithm of its norm last, and whether it is relevant.

    Queries that share their best match share what is special about it: they are one group in every interval.
    """
    if len(asked.documents) < 2:
        raise InvalidInput(f"documents has {len(asked.documents)} rows, must have 2 or more")
    found = best_matches(asked.queries, asked.documents, 2, score="cosine", precision="float64")
    first = found.documents[judged, 0]
    scores = found.scores[judged].astype(np.float64)
    known = np.sort(pairs[0] * len(asked.documents) + pairs[1])
    keys = judged * len(asked.documents) + first
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    columns = [scores[:, 0], scores[:, 0] - scores[:, 1]]
    names = ["cosine", "margin"]
    for name, held in asked.controls.items():
        columns += list(held[first].T)
        names.append(name)
    columns.append(np.log(_norms(asked.documents, first)))
    return first, np.stack(columns, axis=1), (known[place] == keys).astype(np.float64), tuple(names)


def _norms(rows: Any, wanted: NDArray[np.int64]) -> Floats:
    distinct, back = np.unique(wanted, return_inverse=True)
    lengths = np.array([np.linalg.norm(np.asarray(rows[i : i + 1], dtype=np.float64)) for i in distinct.tolist()])
    return np.asarray(lengths[back], dtype=np.float64)


def _useful(
    asked: Asked, best: NDArray[np.int64], features: Floats, right: Floats, level: float, seed: int, progress: Callable[[float], None]
) -> tuple[Usefulness | None, str]:
    from numerics.calibration import usefulness
    from numerics.norm_signal.floors import floor

    rows = np.all(np.isfinite(features), axis=1)
    features, right = features[rows], right[rows]
    if len(right) < FEWEST:
        known = "" if np.all(rows) else f" and a match of known {', '.join(asked.controls)}"
        return None, f"{len(right)} queries have a relevant document{known}; a test needs {FEWEST}"
    if right.min() == right.max():
        return None, f"the best match is {'always' if right.min() else 'never'} relevant: nothing to be confident about"
    logs = features[:, -1]
    if np.ptp(logs) <= 2 * floor(asked.precision, asked.documents.shape[1], float(np.exp(np.median(logs)))):
        return None, f"the norms of all best matches are the same but for what rounding to {asked.precision} makes of them"
    try:
        return usefulness(right, features[:, :-1], logs, groups=best[rows], level=level, seed=seed, progress=progress), ""
    except InvalidInput as error:  # one half has only right ones, or only wrong ones
        return None, str(error)


def _confidences(
    asked: Asked, pairs: tuple[Any, Any, Any], judged: NDArray[np.int64], features: Floats, right: Floats, level: float, resamples: int,
    seed: int,
) -> tuple[Comparison | None, tuple[Reliability, ...]]:  # fmt: skip
    """Reliability without and with the norm; every method where all cosines fit into memory and each query has one answer."""
    rows = np.all(np.isfinite(features), axis=1)
    features, right = features[rows], right[rows]
    used = ((", ".join(("cosine", "margin", *asked.controls)), slice(0, features.shape[1] - 1)), ("the same and the norm", slice(None)))
    curves = tuple(_reliability(name, features[:, columns], right, level, seed) for name, columns in used)
    if len(pairs[0]) != len(judged) or len(judged) * len(asked.documents) > MOST_COSINES or not _known(asked):
        return None, curves
    return _compared(asked, pairs, judged, level, resamples, seed), curves


def _known(asked: Asked) -> bool:
    return all(bool(np.all(np.isfinite(held))) for held in asked.controls.values())


def _compared(
    asked: Asked, pairs: tuple[Any, Any, Any], judged: NDArray[np.int64], level: float, resamples: int, seed: int
) -> Comparison:
    from numerics.calibration import FixedTemperature, ItemTemperature, LogisticConfidence, OneTemperature, compare

    documents = np.asarray(asked.documents[0 : len(asked.documents)], dtype=np.float64)
    norms = np.linalg.norm(documents, axis=1)
    queries = np.asarray(asked.queries[0 : len(asked.queries)], dtype=np.float64)[judged]
    cosines = (queries / np.linalg.norm(queries, axis=1)[:, None]) @ (documents / norms[:, None]).T
    answers = np.empty(len(judged), np.int64)
    answers[np.searchsorted(judged, pairs[0])] = pairs[1]
    logs = np.log(norms)
    attributes = (*(column for held in asked.controls.values() for column in held.T), logs)
    known = len(attributes) + 1  # features of a match: cosine, margin, attributes
    beside = f"logistic: and {', '.join(asked.controls)}"
    methods = {
        "temperature 0.05": FixedTemperature(),
        "one temperature": OneTemperature(),
        "a temperature an item, by norm": ItemTemperature(features=logs[:, None]),
        "logistic: cosine, margin": LogisticConfidence(columns=(0, 1)),
        beside: LogisticConfidence(columns=tuple(range(known))),
        "logistic: and norm": LogisticConfidence(),
    }
    if not asked.controls:
        del methods[beside]
    return compare(methods, cosines, answers, of_items=attributes, baseline="one temperature", level=level, seed=seed,
                   resamples=min(resamples, 1000))  # fmt: skip


def _reliability(name: str, features: Floats, right: Floats, level: float, seed: int, bins: int = 10) -> Reliability:
    """A logistic confidence, fitted on one half drawn from ``seed``, in bins of equal numbers on the other."""
    from scipy.stats import binomtest

    from numerics.calibration import LogisticConfidence

    order = np.random.default_rng([seed, 2]).permutation(len(right))
    fit, held = order[: len(order) // 2], order[len(order) // 2 :]
    if len(np.unique(right[fit])) < 2:
        return Reliability(name, ())
    confidence = LogisticConfidence().fit(features[fit], right[fit].astype(int)).predict_proba(features[held])[:, 1]
    parts = np.array_split(np.argsort(confidence, kind="stable"), max(1, min(bins, len(held) // 20)))
    found = []
    for part in parts:
        hit = int(right[held][part].sum())
        ends = binomtest(hit, len(part)).proportion_ci(level, method="wilson")
        found.append(Bin(len(part), float(confidence[part].mean()), hit / len(part), float(ends.low), float(ends.high)))
    return Reliability(name, tuple(found))
