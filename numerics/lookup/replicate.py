"""One replicate of a training: its tables, its stream of pairs, and the threads that a batch is shared out to."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.kernels.random_rows import directions
from numerics.kernels.table_batch import BEGIN, turns
from numerics.kernels.table_groups import Groups
from numerics.kernels.table_loss import Rule, powers
from numerics.kernels.table_score import CENTRE, PLACE, Batch, scratch
from numerics.kernels.table_stream import FINISHED, Pair, stream
from numerics.kernels.tables import CLASSES, COLUMNS, INVERSE_NORM, LINE, SQUARED_NORM, Table, room
from numerics.kernels.team import WAITING, assemble, team
from numerics.lookup.settings import PRECISIONS, LookupSettings
from numerics.sampling import AliasTable, stream_key

_BLOCK = 1 << 16  # numbers that are drawn or looked at at a time
_SHARES = 4  # of a phase for a thread: who is done early takes one more
_NAP = 5e-5  # seconds, of a thread that finds nothing to do


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
    """The arrays that one replicate updates in place, and how. ``threads``: for a batch; ``spare``: to begin with."""

    def __init__(
        self, rows: list[NDArray[Any]], settings: LookupSettings, source: np.random.SeedSequence, threads: int, spare: int = 1
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
        self.rooms = [room(rows[0]) for _ in range(threads)]
        self.scratch = [scratch(rows[0], 1 + settings.negatives) for _ in range(threads)]
        self.pair = _pair(settings)
        self.parts = min(_SHARES * threads, CLASSES) if threads > 1 else 1
        self.batch = _batch(settings, len(rows[0]), self.parts) if settings.batch > 1 else None
        self.team = team(aligned((24,), np.int64))
        self.helpers = ThreadPoolExecutor(threads - 1) if threads > 1 else None

    def __enter__(self) -> Replicate:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if self.helpers is not None:
            self.helpers.shutdown()

    def train(self, span: Span, rule: Rule, noise: AliasTable) -> int:
        """Go on with the pairs of a span; DIVERGED or FINISHED."""
        if self.batch is None:
            return int(stream(
                *span, self.word, self.context, rule, noise, self.key, self.pair, self.rooms[0], self.steps, self.loss_sum
            ))  # fmt: skip
        self.batch.place[CENTRE], self.batch.place[PLACE] = span.first, 0
        assemble(self.team, BEGIN, FINISHED)
        others = [
            self.helpers.submit(self._join, thread, span, rule, noise) for thread in range(1, len(self.rooms)) if self.helpers
        ]
        status = self._join(0, span, rule, noise)
        for other in others:
            other.result()
        return status

    def finish(self, rule: Rule, noise: AliasTable) -> int:
        """The pairs that fill no batch, then every row brought to the last step."""
        return self.train(Span(np.empty(0, np.int32), 0, len(self.word.rows)), rule, noise)

    def _join(self, thread: int, span: Span, rule: Rule, noise: AliasTable) -> int:
        """Take part in the batches of a span, to its end."""
        tables, counts, own = (self.word, self.context), (self.steps, self.loss_sum), (self.scratch[thread], self.rooms[thread])
        while True:
            status = int(turns(
                self.team, self.parts, span.ids, span.last, *tables, rule, noise, self.key, self.batch, *own, *counts
            ))  # fmt: skip
            if status != WAITING:
                return status
            time.sleep(_NAP)


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
    return Pair(np.zeros((2, candidates), np.int32), np.zeros(candidates, np.int32), *number, powers(candidates), np.zeros(1))


def _batch(settings: LookupSettings, size: int, parts: int) -> Batch:
    kind, candidates, pairs = PRECISIONS[settings.precision], 1 + settings.negatives, settings.batch
    chosen, weight = aligned((pairs, candidates), np.int32), aligned((pairs, candidates), kind)
    vector, gathered = (aligned((pairs, settings.dimension), kind) for _ in range(2))
    word, run, first = (aligned((pairs + more,), np.int32) for more in (0, 0, 1))
    groups = (_groups(size, occurrences, parts) for occurrences in (pairs, pairs * candidates))
    return Batch(
        word, chosen, run, first, weight, aligned((pairs,), np.float64), vector, gathered, np.zeros(4, np.int64),
        chosen.reshape(-1), weight.reshape(-1), aligned((pairs * candidates + parts,), kind), *groups,
    )  # fmt: skip


def _groups(size: int, occurrences: int, parts: int) -> Groups:
    mine, rows, ends, order = (aligned((occurrences + parts,), np.int32) for _ in range(4))
    return Groups(aligned((size,), np.int32), mine, rows, ends, order, np.zeros(parts, np.int64), np.zeros(parts, np.int64))
