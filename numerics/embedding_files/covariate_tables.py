"""Tables of pyarrow as columns of numbers and words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.embedding_files import arrow, csv_text
from numerics.embedding_files.extra import errors, pyarrow
from numerics.embedding_files.list_columns import told
from numerics.embedding_files.number_cells import BadCells, meant
from numerics.embedding_files.parquet import parquet_file, schema
from numerics.embedding_files.regular_file import RegularFile, explained, quoted, refused
from numerics.validation import size


@dataclass(frozen=True)
class Columns:
    """As `numerics.embedding_files.covariates.Covariates` has them."""

    kept: dict[str, NDArray[Any]]
    skipped: dict[str, str]
    unreadable: dict[str, BadCells] = field(default_factory=dict)
    doubtful: dict[str, BadCells] = field(default_factory=dict)


def from_csv(file: RegularFile, limit: float) -> Columns:
    """Text in columns with a header."""
    return _columns(file, csv_text.parsed(file), limit)


def from_parquet(file: RegularFile, limit: float) -> Columns:
    """Parquet; columns of lists are not read."""
    table = parquet_file(file)
    fields = schema(file, table)
    _once(file, fields.names)
    plain = [each.name for each in fields if _kind(each.type) != "other"]
    size(f"rows of {file.path}", table.metadata.num_rows)
    with explained(file.path, *errors()):
        return _columns(file, table.read(columns=plain), limit, fields)


def from_arrow(file: RegularFile, limit: float) -> Columns:
    """Arrow IPC; columns of lists are not read."""
    mapped = arrow.mapping(file)
    fields = arrow.schema(file, mapped)
    _once(file, fields.names)
    with explained(file.path, *errors()):
        whole = [
            pyarrow().chunked_array(list(arrow.columns(file, mapped, i)), each.type)
            for i, each in enumerate(fields)
            if _kind(each.type) != "other"
        ]
        names = [each.name for each in fields if _kind(each.type) != "other"]
        return _columns(file, pyarrow().table(whole, names=names), limit, fields)


def _once(file: RegularFile, names: list[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise refused(file.path, f"has two columns named {quoted(twice[0])}")


def _columns(file: RegularFile, table: Any, limit: float, fields: Any = None) -> Columns:
    """``fields``: the schema of the file, if not all of it has been read."""
    _once(file, table.column_names)
    size(f"rows of {file.path}", table.num_rows)
    line_of = csv_text.lines(file, table.num_rows) if fields is None else _no_line
    found = Columns({}, {each.name: _why_not(each.type) for each in fields or table.schema if _kind(each.type) == "other"})
    with explained(file.path, *errors()):
        table.validate()
    for each in table.schema:
        kind = _kind(each.type)
        if kind == "other":
            continue
        column = table.column(each.name)
        read = meant(file, each.name, column, limit, csv_text.missing(), line_of) if _is_text(each.type) else None
        if read is not None and read.bad is not None:
            (found.doubtful if read.numbers is None else found.unreadable)[each.name] = read.bad
        with explained(file.path, *errors()):
            found.kept[each.name] = _column(column, kind) if read is None or read.numbers is None else read.numbers
    return found


def _no_line(_: int) -> None:
    """Of a table that is no text."""


def _why_not(kind: Any) -> str:
    text = ", bytes that are no UTF-8; save the file as UTF-8" if str(kind) == "binary" else ""
    return f"of type {told(kind)}{text}"


def _is_text(kind: Any) -> bool:
    types = pyarrow().types
    return any(fits(kind) for fits in (types.is_string, types.is_large_string, types.is_string_view))


def _kind(kind: Any) -> str:
    """"number", "words" or "other"."""
    types = pyarrow().types
    if types.is_dictionary(kind):
        kind = kind.value_type
    if any(fits(kind) for fits in (types.is_integer, types.is_floating, types.is_decimal, types.is_boolean, types.is_null)):
        return "number"
    texts = (types.is_string, types.is_large_string, types.is_string_view, types.is_temporal)
    return "words" if any(fits(kind) for fits in texts) else "other"


def _column(column: Any, kind: str) -> NDArray[Any]:
    pa = pyarrow()
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if kind == "number":
        return np.array(column.cast(pa.float64(), safe=False).to_numpy(), np.float64)
    words = column.cast(pa.large_string()).fill_null("").combine_chunks().dictionary_encode()
    # one object a distinct word, not one a row
    return np.array(words.dictionary.to_pylist() or [""], object)[words.indices.to_numpy()]
