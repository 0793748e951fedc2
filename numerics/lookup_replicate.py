"""One replicate of a training: its tables, its stream of pairs, and the threads that a batch is shared out to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.kernels import table_batch as phase
from numerics.kernels.random_rows import directions
from numerics.kernels.table_batch import HUNGRY, Batch, Groups, turn
from numerics.kernels.table_loss import Rule
from numerics.kernels.table_stream import DIVERGED, FINISHED, Pair, stream
from numerics.kernels.tables import COLUMNS, INVERSE_NORM, LINE, SQUARED_NORM, Table, room
from numerics.lookup_settings import PRECISIONS, LookupSettings
from numerics.sampling import AliasTable, stream_key

_BLOCK = 1 << 16  # numbers that are drawn or looked at at a time
_ALL = phase.COLLECT | phase.DRAW | phase.GROUP | phase.CATCH | phase.SCORE | phase.MOVE | phase.FINISH


class Span(NamedTuple):
    """Tokens, and the range of those whose turn it is; their neighbours are all there."""

    ids: NDArray[np.int32]
    first: int
    last: int


def aligned(shape: tuple[int, ...], kind: Any) -> NDArray[Any]:
    """Zeros that begin at the beginning of a cache line."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    raw = np.zeros(size + LINE, np.uint8)
    start = -raw.ctypes.data % LINE
    return raw[start : start + size].view(kind).reshape(shape)


class Replicate:
    """The arrays that one replicate updates in place, and how. ``parts``: threads for a batch; ``spare``: to begin with."""

    def __init__(
        self, rows: list[NDArray[Any]], settings: LookupSettings, source: np.random.SeedSequence, parts: int, spare: int = 1
    ) -> None:
        """``rows``: room for the two tables, each (V, d)."""
        starts, stream = source.spawn(2)
        self.key, self.settings = stream_key(stream), settings
        self.initial, tables = [], []
        for table, own in zip(rows, starts.spawn(len(rows)), strict=True):
            self.initial.append(_start(stream_key(own), table, settings.initial_norm, spare))
            tables.append(_table(table, self.initial[-1], settings))
        self.word, self.context = tables
        self.steps, self.loss_sum = np.zeros(2, np.int64), np.zeros(1)  # steps and pairs so far
        self.work = [room(rows[0]) for _ in range(parts)]
        self.sums = [np.zeros(settings.dimension, rows[0].dtype) for _ in range(parts)]
        self.pair = _pair(settings)
        self.batch = _batch(settings, len(rows[0]), parts) if settings.batch > 1 else None
        self.helpers = ThreadPoolExecutor(parts - 1) if parts > 1 else None

    def __enter__(self) -> Replicate:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if self.helpers is not None:
            self.helpers.shutdown()

    def train(self, span: Span, rule: Rule, noise: AliasTable) -> int:
        """Go on with the pairs of a span; DIVERGED or FINISHED."""
        if self.batch is None:
            return int(stream(
                *span, self.word, self.context, rule, noise, self.key, self.pair, self.work[0], self.steps, self.loss_sum
            ))  # fmt: skip
        self.batch.place[phase.CENTRE], self.batch.place[phase.PLACE] = span.first, 0
        if self.helpers is None:
            return FINISHED if self._turn(_ALL, 0, span, rule, noise) == HUNGRY else DIVERGED
        while self._turn(phase.COLLECT, 0, span, rule, noise) != HUNGRY:
            if self._shared(span, rule, noise) == DIVERGED:
                return DIVERGED
        return FINISHED

    def finish(self, rule: Rule, noise: AliasTable) -> int:
        """The pairs that fill no batch, then every row brought to the last step."""
        nothing = Span(np.empty(0, np.int32), 0, len(self.word.rows))
        if self.batch is None:
            return self.train(nothing, rule, noise)
        status = self._shared(nothing, rule, noise) if self.batch.place[phase.PAIRS] > 0 else FINISHED
        self._on_all_parts(phase.SETTLE, nothing, rule, noise)
        return status

    def _shared(self, span: Span, rule: Rule, noise: AliasTable) -> int:
        """A batch that is collected, on all parts: each plan's steps wait for one another."""
        draw, group, catch, score, move = phase.DRAW, phase.GROUP, phase.CATCH, phase.SCORE, phase.MOVE
        for phases in (draw, group | catch, score, move) if rule.update.coasts else (draw | score, group | move):
            self._on_all_parts(phases, span, rule, noise)
        return self._turn(phase.FINISH, 0, span, rule, noise)

    def _on_all_parts(self, phases: int, span: Span, rule: Rule, noise: AliasTable) -> None:
        others = [
            self.helpers.submit(self._turn, phases, part, span, rule, noise) for part in range(1, len(self.work)) if self.helpers
        ]
        self._turn(phases, 0, span, rule, noise)
        for other in others:
            other.result()

    def _turn(self, phases: int, part: int, span: Span, rule: Rule, noise: AliasTable) -> int:
        tables, counts = (self.word, self.context), (self.steps, self.loss_sum)
        room = (self.sums[part], self.work[part])
        return int(turn(
            phases, part, len(self.work), span.ids, span.last, *tables, rule, noise, self.key, self.batch, *room, *counts
        ))  # fmt: skip


