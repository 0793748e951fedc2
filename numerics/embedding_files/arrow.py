"""Arrow's own format, as a file (Feather) or a stream: record batches, of which one column of lists is read.

The numbers of a batch that is not compressed lie in the file as they are in memory. So only the places of the batches are
looked up, in a mapping of the file, and rows are then read like those of any plain file. Compressed batches are
decoded one at a time, each as a whole.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from itertools import count
from typing import Any

from numerics.embedding_files.extra import errors, pyarrow
from numerics.embedding_files.list_columns import ListColumn, block, choose, dimension_of, no_dimension, values
from numerics.embedding_files.regular_file import RegularFile, explained
from numerics.embedding_files.sources import Block, Decoded, InRows, Source, segments_of

MAGIC, STREAM_MAGIC = b"ARROW1", b"\xff\xff\xff\xff"


def begins_a_stream(start: bytes) -> bool:
    """Whether a file that begins so can be a stream: after its mark comes how long the schema is, above 0."""
    return start.startswith(STREAM_MAGIC) and int.from_bytes(start[4:8], "little", signed=True) > 0


def opened(file: RegularFile, name: str | None) -> tuple[str, Source]:
    """The name and source of a column of embeddings."""
    mapped = mapping(file)
    column = choose(file.path, schema(file, mapped), name)
    counts: list[int] = []
    offsets: list[int | None] = []
    dimension = 0
    for lists in columns(file, mapped, column.index, plain=_plain(file, mapped, column)):
        if len(lists) and not dimension:
            dimension = dimension_of(file.path, lists)
        offsets.append(_begin(mapped, file, lists, sum(counts), dimension) if len(lists) else 0)
        counts.append(len(lists))
    if not dimension:
        raise no_dimension(file.path, sum(counts))
    if None not in offsets:
        return column.name, InRows(sum(counts), dimension, column.precision, file, segments_of(counts, offsets))  # type: ignore[arg-type]
    return column.name, _decoded(file, mapped, column, counts, dimension)


def _plain(file: RegularFile, mapped: Any, column: ListColumn) -> bool:
    """Whether the first batch that has rows lies in the file as in memory."""
    start = next((lists for lists in columns(file, mapped, column.index, plain=True) if len(lists)), None)
    return start is not None and _begin(mapped, file, start, 0, dimension_of(file.path, start)) is not None


def mapping(file: RegularFile) -> Any:
    """The bytes of the file where they are, as a buffer of Arrow."""
    with explained(file.path), file.path.open("rb") as stream:
        return pyarrow().py_buffer(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))


def _decoded(file: RegularFile, mapped: Any, column: ListColumn, counts: list[int], dimension: int) -> Source:
    """A file can be entered at each of its batches, a stream only at its beginning."""
    is_file = _is_file(mapped)
    places = tuple(counts) if is_file else (sum(counts),)

    def decode(place: int, rows_per_block: int) -> Iterator[Block]:
        first = sum(places[:place])
        for lists in columns(file, mapped, column.index, place if is_file else None):
            for begin in range(0, len(lists), rows_per_block):
                yield block(file.path, lists.slice(begin, rows_per_block), first + begin, dimension)
            first += len(lists)

    return Decoded(sum(counts), dimension, column.precision, file, places, decode)


def schema(file: RegularFile, mapped: Any) -> Any:
    """The columns and their types."""
    with explained(file.path, *errors()):
        return _reader(mapped).schema


def columns(file: RegularFile, mapped: Any, index: int, batch: int | None = None, plain: bool = False) -> Iterator[Any]:
    """One column of each batch, or of one batch of a file.

    ``plain``: leave the numbers where they are. Otherwise only this column is read, which of a file makes a copy.
    """
    with explained(file.path, *errors()):
        reader = _reader(mapped, None if plain else [index])
    numbers = (range(reader.num_record_batches) if batch is None else (batch,)) if _is_file(mapped) else count()
    for number in numbers:
        with explained(file.path, *errors()):
            try:
                found = reader.get_batch(number) if _is_file(mapped) else reader.read_next_batch()
            except StopIteration:
                return
            found.validate()  # before anything is asked of it: lengths that cannot be would end the process
        yield found.column(index if plain else 0)


def _is_file(mapped: Any) -> bool:
    return bool(mapped[: len(MAGIC)].to_pybytes() == MAGIC)


def _reader(mapped: Any, fields: list[int] | None = None) -> Any:
    ipc = pyarrow("ipc")
    options = ipc.IpcReadOptions(included_fields=fields, use_threads=False)
    source = pyarrow().BufferReader(mapped)
    return ipc.open_file(source, options=options) if _is_file(mapped) else ipc.open_stream(source, options=options)


def _begin(mapped: Any, file: RegularFile, lists: Any, first: int, dimension: int) -> int | None:
    """The place in the file of the numbers of lists that lie there as they are and of which none is null; None of others.

    Only lengths and places are looked at, and no number is read. ``dimension``: 0 as long as there were only nulls.
    """
    found = values(file.path, lists, first, dimension)
    return _offset(mapped, found.flat) if found.whole else None


def _offset(mapped: Any, flat: Any) -> int | None:
    """The place in the file of numbers that lie there as they are; None of others."""
    size = flat.type.bit_width // 8
    at = flat.buffers()[1].address + flat.offset * size - mapped.address
    return int(at) if 0 <= at <= mapped.size - len(flat) * size else None
