"""Hubs: documents that turn up in the lists of many queries, and how many of the lists' places the longest rows take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import skew, spearmanr

from numerics import validation
from numerics.rankings.search import Matches, Progress, best_matches, block_sizes, norms_of, shape_of
from numerics.validation import Floats, InvalidInput


@dataclass(frozen=True)
class Hubs:
    """k-occurrence of N documents: in how many of the Q lists of k each one is; its mean is ``Q k/N``.

    ``skewness`` is its third standardised moment (Radovanovic, Nanopoulos, Ivanovic, JMLR 2010): 0 without hubs. ``share`` is the part
    of all places that the longest ``fraction`` of the rows take, which without an effect of norms is ``fraction``; ``never`` the
    share of documents in no list; ``norm_correlation`` Spearman's between norm and occurrence (NaN if one of them is constant).
    """

    k: int
    score: str
    occurrences: NDArray[np.int64]
    skewness: float
    fraction: float
    share: float
    never: float
    norm_correlation: float

    def largest(self, count: int = 10) -> tuple[tuple[int, int], ...]:
        """The documents with the most occurrences, and these."""
        order = np.argsort(-self.occurrences, kind="stable")[:count]
        return tuple((int(i), int(self.occurrences[i])) for i in order)


def hubs(
    queries: Any, documents: Any, k: int = 10, *, score: str = "inner_product", fraction: float = 0.01, precision: str = "float32",
    block_bytes: int = 2**27, threads: int | None = None, progress: Progress | None = None,
) -> Hubs:  # fmt: skip
    """Hubs among documents (N, d) for queries (Q, d): every list is exact. Arguments as for `best_matches`."""
    found = best_matches(
        queries, documents, k, score=score, precision=precision, block_bytes=block_bytes, threads=threads, progress=progress
    )
    return hubs_in(found, documents, score=score, fraction=fraction, block_bytes=block_bytes)


def hubs_in(found: Matches, documents: Any, *, score: str, fraction: float = 0.01, block_bytes: int = 2**27) -> Hubs:
    """Hubs of lists that were ``found`` by ``score`` among these documents (N, d)."""
    part = validation.number("fraction", fraction, above=0.0, most=1.0)
    count, dimension = shape_of("documents", documents)
    if found.documents.max() >= count:
        raise InvalidInput(f"found names document {found.documents.max()}, must be one of {count}")
    norms = norms_of("documents", documents, block_sizes(1, count, dimension, np.float64, block_bytes)[1])
    occurrences = np.bincount(found.documents.ravel(), minlength=count)
    longest = np.argsort(-norms, kind="stable")[: max(1, round(part * count))]
    return Hubs(
        k=found.documents.shape[1], score=score, occurrences=occurrences, skewness=_skewness(occurrences), fraction=len(longest) / count,
        share=float(occurrences[longest].sum() / occurrences.sum()), never=float(np.mean(occurrences == 0)),
        norm_correlation=_correlation(norms, occurrences),
    )  # fmt: skip


def _skewness(occurrences: NDArray[np.int64]) -> float:
    return float(skew(occurrences)) if np.ptp(occurrences) > 0 else 0.0


def _correlation(norms: Floats, occurrences: NDArray[np.int64]) -> float:
    if len(norms) < 3 or np.ptp(norms) == 0 or np.ptp(occurrences) == 0:
        return float("nan")
    return float(spearmanr(norms, occurrences).statistic)
