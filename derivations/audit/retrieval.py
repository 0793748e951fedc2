"""Queries and documents: do norms rule the ranking, and do they tell anything about being right that cosines do not?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from derivations.audit.asked import FEWEST, Asked, Known
from derivations.audit.confidences import Reliability, compared, reliability, useful
from derivations.audit.matches import BestMatches, best_of
from numerics.calibration import Comparison, Usefulness
from numerics.rankings import Agreement, Hubs, NormExponent, agreement, best_matches, hubs_in, norm_exponent

Tell = Callable[[float, str], None]
DEPTH = 10  # places of a list
UNJUDGED = "it is not known which documents are relevant (--relevance FILE)"

__all__ = ["Asked", "Known", "Reliability", "Retrieval", "retrieve"]


@dataclass(frozen=True)
class Retrieval:
    """``lists``: of inner products beside those of cosines. ``unjudged``: queries without a relevant document; all of them where
    relevance was not given, and then what follows is None.

    ``share_right``: of the judged queries whose best match by cosine is relevant. ``groups``: of judged queries, which share ``grouped_by``
    and count as one in halves, folds and intervals. ``why_not``: why nothing is said about confidence, where ``usefulness`` is None,
    and about exponents, where ``exponent`` is. ``controls``: what the norm was held against, ``lengths`` of documents among them;
    ``unused``: columns of text that were not.
    """

    queries: int
    documents: int
    lists: Agreement
    by_product: Hubs
    by_cosine: Hubs
    unjudged: int
    share_right: float | None = None
    groups: int = 0
    grouped_by: str = ""
    exponent: NormExponent | None = None
    usefulness: Usefulness | None = None
    why_not: str = ""
    controls: tuple[str, ...] = ()
    lengths: tuple[str, ...] = ()
    reliability: tuple[Reliability, ...] = ()
    comparison: Comparison | None = None
    unused: Mapping[str, str] = field(default_factory=dict)


def retrieve(asked: Asked, *, level: float, resamples: int, seed: int, tell: Tell) -> Retrieval:
    """Everything there is to say; raises ``InvalidInput`` for rows or pairs that cannot be."""
    told = [lambda done, i=i, words=words: tell((i + done) / 4, words)
            for i, words in enumerate(("inner products", "cosines", "exponent of the norm", "confidence"))]  # fmt: skip
    depth = min(DEPTH, len(asked.documents))
    found = [best_matches(asked.queries, asked.documents, depth, score=score, progress=say)
             for score, say in (("inner_product", told[0]), ("cosine", told[1]))]  # fmt: skip
    by_product, by_cosine = (hubs_in(lists, asked.documents, score=score)
                             for lists, score in zip(found, ("inner_product", "cosine"), strict=True))  # fmt: skip
    rows = (len(asked.queries), len(asked.documents), agreement(*found), by_product, by_cosine)
    if asked.relevance is None:
        return Retrieval(*rows, unjudged=len(asked.queries), why_not=UNJUDGED)
    best = best_of(asked)
    exponent = None if best.groups() < FEWEST else norm_exponent(
        asked.queries, asked.documents, asked.relevance, k=depth, groups=best.every, level=level, resamples=resamples, seed=seed,
        progress=told[2],
    )  # fmt: skip
    usefulness, why, scores, curves = _confidence(asked, best, told[3], level, resamples, seed)
    return Retrieval(
        *rows, unjudged=len(asked.queries) - len(best.judged), share_right=float(best.right.mean()), groups=best.groups(),
        grouped_by=best.grouped_by, exponent=exponent, usefulness=usefulness, why_not=why, controls=best.held_against,
        lengths=asked.known.lengths, reliability=curves, comparison=scores, unused=asked.known.unused,
    )  # fmt: skip


def _confidence(
    asked: Asked, best: BestMatches, tell: Callable[[float], None], level: float, resamples: int, seed: int
) -> tuple[Usefulness | None, str, Comparison | None, tuple[Reliability, ...]]:
    tell(0.0)
    found, why = useful(asked, best, level=level, resamples=resamples, seed=seed, progress=lambda done: tell(done / 2))
    if found is None:
        return None, why, None, ()
    curves = tuple(reliability(best, norm, level, seed) for norm in (False, True))
    scores = compared(asked, best, level, resamples, seed)
    tell(1.0)
    return found, why, scores, curves
