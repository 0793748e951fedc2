"""Corpora of two kinds, and what two tables trained on them make of specificity at equal frequency.

Half of the words, and half of the contexts that are compared, are specific, the others broad; all words are equally
frequent, and so are all contexts that are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import t as student

from derivations.evidence import Floats
from numerics.lookup.two_tables import Tables, trained

WORDS, TOPICS, COMMON, RARE = 20, 5, 4, 20
REPLICATES, RISK, SEED = 24, 1e-9, 20260
TEMPERATURE, STEP_SIZE = 0.2, 0.1
QUANTILE = float(student.isf(RISK, REPLICATES - 1))  # of the mean over its standard error, one-sided


@dataclass(frozen=True)
class Corpus:
    """A joint distribution (W, C), which words are specific, and which contexts are so (1), or broad (0), or not compared (-1)."""

    joint: Floats
    words: Floats
    contexts: Floats


def shared_rarities() -> Corpus:
    """Frequent contexts for all words, and rare ones: half of a word's rare ones are of its topic, half anybody's.

    Broad words keep to frequent contexts (nine times in ten), which most negatives are; specific ones to rare contexts.
    """
    frequent = 1 / np.arange(1, COMMON + 1) ** 1.2
    specific = (np.arange(WORDS) >= WORDS // 2).astype(float)
    rare = np.where(specific > 0, 0.9, 0.1)
    topical = (np.arange(WORDS)[:, None] % TOPICS == np.arange(RARE) % TOPICS).astype(float)
    joint = np.concatenate(
        ((1 - rare)[:, None] * frequent / frequent.sum(), rare[:, None] * topical * TOPICS / (2 * RARE),
         np.repeat(rare[:, None] / (2 * RARE), RARE, axis=1)), axis=1)  # fmt: skip
    return Corpus(joint / WORDS, specific, np.repeat([-1.0, 1.0, 0.0], [COMMON, RARE, RARE]))


def topics_only() -> Corpus:
    """As many contexts as words, each in a topic and drawn to it strongly or weakly; equal frequencies on both sides."""
    specific = (np.arange(WORDS) >= WORDS // 2).astype(float)
    pull = 0.1 + 0.8 * specific
    same = np.arange(WORDS)[:, None] % TOPICS == np.arange(WORDS) % TOPICS
    joint = np.exp(3 * pull[:, None] * pull * same)
    for _ in range(300):  # to equal margins
        joint /= WORDS * joint.sum(axis=1, keepdims=True)
        joint /= WORDS * joint.sum(axis=0)
    return Corpus(joint, specific, specific)


CORPORA = {"shared rarities": shared_rarities, "topics only": topics_only}


@lru_cache(maxsize=4)
def tables(kind: str) -> Tables:
    """Both tables after training, two negatives a pair, with a seed of its own."""
    return trained(CORPORA[kind]().joint, dimension=16, replicates=REPLICATES, temperature=TEMPERATURE, negatives=2,
                   step_size=STEP_SIZE, steps=100, batch=16, seed=SEED)  # fmt: skip


def excess(kind: str, side: str) -> tuple[float, float]:
    """Log ratio of the growth of fourth powers, specific over broad: mean over replicates, and its standard error."""
    corpus, powers = CORPORA[kind](), tables(kind).fourth_powers()
    rows, specific = (powers[0], corpus.words) if side == "words" else (powers[1], corpus.contexts)
    ratio = np.log(np.mean(rows[:, specific == 1] - 1, axis=1) / np.mean(rows[:, specific == 0] - 1, axis=1))
    return float(np.mean(ratio)), float(np.std(ratio, ddof=1) / np.sqrt(REPLICATES))
