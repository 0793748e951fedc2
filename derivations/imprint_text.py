"""The imprint on real text: tables of words under several optimisers, their norms against frequency and specificity.

Nothing here is a law with a bound: real gradients have an energy that depends on the word. What the map of the imprint
(`theory.imprint_map`) predicts is compared with what is found, and a miss is called a miss.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from numerics.contexts import contextual_specificity
from numerics.embeddings import LookupRun, LookupSettings, LookupTable, train_lookup
from numerics.text import EncodedText, Text, Vocabulary, count_words

Floats = NDArray[np.float64]
Progress = Callable[[float, str], None]
WORDS_NEEDED = 50
ENOUGH_VISITS = 100  # fewer say little of a row's norm
MEMORIES = 4.0  # a row is settled after so many of its relaxation times, and in range if it is visited so often within one
RESAMPLES = 400
TOKENS = {"quick": 200_000, "full": None}
TABLES = ("word", "context")
# Decays such that most words settle: 1/(4 eta lambda) is some 10^5 steps (dense) or 50 visits (lazy).
TRAININGS: Mapping[str, Mapping[str, Any]] = {
    "sgd/none": {},
    "sgd/dense": {"weight_decay": 4e-5},
    "sgd/lazy": {"weight_decay": 0.1, "lazy": True},
    "adam/none": {"optimizer": "adam", "step_size": 1e-3},
    "adam/dense": {"optimizer": "adam", "step_size": 1e-3, "weight_decay": 5e-3},
    "sparse_adam/none": {"optimizer": "adam", "step_size": 1e-3, "lazy": True},
}


@dataclass(frozen=True)
class Estimate:
    """A figure with a 95 % bootstrap interval over words."""

    value: float
    low: float
    high: float

    @property
    def sign(self) -> int:
        """1 or -1 where the interval excludes 0, else 0."""
        return int(self.low > 0) - int(self.high < 0)


@dataclass(frozen=True)
class Row:
    """One optimiser and table: ``words`` in the range of its law, the exponent of the norm in the number of visits, and
    the rank correlation of norm and contextual specificity at equal frequency."""

    training: str
    table: str
    words: int
    exponent: Estimate
    specificity: Estimate


@dataclass(frozen=True)
class ImprintOnText:
    """All rows, and what they were made from."""

    corpus: str
    tokens: int
    distinct: int
    seed: int
    rows: tuple[Row, ...]


def run(
    *, corpus: Path | None = None, seed: int = 0, effort: str = "quick", trainings: Sequence[str] = tuple(TRAININGS),
    progress: Progress | None = None,
) -> ImprintOnText:  # fmt: skip
    """Train a pair of tables under each optimiser; raises ``InvalidInput`` for a corpus that cannot be used."""
    tell: Progress = progress if progress is not None else lambda _fraction, _message: None
    text = Text(corpus)
    vocabulary = count_words(text, needed=WORDS_NEEDED, progress=lambda read: tell(0.0, f"reading: {read} words"))
    encoded = EncodedText(text, vocabulary, limit=TOKENS[effort])
    ids = np.concatenate([np.asarray(chunk) for chunk in encoded])
    window = LookupSettings().window
    tell(0.02, "contexts of every word")
    specific = contextual_specificity(ids, len(vocabulary), window=window, seed=seed)
    rows = list[Row]()
    for i, name in enumerate(trainings):
        settings = LookupSettings(seed=seed, **TRAININGS[name])

        def told(done: int, i: int = i, name: str = name) -> None:
            tell(0.1 + 0.9 * (i + done / len(ids)) / len(trainings), f"{name}: {done} of {len(ids)} words")

        trained = train_lookup([ids], vocabulary.counts, settings, progress=told)
        rows += [_row(name, table, trained, vocabulary, specific) for table in TABLES]
    tell(1.0, "done")
    return ImprintOnText(text.name, len(ids), len(vocabulary), seed, tuple(rows))


def _row(name: str, which: str, trained: LookupRun, vocabulary: Vocabulary, specific: Floats) -> Row:
    table: LookupTable = getattr(trained, which)
    visits = table.visits.mean(axis=0)
    norm = np.mean(table.squared_norm, axis=0) ** 0.5
    if trained.settings.weight_decay == 0:  # the start is not forgotten, so growth is what the law is about
        power = 1 if trained.settings.optimizer == "adam" else 2  # of r^2
        grown = np.mean(table.squared_norm**power - table.initial_squared_norm**power, axis=0)
        norm = np.maximum(grown, 0) ** (0.5 / power)
    settled = (visits >= ENOUGH_VISITS) & (norm > 0) & _in_range(trained, visits) & np.isfinite(specific)
    x, y, s = np.log(visits[settled]), np.log(norm[settled]), specific[settled]
    rng = np.random.Generator(np.random.Philox(trained.settings.seed))
    return Row(name, which, int(settled.sum()), _bootstrap(rng, _slope, x, y), _bootstrap(rng, at_equal_frequency, y, s, x))


def _in_range(trained: LookupRun, visits: Floats) -> NDArray[np.bool_]:
    """Rows that had the time to settle and, under dense decay, are visited often within a relaxation time."""
    settings = trained.settings
    product = settings.step_size * settings.weight_decay
    if product == 0:
        return np.ones(len(visits), bool)
    rate = (2 if settings.optimizer == "adam" else 4) * product
    if settings.lazy:
        return visits * rate > MEMORIES
    return (visits / trained.steps > MEMORIES * rate) & np.full(len(visits), trained.steps * rate > MEMORIES)


def _bootstrap(rng: np.random.Generator, figure: Callable[..., float], *columns: Floats) -> Estimate:
    size = len(columns[0])
    if size < WORDS_NEEDED // 2:
        return Estimate(float("nan"), float("nan"), float("nan"))
    picks = (rng.integers(0, size, size) for _ in range(RESAMPLES))
    low, high = np.nanquantile([figure(*(c[pick] for c in columns)) for pick in picks], [0.025, 0.975])
    return Estimate(figure(*columns), float(low), float(high))


def _slope(x: Floats, y: Floats) -> float:
    centred = x - x.mean()
    spread = float(centred @ centred)
    return float(centred @ (y - y.mean())) / spread if spread > 0 else float("nan")


def at_equal_frequency(one: Floats, other: Floats, frequency: Floats) -> float:
    """Partial rank correlation: of what is left of the ranks after a cubic in the rank of the frequency is taken out."""
    rank = rankdata(frequency) / len(frequency)
    basis = np.vander(rank - rank.mean(), 4)
    left = []
    for column in (one, other):
        ranks = rankdata(column)
        left.append(ranks - basis @ np.linalg.lstsq(basis, ranks, rcond=None)[0])
    sizes = float(np.linalg.norm(left[0]) * np.linalg.norm(left[1]))
    return float(left[0] @ left[1]) / sizes if sizes > 0 else float("nan")
