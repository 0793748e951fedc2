"""Parquet: one column of lists, decoded a batch of rows at a time; other columns are not read."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

from numerics.embedding_files.extra import errors, pyarrow
from numerics.embedding_files.list_columns import block, choose, dimension_of, no_dimension
from numerics.embedding_files.regular_file import RegularFile, explained, quoted, refused
from numerics.embedding_files.sources import Block, Decoded, Source

MAGIC = b"PAR1"
_BUFFER = 2**20  # bytes that are read ahead of the decoder, in place of a whole row group
_FEW_ROWS = 2**13  # row groups are joined up to that many: to enter each costs as much as some thousand rows


def opened(file: RegularFile, name: str | None) -> tuple[str, Source]:
    """The name and source of a column of embeddings."""
    table = parquet_file(file)
    column = choose(file.path, schema(file, table), name)
    if table.metadata.num_rows < 1:
        raise refused(file.path, "has no rows")
    counts = [table.metadata.row_group(i).num_rows for i in range(table.metadata.num_row_groups)]
    if sum(counts) != table.metadata.num_rows or min(counts) < 0:
        raise refused(file.path, f"says that it has {table.metadata.num_rows} rows, and {sum(counts)} in its row groups")
    dimension, joined = _dimension(file, table, column.index), _joined(counts)
    firsts = [sum(counts[: groups.start]) for groups in joined]
    readers = threading.local()  # a reader is for one thread

    def decode(place: int, rows_per_block: int) -> Iterator[Block]:
        if not hasattr(readers, "own"):
            readers.own = parquet_file(file, table.metadata)
        first = firsts[place]
        for lists in _batches(file, readers.own, joined[place], column.index, rows_per_block):
            yield block(file.path, lists, first, dimension)
            first += len(lists)

    totals = tuple(sum(counts[groups.start : groups.stop]) for groups in joined)
    return column.name, Decoded(table.metadata.num_rows, dimension, column.precision, file, totals, decode)


def _dimension(file: RegularFile, table: Any, index: int) -> int:
    """The length of the first list that is not null."""
    rows = 0
    for lists in _batches(file, table, range(table.metadata.num_row_groups), index, 1):
        if dimension := dimension_of(file.path, lists):
            return dimension
        rows += len(lists)
    if not rows:
        raise refused(file.path, f"says that it has {table.metadata.num_rows} rows and has none")
    raise no_dimension(file.path, rows)


def _joined(counts: Sequence[int]) -> list[range]:
    """Row groups next to each other, such that none is far smaller than it has to be."""
    joined, begin, rows = [], 0, 0
    for i, count in enumerate(counts):
        rows += count
        if rows >= _FEW_ROWS or i == len(counts) - 1:
            joined.append(range(begin, i + 1))
            begin, rows = i + 1, 0
    return joined


def parquet_file(file: RegularFile, metadata: Any = None) -> Any:
    """pyarrow's reader."""
    with explained(file.path, *errors()):
        return pyarrow("parquet").ParquetFile(file.path, metadata=metadata, buffer_size=_BUFFER, pre_buffer=False)


def schema(file: RegularFile, table: Any) -> Any:
    """The columns and their types."""
    with explained(file.path, *errors()):
        return table.schema_arrow


def _batches(file: RegularFile, table: Any, groups: Sequence[int], index: int, rows: int) -> Iterator[Any]:
    """The column a batch at a time."""
    with explained(file.path, *errors()):
        batches = table.iter_batches(batch_size=rows, row_groups=list(groups), columns=[_leaf(file, table, index)], use_threads=False)
    while True:
        with explained(file.path, *errors()):
            batch = next(batches, None)
        if batch is None:
            return
        if batch.num_rows:
            yield batch.column(0)


def _leaf(file: RegularFile, table: Any, index: int) -> str:
    """What pyarrow calls the numbers of a column: a name alone would be taken for a path where it has dots."""
    kinds = [each.type for each in schema(file, table)]
    paths = [table.schema.column(i).path for i in range(len(table.schema))]
    before = sum(_leaves(kind) for kind in kinds[:index])
    if sum(map(_leaves, kinds)) != len(paths) or paths.count(paths[before]) > 1:
        raise refused(file.path, f"has columns whose names cannot be told apart, such as {quoted(paths[min(before, len(paths) - 1)])}")
    return str(paths[before])


def _leaves(kind: Any) -> int:
    """Columns of plain values that a type is stored as."""
    kind = getattr(kind, "storage_type", kind)
    return sum(_leaves(kind.field(i).type) for i in range(kind.num_fields)) or 1
