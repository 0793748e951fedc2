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

from derivations.evidence.formulas import value
from numerics.corpus.contexts import contextual_specificity
from numerics.corpus.text import EncodedText, Text, count_words
from numerics.lookup.embeddings import LookupRun, LookupSettings, LookupTable, train_lookup
from theory.imprint_map import FORGET, P, Regime, regimes
from theory.imprint_signs import signs

Floats = NDArray[np.float64]
Progress = Callable[[float, str], None]
WORDS_NEEDED = 50
ENOUGH_VISITS = 100  # fewer say little of a row's norm
MEMORIES = 4.0  # a row is settled after so many of its relaxation times, and in range if it is visited so often within one
RESAMPLES = 400
EXPONENTS = (0.0, 0.25, 0.5)  # of the map: the one that a slope is nearest to should be the prediction
TOLD_APART = 0.125  # half of the distance between them
LOSS = "infonce"  # which the tables are trained with
TOKENS = {"quick": 200_000, "full": None}
TABLES = ("word", "context")
# Decays such that most words settle: 1/(4 eta lambda) is some 10^5 steps (dense) or 50 visits (lazy).
TRAININGS: Mapping[str, Mapping[str, Any]] = {
    "sgd/none": {},
    "sgd/dense": {"weight_decay": 4e-5},
    "sgd/lazy": {"weight_decay": 0.1, "lazy": True},
    "adam/none": {"optimizer": "adam", "step_size": 1e-3},
    "adamw/dense": {"optimizer": "adam", "step_size": 1e-3, "weight_decay": 5e-3},
    "sparse_adam/none": {"optimizer": "adam", "step_size": 1e-3, "lazy": True},
    "sparse_adam/lazy": {"optimizer": "adam", "step_size": 1e-3, "weight_decay": 5.0, "lazy": True},
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
    the rank correlation of norm and contextual specificity at equal frequency; each beside what the map predicts."""

    training: str
    table: str
    words: int
    exponent: Estimate
    predicted_exponent: float
    specificity: Estimate
    predicted_specificity: int

    @property
    def exponent_verdict(self) -> str:
        """``hit`` if the interval holds the predicted exponent; ``near`` if it does not, but the one found is within `TOLD_APART`
        of it, and nearer to it than to each of `EXPONENTS` that is not the prediction; else ``miss``; ``""`` if none was found."""
        if np.isnan(self.exponent.value):
            return ""
        if self.exponent.low <= self.predicted_exponent <= self.exponent.high:
            return "hit"
        off = abs(self.exponent.value - self.predicted_exponent)
        others = [abs(self.exponent.value - e) for e in EXPONENTS if e != self.predicted_exponent]
        return "near" if off < min(TOLD_APART, *others) else "miss"

    @property
    def specificity_verdict(self) -> str:
        """``hit`` if the interval has the predicted sign, or includes 0 where none is predicted; else ``miss``."""
        if np.isnan(self.specificity.value):
            return ""
        return "hit" if self.specificity.sign == self.predicted_specificity else "miss"


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
        rows += [_row(name, table, trained, specific) for table in TABLES]
    tell(1.0, "done")
    return ImprintOnText(text.name, len(ids), len(vocabulary), seed, tuple(rows))


def _row(name: str, which: str, trained: LookupRun, specific: Floats) -> Row:
    table: LookupTable = getattr(trained, which)
    visits = table.visits.mean(axis=0)
    norm = np.mean(table.squared_norm, axis=0) ** 0.5
    if trained.settings.weight_decay == 0:  # the start is not forgotten, so growth is what the law is about
        power = 1 if trained.settings.rule == "adam" else 2  # of r^2
        grown = np.mean(table.squared_norm**power - table.initial_squared_norm**power, axis=0)
        norm = np.maximum(grown, 0) ** (0.5 / power)
    settled = (visits >= ENOUGH_VISITS) & (norm > 0) & _in_range(trained, visits) & np.isfinite(specific)
    x, y, s = np.log(visits[settled]), np.log(norm[settled]), specific[settled]
    rng = np.random.Generator(np.random.Philox(trained.settings.seed))
    slope, partial = _bootstrap(rng, _slope, x, y), _bootstrap(rng, at_equal_frequency, y, s, x)
    regime, share = _regime(name), visits[settled] / trained.steps
    sign = signs(regime, LOSS).specificity.value
    if sign is None:
        raise ValueError(f"no claim gives the sign of specificity under {name} and {LOSS}")
    return Row(name, which, int(settled.sum()), slope, _predicted(regime, trained.settings, share), partial, sign)


def _regime(name: str) -> Regime:
    optimizer, decay = name.split("/")
    return next(r for r in regimes() if (r.optimizer, r.decay) == (optimizer, decay))


def _predicted(regime: Regime, settings: LookupSettings, share: Floats) -> float:
    """The slope that the map predicts over these frequencies: the mean of its exponent, weighted as a slope weighs it."""
    if not len(share):
        return float("nan")
    if regime.exponent_in_frequency.is_number:
        return float(regime.exponent_in_frequency)
    known: dict[Any, Any] = {P: share, FORGET: 1 - settings.chosen.second_momentum}
    local = np.broadcast_to(value(regime.exponent_in_frequency, known), share.shape)
    x = np.log(share)
    order = np.argsort(x)
    fall = np.concatenate([[0.0], np.cumsum((local[order][1:] + local[order][:-1]) / 2 * np.diff(x[order]))])
    return _slope(x[order], fall) if np.ptp(x) > 0 else float(local[0])


def _in_range(trained: LookupRun, visits: Floats) -> NDArray[np.bool_]:
    """Rows that had the time to settle and, under dense decay, are visited often within a relaxation time."""
    settings = trained.settings
    product = settings.step_size * settings.weight_decay
    if product == 0:
        return np.ones(len(visits), bool)
    rate = (2 if settings.rule == "adam" else 4) * product
    if settings.chosen.lazy:
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