def _start(key: np.uint64, rows: NDArray[Any], norm: float, threads: int) -> NDArray[np.float64]:
    """Uniform directions of this norm, each row's from a stream of its own, in blocks; the squared norms as stored."""
    squared = np.empty(len(rows))
    block = max(1, _BLOCK // rows.shape[1])
    for begin in range(0, len(rows), block):
        drawn = np.empty(rows[begin : begin + block].shape)
        directions(len(drawn), threads, key, begin, drawn)
        np.multiply(drawn, norm, out=rows[begin : begin + block], casting="same_kind")
    squared_norms(rows, squared)
    return squared


def squared_norms(rows: NDArray[Any], out: NDArray[np.float64]) -> None:
    """Fill ``out`` (V,) with |row|^2, in float64."""
    block = max(1, _BLOCK // rows.shape[1])
    for begin in range(0, len(rows), block):
        part = rows[begin : begin + block]
        np.einsum("ij,ij->i", part, part, dtype=np.float64, out=out[begin : begin + block])


def _table(rows: NDArray[Any], squared: NDArray[np.float64], settings: LookupSettings) -> Table:
    moments, width = settings.state_shape()
    record = aligned((len(rows), COLUMNS), np.float64)
    record[:, SQUARED_NORM] = squared
    record[:, INVERSE_NORM] = 1 / np.sqrt(squared)
    state = aligned((len(rows), moments, width), np.float64 if width == 1 else rows.dtype)
    return Table(rows, state, record)


def _pair(settings: LookupSettings) -> Pair:
    kind, candidates = PRECISIONS[settings.precision], 1 + settings.negatives
    number = (np.zeros(candidates, kind), np.zeros(candidates, kind), np.zeros(settings.dimension, kind))
    return Pair(np.zeros((2, candidates), np.int32), np.zeros(candidates, np.int32), *number)


def _batch(settings: LookupSettings, size: int, parts: int) -> Batch:
    kind, candidates, pairs = PRECISIONS[settings.precision], 1 + settings.negatives, settings.batch
    chosen, weight = aligned((pairs, candidates), np.int32), aligned((pairs, candidates), kind)
    score, vector, gathered = (aligned((pairs, n), kind) for n in (candidates, settings.dimension, settings.dimension))
    word, run, first = (aligned((pairs + more,), np.int32) for more in (0, 0, 1))
    groups = (_groups(size, occurrences, parts) for occurrences in (pairs, pairs * candidates))
    return Batch(
        word, chosen, run, first, weight, score, aligned((pairs,), np.float64), vector, gathered, np.zeros(4, np.int64),
        chosen.reshape(-1), weight.reshape(-1), aligned((parts, pairs * candidates), kind), *groups,
    )  # fmt: skip


def _groups(size: int, occurrences: int, parts: int) -> Groups:
    mine, rows, ends, order = (aligned((parts, occurrences + more), np.int32) for more in (0, 0, 1, 0))
    return Groups(aligned((size,), np.int32), mine, rows, ends, order, np.zeros(parts, np.int64))
