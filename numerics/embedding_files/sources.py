"""Where the rows of embeddings lie: one after the other in a file, column after column, or behind a decoder.

A source gives its rows in groups that can be read independently of each other, each as blocks (n, d) in order, by whichever
thread takes the group: so reading and decoding overlap what other threads do. In a file of plain numbers a group is one block;
behind a decoder it is what the format can enter at, such as a row group of Parquet. Entries are native; bfloat16 is uint16,
its bits.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.embedding_files.regular_file import RegularFile, refused

# in memory, by precision
STORED = {"float16": np.float16, "bfloat16": np.uint16, "float32": np.float32, "float64": np.float64, "int8": np.int8}
Block = NDArray[Any]
Indices = NDArray[np.int64]
Stopped = Callable[[], bool]


def unchecked(_: Stopped) -> None:
    """Of a file that has no checksum, or one that its decoder compares."""


class Scratch:
    """Memory that is used again for each block, one for each thread: fresh pages would cost as much as reading."""

    def __init__(self) -> None:
        self._bytes = np.empty(0, np.uint8)

    def array(self, shape: tuple[int, int], dtype: Any) -> Block:
        """An array of this shape, whose contents are lost with the next call."""
        needed = shape[0] * shape[1] * np.dtype(dtype).itemsize
        if len(self._bytes) < needed:
            self._bytes = np.empty(needed, np.uint8)
        return self._bytes[:needed].view(dtype).reshape(shape)


class Fresh(Scratch):
    """Memory of its own for each block."""

    def array(self, shape: tuple[int, int], dtype: Any) -> Block:
        """A new array."""
        return np.empty(shape, dtype)


@dataclass(frozen=True)
class Group:
    """``rows`` rows from ``first`` on; ``blocks`` reads them in order, and a block is lost when the next one is asked for."""

    first: int
    rows: int
    blocks: Callable[[Scratch], Iterator[Block]]


@dataclass(frozen=True)
class Source(ABC):
    """``rows`` of ``dimension`` entries, in a ``precision`` of STORED.

    ``check`` reads all bytes, until it is ``Stopped``, and raises ``InvalidInput`` where they do not have the checksum that the file
    gives. Rows can be read without it: it is for whoever reads all of them.
    """

    rows: int
    dimension: int
    precision: str
    check: Callable[[Stopped], None] = field(default=unchecked, kw_only=True, repr=False, compare=False)

    @property
    def row_bytes(self) -> int:
        """Of a row in memory."""
        return self.dimension * np.dtype(STORED[self.precision]).itemsize

    @abstractmethod
    def groups(self, rows_per_block: int) -> Iterator[Group]:
        """All rows in order, at most ``rows_per_block`` a block."""

    @abstractmethod
    def parts(self, wanted: Indices, rows_per_block: int) -> Iterator[tuple[int, Block]]:
        """Blocks that hold all ``wanted`` rows (sorted), in order, with the number of their first row."""


@dataclass(frozen=True)
class _Placed(Source):
    """Rows that can be read at any place."""

    @abstractmethod
    def read(self, first: int, count: int, scratch: Scratch) -> Block:
        """``count`` rows from ``first`` on."""

    def groups(self, rows_per_block: int) -> Iterator[Group]:
        """A group is a block."""
        for first in range(0, self.rows, rows_per_block):
            yield self._group(first, min(rows_per_block, self.rows - first))

    def _group(self, first: int, count: int) -> Group:
        return Group(first, count, lambda scratch: iter((self.read(first, count, scratch),)))

    def parts(self, wanted: Indices, rows_per_block: int) -> Iterator[tuple[int, Block]]:
        """Of each block of the file only what lies between the first and the last row wanted."""
        scratch = Scratch()
        ends = np.flatnonzero(np.diff(wanted // rows_per_block)) + 1
        for group in np.split(wanted, ends) if len(wanted) else []:
            first, last = int(group[0]), int(group[-1])
            yield first, self.read(first, last - first + 1, scratch)


@dataclass(frozen=True)
class Segment:
    """Rows from ``first`` on lie one after the other from byte ``offset`` on."""

    first: int
    offset: int


@dataclass(frozen=True)
class InRows(_Placed):
    """Row after row, in one stretch of the file or in several (``segments``, in order, the first row 0)."""

    file: RegularFile
    segments: tuple[Segment, ...]
    swapped: bool = False  # bytes are in the other order
    _starts: Indices = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", np.array([s.first for s in self.segments], np.int64))

    def read(self, first: int, count: int, scratch: Scratch) -> Block:
        block = scratch.array((count, self.dimension), STORED[self.precision])
        raw = block.view(np.uint8).reshape(-1)
        at = int(np.searchsorted(self._starts, first, side="right")) - 1
        row = first
        while row < first + count:
            segment = self.segments[at]
            end = min(first + count, int(self._starts[at + 1]) if at + 1 < len(self.segments) else self.rows)
            wanted = raw[(row - first) * self.row_bytes : (end - first) * self.row_bytes]
            self.file.read_into(wanted, segment.offset + (row - segment.first) * self.row_bytes)
            row, at = end, at + 1
        return block.byteswap(inplace=True) if self.swapped else block


@dataclass(frozen=True)
class InColumns(_Placed):
    """Column after column (Fortran's order) from byte ``offset`` on; each block is gathered from all columns."""

    file: RegularFile
    offset: int
    swapped: bool = False

    def read(self, first: int, count: int, scratch: Scratch) -> Block:
        block = scratch.array((count, self.dimension), STORED[self.precision])
        size = block.dtype.itemsize
        column = np.empty(count, block.dtype)
        for j in range(self.dimension):
            self.file.read_into(column.view(np.uint8), self.offset + (j * self.rows + first) * size)
            block[:, j] = column
        return block.byteswap(inplace=True) if self.swapped else block


@dataclass(frozen=True)
class Decoded(Source):
    """Rows behind a decoder that can be entered at several places.

    ``counts`` has the number of rows from each place to the next; ``decode(place, rows_per_block)`` gives them in blocks that
    are nobody else's memory.
    """

    file: RegularFile
    counts: tuple[int, ...]
    decode: Callable[[int, int], Iterator[Block]]

    def groups(self, rows_per_block: int) -> Iterator[Group]:
        """A group is what lies between two places."""
        first = 0
        for place, count in enumerate(self.counts):
            yield self._group(place, first, count, rows_per_block)
            first += count

    def _group(self, place: int, first: int, count: int, rows_per_block: int) -> Group:
        return Group(first, count, lambda _: self._whole(place, first, count, rows_per_block))

    def _whole(self, place: int, first: int, count: int, rows_per_block: int) -> Iterator[Block]:
        """The blocks, which have to be as many rows as the file says."""
        found = 0
        for block in self.decode(place, rows_per_block):
            found += len(block)
            if found > count:
                break
            yield block
        if found != count:
            words = f"has {'more' if found > count else found} rows from row {first} on where it says that it has {count}"
            raise refused(self.file.path, words)

    def parts(self, wanted: Indices, rows_per_block: int) -> Iterator[tuple[int, Block]]:
        """Groups with a row that is wanted, up to the last of them."""
        scratch = Scratch()
        for group in self.groups(rows_per_block):
            low, high = np.searchsorted(wanted, [group.first, group.first + group.rows])
            first = group.first
            for block in group.blocks(scratch) if low < high else ():
                yield first, block
                first += len(block)
                if first > wanted[high - 1]:
                    break


def as_float64(block: Block, precision: str) -> NDArray[np.float64]:
    """A block of a ``precision`` as float64, exactly."""
    numbers = (block.astype(np.uint32) << np.uint32(16)).view(np.float32) if precision == "bfloat16" else block
    with np.errstate(invalid="ignore"):  # a signalling NaN becomes a quiet one
        return numbers.astype(np.float64)


def segments_of(counts: Sequence[int], offsets: Sequence[int]) -> tuple[Segment, ...]:
    """Stretches of so many rows at these places; those without rows are left out."""
    firsts = np.concatenate(([0], np.cumsum(counts)))
    return tuple(Segment(int(a), at) for (a, b), at in zip(pairwise(firsts), offsets, strict=True) if b > a)
