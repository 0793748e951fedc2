"""Lemmas asked for their gloss among all glosses: what might stand behind the power of the norm that ranks best?

The audit fits the power of the norm itself; here the same is asked of the number of tokens, of the norm at equal numbers of
tokens, and of the norms of the controls.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.case_study.written import Written
from derivations.terminal.progress import Tell
from numerics.rankings import NormExponent, Relevance, best_matches, norm_exponent
from numerics.validation import Floats

K = 10


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


def exponents(written: Written, seed: int, tell: Tell) -> dict[str, NormExponent]:
    """Of the number of tokens alone; of what the norm has beyond that; and of the norms of the controls. Each is a scale whose logarithm
    has the spread that the norm's has, so that exponents compare with the audit's."""
    documents = np.asarray(written.glosses.embeddings["trained"], dtype=np.float32)
    unit = documents / np.linalg.norm(documents, axis=1, keepdims=True)
    tokens, norms = np.log1p(written.glosses.columns["tokens"]), np.log(written.glosses.norms["trained"])
    scales = {"number of tokens": tokens, "norm at equal length": _beyond(norms, tokens)}
    scales |= {f"norm of the {v} network": np.log(written.glosses.norms[v]) for v in written.variants[1:]}
    pairs = Relevance(written.relevant[:, 0], written.relevant[:, 1])
    found = {}
    for i, (name, scale) in enumerate(scales.items()):
        spread = np.std(scale)
        even = (scale - scale.mean()) * (np.std(norms) / spread if spread > 0 else 0.0)
        rescaled = unit * np.exp(even).astype(np.float32)[:, None]
        found[name] = norm_exponent(
            np.asarray(written.queries.embeddings["trained"]), rescaled, pairs, k=K, seed=seed,
            progress=partial(_part, tell, i, len(scales), f"exponent of {name}"),
        )  # fmt: skip
    return found


def _part(tell: Tell, i: int, parts: int, words: str, done: float) -> None:
    tell((i + done) / parts, words)


def _beyond(values: Floats, control: Floats) -> Floats:
    """What is left of ``values`` (n,) after the mean at each value of ``control``; texts of a length of their own have nothing left."""
    at = np.unique(control, return_inverse=True)[1]
    return values - (np.bincount(at, values) / np.bincount(at))[at]
