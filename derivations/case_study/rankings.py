"""Lemmas asked for their gloss among all glosses: does the norm move the ranking, or what it stands for?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.case_study.written import Written
from derivations.terminal.progress import Tell
from numerics.rankings import NormExponent, Relevance, best_matches, hubs, norm_exponent
from numerics.validation import Floats

GRID = tuple(round(-2 + 0.1 * i, 1) for i in range(41))
K = 10
ASKED = 5000  # queries that exponents are fitted and tested on, at most


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


def matches(queries: Any, documents: Any, relevant: NDArray[np.int64]) -> Match:
    """The best of ``documents`` (N, d) for each of ``queries`` (Q, d) by cosine."""
    found = best_matches(queries, documents, 2, score="cosine")
    best, count = found.documents[:, 0], len(documents)
    right = np.isin(np.arange(len(best)) * count + best, relevant[:, 0] * count + relevant[:, 1])
    cosines = found.scores.astype(np.float64)
    return Match(best, right.astype(float), cosines[:, 0], cosines[:, 0] - cosines[:, 1])


def hub_share(queries: Any, documents: Any, score: str) -> HubShare:
    found = hubs(queries, documents, K, score=score)
    return HubShare(score, found.fraction, found.share, found.skewness, found.norm_correlation, found.never)


def exponents(written: Written, families: NDArray[np.int64], seed: int, tell: Tell) -> dict[str, NormExponent]:
    """Of the norm; of the number of tokens alone; of what the norm has beyond that; and of the norms of the controls. Each is a scale
    whose logarithm has the spread that the norm's has, so that exponents compare."""
    documents = np.asarray(written.glosses.embeddings["trained"], dtype=np.float32)
    unit = documents / np.linalg.norm(documents, axis=1, keepdims=True)
    tokens, norms = np.log1p(written.glosses.columns["tokens"]), np.log(written.glosses.norms["trained"])
    scales = {"norm": norms, "number of tokens": tokens, "norm at equal length": _beyond(norms, tokens)}
    scales |= {f"norm of the {v} network": np.log(written.glosses.norms[v]) for v in written.variants[1:]}
    asked = np.unique(np.linspace(0, len(written.queries) - 1, ASKED).astype(np.int64))
    place = np.full(len(written.queries), -1)
    place[asked] = np.arange(len(asked))
    kept = written.relevant[place[written.relevant[:, 0]] >= 0]
    pairs = Relevance(place[kept[:, 0]], kept[:, 1])
    queries = np.asarray(written.queries.embeddings["trained"])[asked]
    found = {}
    for i, (name, scale) in enumerate(scales.items()):
        spread = np.std(scale)
        even = (scale - scale.mean()) * (np.std(norms) / spread if spread > 0 else 0.0)
        rescaled = unit * np.exp(even).astype(np.float32)[:, None]
        tell(i / len(scales), f"exponent of {name}")
        found[name] = norm_exponent(queries, rescaled, pairs, k=K, grid=GRID, seed=seed, groups=families[asked])
    return found


def _beyond(values: Floats, control: Floats) -> Floats:
    """What is left of ``values`` (n,) after the mean at each value of ``control``; texts of a length of their own have nothing left."""
    at = np.unique(control, return_inverse=True)[1]
    return values - (np.bincount(at, values) / np.bincount(at))[at]
