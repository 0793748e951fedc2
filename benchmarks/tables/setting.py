"""A text, how to train on it, and the pairs and negatives that every contender which can be told them is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from numerics.corpus.text import EncodedText, Text, count_words
from numerics.lookup.embeddings import NOISE_POWER, LookupSettings, train_lookup
from numerics.sampling import alias_table, draw, stream_key
from numerics.simulation.optimizers import Optimizer

Ids = NDArray[np.int32]
Rows = NDArray[Any]
TEMPERATURE, NORM, EPSILON = 1.0, 10.0, 100.0  # sizes at which the bound of rounding stays small; they change nobody's work
_CHUNK = 16_384


@dataclass(frozen=True)
class Tokens:
    """A text as row numbers, every row of which occurs: ``counts`` (V,)."""

    name: str
    ids: Ids
    counts: NDArray[np.int64]

    def __hash__(self) -> int:
        return hash((self.name, len(self.ids), len(self.counts)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tokens) and self.name == other.name and bool(np.array_equal(self.ids, other.ids))


@lru_cache
def built_in_text(limit: int | None) -> Tokens:
    """The words of the Python language reference, those that occur once included."""
    text = Text(None)
    vocabulary = count_words(text, min_count=1, max_size=10**6)
    return _numbered("the built-in text", np.concatenate(list(EncodedText(text, vocabulary)))[:limit])


@lru_cache
def zipf_text(rows: int, tokens: int, seed: int = 0) -> Tokens:
    """Independent words by Zipf's law; each of ``rows`` rows has a count, whether it is met or not."""
    weights = 1.0 / (np.arange(rows) + 10.0)
    drawn = np.random.default_rng((seed, rows, tokens)).choice(rows, tokens, p=weights / weights.sum())
    counts = np.maximum(np.bincount(drawn, minlength=rows), 1)
    return Tokens("Zipf", drawn.astype(np.int32), counts)


def _numbered(name: str, ids: Ids) -> Tokens:
    """The rows that occur, most frequent first."""
    found, place, counts = np.unique(ids, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    rank = np.empty(len(found), np.int32)
    rank[order] = np.arange(len(found), dtype=np.int32)
    return Tokens(name, rank[place].astype(np.int32), counts[order])


@dataclass(frozen=True)
class Setting:
    """A training: one pass over the text, one replicate."""

    text: Tokens
    dimension: int
    batch: int
    loss: str = "infonce"
    rule: str = "sgd"
    step_size: float = 1e-3  # small enough for the most frequent row, which has hundreds of gradients a batch
    decay: float = 0.0
    precision: str = "float32"
    window: int = 5
    negatives: int = 5
    seed: int = 1

    def under(self, **changes: Any) -> Setting:
        """The same with something else in it."""
        return replace(self, **changes)

    @property
    def name(self) -> str:
        """In a table."""
        words = [f"V={len(self.text.counts)}", f"d={self.dimension}", f"batch {self.batch}", self.loss, self.rule, self.precision]
        return f"{self.text.name}, {self.pairs} pairs, " + ", ".join(words)

    @property
    def pairs(self) -> int:
        """Words and contexts at most ``window`` apart, both ways."""
        return pairs_of(len(self.text.ids), self.window)

    def settings(self, step_size: float | None = None) -> LookupSettings:
        """Ours."""
        optimizer: str | Optimizer = self.rule
        if self.rule == "adam":
            optimizer = Optimizer("adam", lazy=True, epsilon=EPSILON)
        chosen: dict[str, Any] = {
            "dimension": self.dimension, "window": self.window, "negatives": self.negatives, "temperature": TEMPERATURE,
            "step_size": self.step_size if step_size is None else step_size, "initial_norm": NORM, "replicates": 1, "seed": self.seed,
            "optimizer": optimizer, "weight_decay": self.decay, "loss": self.loss, "batch": self.batch, "precision": self.precision,
        }  # fmt: skip
        return LookupSettings(**chosen)

    @cached_property
    def stream(self) -> Stream:
        """Every pair with its negatives, in order: as `train_lookup` documents them, expanded for others."""
        ids, width = self.text.ids, self.window
        places = np.arange(len(ids))[:, None] + np.concatenate((np.arange(-width, 0), np.arange(1, width + 1)))
        inside = (places >= 0) & (places < len(ids))
        words = np.repeat(ids, inside.sum(axis=1))
        candidates = np.empty((len(words), 1 + self.negatives), np.int64)
        candidates[:, 0] = ids[places[inside]]
        source = np.random.SeedSequence(self.seed).spawn(1)[0].spawn(2)[1]
        _fill(candidates, alias_table(self.text.counts.astype(np.float64) ** NOISE_POWER), stream_key(source))
        return Stream(words.astype(np.int64), candidates)

    @cached_property
    def start(self) -> Result:
        """Both tables before training: those of a training whose steps are too small to move anything."""
        run = train_lookup([self.text.ids[:2]], self.text.counts, self.settings(1e-30))
        return Result(run.word.rows[0].copy(), run.context.rows[0].copy())


class Stream(NamedTuple):
    """Words (P,) and candidates (P, 1 + negatives), the observed context first."""

    words: NDArray[np.int64]
    candidates: NDArray[np.int64]


class Result(NamedTuple):
    """Both tables, each (V, d)."""

    word: Rows
    context: Rows


def pairs_of(tokens: int, window: int) -> int:
    """How many pairs so many tokens in a row have."""
    width = np.minimum(window, np.arange(tokens))
    return int(2 * width.sum())


@njit
def _fill(candidates: Any, noise: Any, key: Any) -> None:
    negatives = candidates.shape[1] - 1
    for pair in range(len(candidates)):
        for j in range(negatives):
            candidates[pair, j + 1] = draw(noise, key, np.uint64(pair * negatives + j))


ROUNDOFF: Mapping[str, float] = {"float64": 2.0**-53, "float32": 2.0**-24}
