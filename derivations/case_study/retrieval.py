"""Lemmas asked for their gloss among all glosses: do norms move the ranking, and do they say which answers are right?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from derivations.case_study.confidence import Confidence, Reliability, confidences, features, useful
from derivations.case_study.rankings import HubShare, exponents, hub_share, matches
from derivations.case_study.written import Written
from derivations.terminal.progress import Tell
from numerics.calibration import Usefulness
from numerics.rankings import NormExponent


@dataclass(frozen=True)
class Retrieval:
    """``exponents`` of the norm, and of what it might stand for; ``useful``: norms beyond cosine and margin, and beyond length and
    frequency as well, of this model and of the controls."""

    queries: int
    documents: int
    accuracy: float
    hubs: tuple[HubShare, ...]
    exponents: Mapping[str, NormExponent]
    confidences: tuple[Confidence, ...]
    reliability: tuple[Reliability, ...]
    useful: Mapping[str, Usefulness]


def retrieval(written: Written, seed: int, tell: Tell) -> Retrieval:
    """All of it, for the trained model; the norms of the controls are asked too, about the same answers."""
    queries, documents = written.queries.embeddings["trained"], written.glosses.embeddings["trained"]
    families = np.unique(written.queries.columns["synset"], return_inverse=True)[1].astype(np.int64)  # synonyms stay together
    tell(0.0, "the best gloss of every lemma")
    match = matches(queries, documents, written.relevant)
    shares = tuple(hub_share(queries, documents, score) for score in ("cosine", "inner_product"))
    powers = exponents(written, families, seed, lambda done, message: tell(0.1 + 0.5 * done, message))
    tell(0.6, "confidences")
    known = features(written, match)
    rows, reliability = confidences(known, match.correct, families, seed)
    answers = useful(written, known, match.correct, families, seed, lambda done, message: tell(0.7 + 0.3 * done, message))
    return Retrieval(
        len(queries), len(documents), float(match.correct.mean()), shares, powers, rows, reliability, answers
    )
