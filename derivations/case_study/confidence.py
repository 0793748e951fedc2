"""Is the best gloss right? Confidence from cosine and margin, from length, from norms, and what norms add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derivations.case_study.rankings import Match
from derivations.case_study.written import Written
from derivations.terminal.progress import Tell
from numerics.calibration import LogisticConfidence, Usefulness, scores, usefulness
from numerics.calibration.scores import Interval
from numerics.validation import Floats

RESAMPLES = 1000
ERROR = 0.05  # that any of the questions is answered yes by chance
REPLICATES = 50  # of data with a planted effect, for each size of it: what could have been seen
SCORES = ("nll", "brier", "ece", "auroc", "aurc")
HIGHER = ("auroc",)  # of these more is better
_BOTH = ("query", "gloss")
_PLAIN = ("cosine", "margin")
_TOKENS = (*_PLAIN, *(f"{text} tokens" for text in _BOTH))
# A control that is linear in log tokens leaves something of length to any norm that falls with it, an untrained network's included.
_LENGTH = (*_TOKENS, *(f"{text} {what}" for text in _BOTH for what in ("tokens squared", "characters", "words")))
_KNOWN = (*_LENGTH, "query frequency", "query polysemy")


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


def features(written: Written, match: Match) -> dict[str, Floats]:
    """By name: what a confidence may be made of, (Q,) each."""
    found = {
        "cosine": match.cosine,
        "margin": match.margin,
        "query frequency": written.queries.columns["log_frequency"],
        "query polysemy": np.log1p(written.queries.columns["polysemy"]),
    }
    every = np.arange(len(written.queries))
    for text, table, rows in zip(_BOTH, (written.queries, written.glosses), (every, match.documents), strict=True):
        found |= {f"{text} {name}": np.log1p(table.columns[name][rows]) for name in ("tokens", "characters", "words")}
        found[f"{text} tokens squared"] = found[f"{text} tokens"] ** 2
        found |= {f"{variant} {text} norm": np.log(table.norms[variant][rows]) for variant in written.variants}
    return found


def useful(
    written: Written, found: Mapping[str, Floats], correct: Floats, families: NDArray[np.int64], seed: int, tell: Tell
) -> dict[str, Usefulness]:
    """By question: the loss without norms less that with them, at a level at which all questions together err as rarely as `ERROR`."""
    answers, questions = {}, _questions(written)
    level = 1 - ERROR / len(questions)  # Bonferroni's: one of many questions is answered yes by chance more often than one alone
    for i, (name, (controls, norms)) in enumerate(questions.items()):
        tell(i / len(questions), f"usefulness: {name}")
        table, more = (np.column_stack([found[feature] for feature in part]) for part in (controls, norms))
        answers[name] = usefulness(correct, table, more, groups=families, seed=seed, replicates=REPLICATES, level=level)
    return answers


def _questions(written: Written) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Name -> controls and norms."""
    norms = {variant: tuple(f"{variant} {text} norm" for text in _BOTH) for variant in written.variants}
    both = norms["trained"]
    asked = {
        "beyond cosine and margin": (_PLAIN, both),
        "beyond cosine, margin and log tokens": (_TOKENS, both),
        "beyond cosine, margin and length": (_LENGTH, both),
        "the query's norm alone": (_LENGTH, both[:1]),
        "the gloss's norm alone": (_LENGTH, both[1:]),
        "beyond these, frequency and polysemy": (_KNOWN, both),
    }
    for variant in written.variants[1:]:
        asked[f"{variant} network, beyond cosine, margin and log tokens"] = (_TOKENS, norms[variant])
        asked[f"{variant} network, beyond cosine, margin and length"] = (_LENGTH, norms[variant])
    return asked


def confidences(
    found: Mapping[str, Floats], correct: Floats, families: NDArray[np.int64], seed: int
) -> tuple[tuple[Confidence, ...], tuple[Reliability, ...]]:
    """Without norms (the baseline) and with them, fitted on one half of the families and scored on the other."""
    norms = tuple(f"trained {text} norm" for text in _BOTH)
    sets = {"cosine, margin and length": _LENGTH, "the same and norms": (*_LENGTH, *norms), "cosine and margin": _PLAIN}
    names = np.unique(families)
    rng = np.random.Generator(np.random.Philox([seed, 3]))
    first = np.isin(families, rng.permutation(names)[: len(names) // 2])
    said = {}
    for name, used in sets.items():
        table = np.column_stack([found[feature] for feature in used])
        said[name] = LogisticConfidence().fit(table[first], correct[first]).predict_proba(table[~first])[:, 1]
    held = correct[~first]
    members, at = np.unique(families[~first], return_inverse=True)
    weights = [drawn[at] for drawn in scores.resampled(len(members), RESAMPLES, seed)]
    whole = {name: _scored(p, held, np.ones(len(held))) for name, p in said.items()}
    drawn = {name: np.array([_scored(p, held, w) for w in weights]) for name, p in said.items()}
    base = next(iter(sets))
    rows = tuple(
        Confidence(name, _intervals(whole[name], drawn[name]), _intervals(whole[name] - whole[base], drawn[name] - drawn[base]))
        for name in sets
    )
    return rows, tuple(_reliability(name, p, held) for name, p in said.items())


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
