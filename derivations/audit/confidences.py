"""Does the norm of the best match tell whether it is right, beyond all that is known of it? And methods of confidence side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derivations.audit.asked import FEWEST, Asked, Floats
from derivations.audit.layout import listed
from derivations.audit.matches import BestMatches, bent
from numerics.calibration import Comparison, Usefulness
from numerics.validation import InvalidInput

MOST_COSINES = 2**26  # queries times documents of which all cosines are held: half a GiB


@dataclass(frozen=True)
class Bin:
    """Queries of like confidence: how many, their mean confidence, and the share that was right with its Wilson interval, of as many
    independent queries as the spread between groups says."""

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


def useful(
    asked: Asked, best: BestMatches, *, level: float, resamples: int, seed: int, progress: Callable[[float], None]
) -> tuple[Usefulness | None, str]:
    """What the norm tells beyond the controls, or why nothing can be said."""
    from numerics.calibration import usefulness
    from numerics.norm_signal.floors import floor

    rows = best.known
    right, logs, group = best.right[rows], best.log_norms[rows], best.group[rows]
    known = "" if np.all(rows) else f" and a match of known {', '.join((*asked.known.columns, *asked.known.labels))}"
    if len(right) < FEWEST:
        return None, f"{len(right)} queries have a relevant document{known}; a test needs {FEWEST}"
    if (groups := len(np.unique(group))) < FEWEST:
        return None, (f"the {len(right)} queries with a relevant document{known} share {best.grouped_by}: {groups} groups;"
                      f" a test needs {FEWEST}")  # fmt: skip
    if right.min() == right.max():
        return None, f"the best match is {'always' if right.min() else 'never'} relevant: nothing to be confident about"
    if np.ptp(logs) <= 2 * floor(asked.precision, asked.documents.shape[1], float(np.exp(np.median(logs)))):
        return None, f"the norms of all best matches are the same but for what rounding to {asked.precision} makes of them"
    try:
        labels = {name: held.at(rows) for name, held in best.labels.items()}
        found = usefulness(right, best.controls[rows], logs, categories=labels, groups=group, level=level, resamples=resamples, seed=seed,
                           progress=progress)  # fmt: skip
    except InvalidInput as error:
        return None, str(error)
    return found, ""


def compared(asked: Asked, best: BestMatches, level: float, resamples: int, seed: int) -> Comparison | None:
    """Every method, where all cosines fit into memory, each query has one answer and all is known of all documents."""
    from numerics.calibration import FixedTemperature, ItemTemperature, LogisticConfidence, OneTemperature, compare

    held, labels, judged = asked.known.columns, asked.known.labels, best.judged
    if len(best.pairs[0]) != len(judged) or len(judged) * len(asked.documents) > MOST_COSINES or best.groups() < FEWEST:
        return None
    if not all(bool(np.all(np.isfinite(column))) for column in held.values()) or any(c.missing for c in labels.values()):
        return None
    documents = np.asarray(asked.documents[0 : len(asked.documents)], dtype=np.float64)
    norms = np.linalg.norm(documents, axis=1)
    queries = np.asarray(asked.queries[0 : len(asked.queries)], dtype=np.float64)[judged]
    cosines = (queries / np.linalg.norm(queries, axis=1)[:, None]) @ (documents / norms[:, None]).T
    answers = np.empty(len(judged), np.int64)
    answers[np.searchsorted(judged, best.pairs[0])] = best.pairs[1]
    logs = np.log(norms)
    indicators = (column for each in labels.values() for column in each.indicators().T)
    attributes = (*(bent(np.column_stack(list(held.values()))).T if held else ()), *indicators, logs)
    known = len(attributes) + 1  # features of a match: cosine, margin, attributes
    methods = {
        "temperature 0.05": FixedTemperature(),
        "one temperature": OneTemperature(),
        "a temperature an item, by norm": ItemTemperature(features=logs[:, None]),
        "logistic: cosine, margin": LogisticConfidence(columns=(0, 1)),
        **({f"logistic: and {listed((*held, *labels))}": LogisticConfidence(columns=tuple(range(known)))} if held or labels else {}),
        "logistic: and norm": LogisticConfidence(),
    }
    return compare(methods, cosines, answers, of_items=attributes, baseline="one temperature", groups=best.group, level=level, seed=seed,
                   resamples=min(resamples, 1000))  # fmt: skip


def reliability(best: BestMatches, norm: bool, level: float, seed: int, bins: int = 10) -> Reliability:
    """A logistic confidence with or without the norm, fitted on one half of the groups drawn from ``seed``, in bins on the other."""
    from numerics.calibration import LogisticConfidence

    name = "the same and the norm" if norm else ", ".join(best.held_against)
    rows = best.known
    right, group = best.right[rows], best.group[rows]
    features = np.column_stack([best.features(), *([best.log_norms[rows]] if norm else [])])
    names = np.unique(group)
    fit = np.isin(group, np.random.default_rng([seed, 2]).permutation(names)[: len(names) // 2])
    if len(np.unique(right[fit])) < 2:
        return Reliability(name, ())
    confidence = LogisticConfidence().fit(features[fit], right[fit].astype(int)).predict_proba(features[~fit])[:, 1]
    parts = np.array_split(np.argsort(confidence, kind="stable"), max(1, min(bins, int(np.sum(~fit)) // 20)))
    return Reliability(name, tuple(_bin(confidence[part], right[~fit][part], group[~fit][part], level) for part in parts))


def _bin(confidence: Floats, right: Floats, group: NDArray[np.int64], level: float) -> Bin:
    from scipy.stats import norm as normal

    share, queries = float(right.mean()), len(right)
    sums = np.bincount(np.unique(group, return_inverse=True)[1], right - share)
    spread = float(np.sum((right - share) ** 2))
    # Kish's design effect: a bin of few groups holds fewer independent queries than queries
    count = queries / max(1.0, float(sums @ sums) / spread if spread > 0 else queries / len(sums))
    z = float(normal.isf((1 - level) / 2))
    middle, reach = share + z**2 / (2 * count), z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    whole = 1 + z**2 / count
    return Bin(queries, float(confidence.mean()), share, max((middle - reach) / whole, 0.0), min((middle + reach) / whole, 1.0))
