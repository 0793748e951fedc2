"""Norms and moments of all rows of a file, in one pass on all cores."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.processors import processors
from numerics.embedding_files.definition import EmbeddingFile
from numerics.embedding_files.nulls import has_null
from numerics.embedding_files.regular_file import Argument, refused
from numerics.embedding_files.sources import Block, Group, Scratch
from numerics.kernels.embedding_rows import FINE, INFINITE, NAN, ZERO, measure
from numerics.validation import integer, number, size

Floats = NDArray[np.float64]
NULL = 4  # beside the kernel's own
BAD = {NAN: "with NaN", NULL: "with null", INFINITE: "with an infinity or an infinite norm", ZERO: "with norm zero"}
_COUNTED = 2**20  # rows at a time, so that counting takes no memory to speak of
_AHEAD = 2  # groups a thread that are handed out beforehand
_AS_BITS = {"float16": np.uint16, "bfloat16": np.int16}  # what the kernel takes for them


@dataclass(frozen=True)
class NormScan:
    """What one pass over V embeddings of dimension d found.

    ``norms`` (V,): Euclidean norms, NaN of rows that are excluded; each is off by at most (d + 3) 2^-53 of itself and the
    smallest subnormal. ``status`` (V,) uint8: FINE, NAN, NULL (in Parquet and Arrow, of the row or an entry),
    INFINITE (an entry is, or the norm exceeds float64) or ZERO.
    ``counts``: how many rows have each status. ``first_rows``: the first row numbers, from 0, of each kind of excluded row.
    ``mean`` (d,) and ``second_moments`` (d,): of entries and of their squares over the rows that are FINE (NaN without any):
    sums in float64, of n rows off by at most (n + 1) 2^-53 of the mean magnitude. Where such a sum is out of float64's range, as
    of squares of 1e200, the second moment is infinite; float16, bfloat16 and float32 never come near.
    """

    norms: Floats
    status: NDArray[np.uint8]
    counts: dict[int, int]
    first_rows: dict[int, tuple[int, ...]]
    mean: Floats
    second_moments: Floats

    @property
    def excluded(self) -> int:
        """How many rows are not FINE."""
        return sum(count for kind, count in self.counts.items() if kind != FINE)


def scan_norms(
    file: EmbeddingFile,
    *,
    threads: int | None = None,
    limit: float = 0.01,
    named: int = 5,
    progress: Callable[[int], None] | None = None,
) -> NormScan:
    """Read all of ``file`` once, on ``threads`` threads (None: one a core).

    Rows with NaN, null (in Parquet and Arrow), infinities or norm zero are excluded and counted; the first ``named`` of each kind
    are named. The scan stops with ``InvalidInput`` once they are more than the share ``limit`` (0 to 1) of all rows, or where the
    file is not what its header says, or an array of .npz has not its checksum, for which a thread reads what is stored there once
    more. ``progress`` hears, in the calling thread, how many rows are done. Besides the result, 9 bytes a row, memory does not grow
    with the file; the result is the same bits for any number of threads. Ctrl-C ends it within a block.
    """
    workers = processors() if threads is None else integer("threads", threads, 1)
    allowed = number("limit", limit, least=0.0, most=1.0) * file.rows
    integer("named", named, 0)
    size(f"norms of {file.path}", file.rows)
    tally = _Tally(file, allowed, named)
    with _Crew(file, workers, tally) as crew:
        for found in crew.results():
            tally.add(found)
            if progress is not None:
                progress(found.first + found.rows)
    return tally.result()


class _Found(NamedTuple):
    """Of one group: rows ``first`` to ``first + rows`` were measured, some of them ``bad``; sums (2, d)."""

    first: int
    rows: int
    bad: int
    sums: Floats


class _Tally:
    """What has been found so far; each group fills rows of its own."""

    def __init__(self, file: EmbeddingFile, allowed: float, named: int) -> None:
        self.file, self.allowed, self.named = file, allowed, named
        self.norms, self.status = np.empty(file.rows), np.empty(file.rows, np.uint8)
        self.sums = np.zeros((2, file.dimension))
        self.bad = 0
        self.nulls = file.format in ("parquet", "arrow")

    def measure(self, group: Group, scratch: Scratch, stop: threading.Event) -> _Found:
        """Read one group and measure it, until it is done, has too many bad rows, or is stopped."""
        row, bad, sums, work = group.first, 0, np.zeros_like(self.sums), np.zeros_like(self.sums)
        for block in group.blocks(scratch):
            end = row + len(block)
            measure(self._entries(block), self.norms[row:end], self.status[row:end], sums, work)
            if self.nulls:
                self._name_nulls(block, self.status[row:end])
            bad += int(np.count_nonzero(self.status[row:end]))
            row = end
            if bad > self.allowed or stop.is_set():
                break
        return _Found(group.first, row - group.first, bad, sums)

    def _name_nulls(self, block: Block, status: NDArray[np.uint8]) -> None:
        """To the kernel they are NaN."""
        rows = np.flatnonzero(status == NAN)
        status[rows[has_null(block[rows])]] = NULL

    def _entries(self, block: Block) -> Block:
        bits = _AS_BITS.get(self.file.precision)
        return block if bits is None else block.view(bits)

    def add(self, found: _Found) -> None:
        """Groups are added in their order, so that sums do not depend on threads; raises ``InvalidInput`` beyond the limit."""
        self.bad += found.bad
        self.sums += found.sums
        if self.bad > self.allowed:
            raise self._too_many(found.first + found.rows)

    def _too_many(self, rows: int) -> Exception:
        counts, firsts = self._kinds(rows)
        kinds = [
            f"{counts[kind]} {words} ({', '.join(map(str, firsts[kind])) or '-'}"
            f"{', ...' if counts[kind] > len(firsts[kind]) else ''})"
            for kind, words in BAD.items()
            if counts[kind]
        ]
        share = self.allowed / self.file.rows
        return refused(
            self.file.path,
            f"has too many rows that are not fit for use: among its first {rows} of {self.file.rows}, {'; '.join(kinds)};"
            f" they must be at most {share:g} of all (", Argument("limit"), ")",
        )

    def _kinds(self, rows: int) -> tuple[dict[int, int], dict[int, tuple[int, ...]]]:
        """Counts and first row numbers by status."""
        counts = dict.fromkeys((FINE, *BAD), 0)
        firsts: dict[int, list[int]] = {kind: [] for kind in BAD}
        for begin in range(0, rows, _COUNTED) if self.bad else ():
            status = self.status[begin : min(rows, begin + _COUNTED)]
            for kind, found in firsts.items():
                places = np.flatnonzero(status == kind)
                counts[kind] += len(places)
                found.extend(begin + int(place) for place in places[: self.named - len(found)])
        counts[FINE] = rows - sum(counts.values())
        return counts, {kind: tuple(found) for kind, found in firsts.items()}

    def result(self) -> NormScan:
        """Once all groups have been added."""
        counts, firsts = self._kinds(self.file.rows)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean, second = self.sums / np.float64(counts[FINE])
        return NormScan(self.norms, self.status, counts, firsts, mean, second)


class _Crew:
    """Threads that take one group after the other; each has memory of its own that it uses again."""

    def __init__(self, file: EmbeddingFile, workers: int, tally: _Tally) -> None:
        self._groups, self._tally, self._check = file.groups(), tally, file.source.check
        self._ahead = _AHEAD * workers
        self._pool = ThreadPoolExecutor(workers)
        self._stop, self._own = threading.Event(), threading.local()

    def __enter__(self) -> _Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown(cancel_futures=True)

    def results(self) -> Iterator[_Found]:
        """In the order of the groups, only so many of them handed out beforehand."""
        checked = self._pool.submit(self._check, self._stop.is_set)
        waiting: deque[Future[_Found]] = deque()
        for group in self._groups:
            waiting.append(self._pool.submit(self._measure, group))
            if len(waiting) >= self._ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        checked.result()

    def _measure(self, group: Group) -> _Found:
        if not hasattr(self._own, "scratch"):
            self._own.scratch = Scratch()
        return self._tally.measure(group, self._own.scratch, self._stop)


__all__ = ["BAD", "FINE", "INFINITE", "NAN", "NULL", "ZERO", "NormScan", "scan_norms"]
