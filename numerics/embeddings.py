"""A lookup table of words and one of contexts, trained together with InfoNCE on pairs of words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.kernels.lookup import DIVERGED, Floats, Ints, Rule, Scratch, settle, train_span
from numerics.kernels.row_update import RowUpdate, Table
from numerics.sampling import AliasTable, alias_table, stream_key
from numerics.validation import InvalidInput, OutOfRange, integer, number

_SMALLEST, _LARGEST = (
    1e-30,
    1e30,
)  # step_size^2, |row|^4 and their products stay far inside the range of float64
NOISE_POWER = 0.75  # negatives are drawn in proportion to count**0.75 (Mikolov et al., NeurIPS 2013)


@dataclass(frozen=True)
class LookupSettings:
    """How to train: ``step_size`` is constant, ``similarity`` is ``cosine`` or ``dot``.

    ``optimizer`` is ``sgd`` or ``adam`` (no epsilon); ``weight_decay`` is decoupled, step_size * weight_decay below 1.
    A dense optimiser moves all rows at every step, a ``lazy`` one (sparse Adam) only the rows that have a gradient.

    Each replicate has its own stream of ``seed`` and its own tables, whose rows start as uniform directions
    of length ``initial_norm``.

    Raises ``InvalidInput`` for a value out of bounds.
    """

    dimension: int = 32
    window: int = 5
    negatives: int = 8
    temperature: float = 0.2
    step_size: float = 0.05
    epochs: int = 1
    initial_norm: float = 1.0
    replicates: int = 2
    seed: int = 0
    similarity: str = "cosine"
    optimizer: str = "sgd"
    weight_decay: float = 0.0
    lazy: bool = False
    momentum: float = 0.9
    second_momentum: float = 0.999

    def __post_init__(self) -> None:
        least = {"dimension": 2, "window": 1, "negatives": 1, "epochs": 1, "replicates": 1, "seed": 0}
        for name, bound in least.items():
            integer(name, getattr(self, name), bound)
        for name in ("temperature", "step_size", "initial_norm"):
            number(name, getattr(self, name), above=0.0, least=_SMALLEST, most=_LARGEST)
        if self.similarity not in ("cosine", "dot"):
            raise InvalidInput(f"similarity = {self.similarity!r} must be 'cosine' or 'dot'")
        if self.optimizer not in ("sgd", "adam"):
            raise InvalidInput(f"optimizer = {self.optimizer!r} must be 'sgd' or 'adam'")
        number("weight_decay", self.weight_decay, least=0.0, most=0.999 / self.step_size)
        number("momentum", self.momentum, least=0.0, most=0.999)
        number("second_momentum", self.second_momentum, above=0.0, most=0.999999)

    def update(self) -> RowUpdate:
        """How a row moves, for the kernels."""
        rates = (float(self.step_size), float(self.weight_decay))
        return RowUpdate(*rates, self.optimizer == "adam", bool(self.lazy), float(self.momentum), float(self.second_momentum))


@dataclass(frozen=True)
class LookupTable:
    """One table after training and what was measured at every row; R replicates, V rows, d dimensions.

    ``rows`` (R, V, d); all others (R, V): ``visits`` counts updates; ``initial_squared_norm`` and
    ``squared_norm`` are |row|^2 before and after; ``drive_sum`` is the sum over updates of
    step_size^2 |g~|^2 with g~ = |row| g, ``largest_drive`` its largest term; ``largest_radial`` the largest
    |<row, g>| met, a number without unit.
    """

    rows: Floats
    visits: Ints
    initial_squared_norm: Floats
    squared_norm: Floats
    drive_sum: Floats
    largest_drive: Floats
    largest_radial: Floats


@dataclass(frozen=True)
class LookupRun:
    """Both tables, their settings, the mean loss (R,) of all steps, and steps and tokens of a replicate."""

    settings: LookupSettings
    word: LookupTable
    context: LookupTable
    mean_loss: Floats
    steps: int
    tokens: int


class _Span(NamedTuple):
    """Tokens, and the range of those whose turn it is; their neighbours are all there."""

    ids: NDArray[np.int32]
    first: int
    last: int


class _Replicate:
    """The arrays that one replicate updates in place."""

    def __init__(self, size: int, settings: LookupSettings, source: np.random.SeedSequence) -> None:
        d, candidates = settings.dimension, 1 + settings.negatives
        starts, stream = source.spawn(2)
        rng = np.random.Generator(np.random.Philox(starts))
        self.key = stream_key(stream)
        self.initial, tables = [], []
        for _ in range(2):
            rows = rng.standard_normal((size, d))
            rows *= settings.initial_norm / np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))
            squared = np.sum(rows * rows, axis=1)
            self.initial.append(squared.copy())
            drives, largest, radial = (np.zeros(size) for _ in range(3))
            first, second = (np.zeros(rows.shape if settings.optimizer == "adam" else (0, 0)) for _ in range(2))
            visits, done = (np.zeros(size, dtype=np.int64) for _ in range(2))
            tables.append(Table(rows, squared, visits, drives, largest, radial, first, second, done))
        self.word, self.context = tables
        empty = (np.zeros(candidates), np.zeros(candidates), np.zeros(d), np.zeros(d))
        self.scratch = Scratch(np.zeros(candidates, dtype=np.int64), *empty)
        self.steps = np.zeros(1, dtype=np.int64)
        self.loss_sum = np.zeros(1)

    def train(self, span: _Span, rule: Rule, noise: AliasTable) -> int:
        tables = (self.word, self.context)
        return train_span(*span, *tables, rule, noise, self.key, self.scratch, self.steps, self.loss_sum)


def train_lookup(
    chunks: Iterable[NDArray[np.int32]],
    counts: ArrayLike,
    settings: LookupSettings | None = None,
    *,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> LookupRun:
    """Train on a text given as row numbers in chunks (int32, 1-D); where the chunks end does not matter.

    One step is one (word, context) pair at a distance of at most ``window``, with ``negatives`` context rows
    drawn in proportion to ``counts**0.75``; its loss is InfoNCE over similarity / temperature. Every row
    involved moves once, by the optimiser's step at the values before the step (a context drawn twice gets
    the sum of its gradients). ``counts`` (V,), positive, gives the number of rows. ``chunks`` is iterated once an epoch.
    The result does not depend on ``threads``. ``progress`` hears the number of tokens done.

    Raises ``InvalidInput`` for counts that are not positive, row numbers outside the tables or a text without
    pairs, ``OutOfRange`` for a loss that is no longer a number.
    """
    chosen = LookupSettings() if settings is None else settings
    weights = _checked_counts(counts)
    if chosen.epochs > 1 and iter(chunks) is chunks:
        raise InvalidInput(f"epochs = {chosen.epochs} needs chunks that can be read again, not an iterator")
    workers = (
        min(chosen.replicates, os.cpu_count() or 1) if threads is None else integer("threads", threads, 1)
    )
    dot = chosen.similarity == "dot"
    rule = Rule(chosen.window, chosen.negatives, float(chosen.temperature), dot, chosen.update())
    noise = alias_table(weights**NOISE_POWER)
    sources = np.random.SeedSequence(chosen.seed).spawn(chosen.replicates)
    replicates = [_Replicate(len(weights), chosen, source) for source in sources]
    tokens = 0
    with ThreadPoolExecutor(workers) as pool:
        for span in _spans(chunks, len(weights), chosen):
            statuses = [pool.submit(replicate.train, span, rule, noise) for replicate in replicates]
            if any(status.result() == DIVERGED for status in statuses):
                raise OutOfRange(f"step_size = {chosen.step_size} makes the loss overflow; take a smaller")
            tokens += span.last - span.first
            if progress is not None:
                progress(tokens)
        for replicate in replicates:
            for table in (replicate.word, replicate.context):
                settle(table, rule.update, int(replicate.steps[0]))
    return _record(chosen, replicates, tokens)


def _checked_counts(counts: ArrayLike) -> Floats:
    weights = np.asarray(counts, dtype=np.float64)
    if weights.ndim != 1 or len(weights) < 2:
        raise InvalidInput(
            f"counts has shape {weights.shape}; it must be one number for each of 2 words or more"
        )
    if not np.all(np.isfinite(weights) & (weights > 0)):
        raise InvalidInput(f"counts from {weights.min()} to {weights.max()} must all be finite and above 0")
    return weights


def _spans(chunks: Iterable[NDArray[np.int32]], size: int, settings: LookupSettings) -> Iterator[_Span]:
    """Every token of every epoch once, as soon as its right neighbours have been read."""
    for _ in range(settings.epochs):
        ids = np.empty(0, dtype=np.int32)
        first = 0
        for chunk in chunks:
            new = np.asarray(chunk)
            if new.size and (new.min() < 0 or new.max() >= size):
                raise InvalidInput(f"row numbers from {new.min()} to {new.max()} must lie in 0..{size - 1}")
            ids = np.concatenate([ids, new.astype(np.int32)])
            last = max(first, len(ids) - settings.window)
            yield _Span(ids, first, last)
            kept = max(0, last - settings.window)
            ids, first = ids[kept:], last - kept
        yield _Span(ids, first, len(ids))


def _record(settings: LookupSettings, replicates: list[_Replicate], tokens: int) -> LookupRun:
    steps = int(replicates[0].steps[0])
    if steps == 0:
        raise InvalidInput(f"text of {tokens} known words has no pair to train on; at least 2 are needed")
    mean_loss = np.array([replicate.loss_sum[0] / steps for replicate in replicates])
    word = _stack([one.word for one in replicates], [one.initial[0] for one in replicates])
    context = _stack([one.context for one in replicates], [one.initial[1] for one in replicates])
    return LookupRun(settings, word, context, mean_loss, steps, tokens)


def _stack(tables: list[Table], initial: list[Floats]) -> LookupTable:
    names = [field.name for field in fields(LookupTable) if field.name != "initial_squared_norm"]
    columns = {name: np.stack([getattr(table, name) for table in tables]) for name in names}
    return LookupTable(initial_squared_norm=np.stack(initial), **columns)
