"""Tables of pyarrow as columns of numbers and words."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.embedding_files import arrow
from numerics.embedding_files.extra import errors, pyarrow
from numerics.embedding_files.list_columns import told
from numerics.embedding_files.parquet import parquet_file, schema
from numerics.embedding_files.regular_file import RegularFile, explained, quoted, refused
from numerics.validation import size

_LONGEST_LINE = 2**24  # bytes: what is parsed at a time, with at least a line in it
Columns = tuple[dict[str, NDArray[Any]], dict[str, str]]


def from_csv(file: RegularFile) -> Columns:
    """Text in columns with a header."""
    csv = pyarrow("csv")
    tab = file.path.suffix.lower() == ".tsv"
    with explained(file.path, *errors()):
        table = csv.read_csv(
            file.path,
            # one thread: an error then says in which row it is
            read_options=csv.ReadOptions(use_threads=False, block_size=_LONGEST_LINE),
            # an empty line is a row, whose entry is missing: to drop it would move all rows after it
            parse_options=csv.ParseOptions(delimiter="\t" if tab else ",", newlines_in_values=True, ignore_empty_lines=False),
            # words stay as they are written
            convert_options=csv.ConvertOptions(true_values=[], false_values=[], timestamp_parsers=[], strings_can_be_null=False),
        )
    for name in table.column_names:
        if not name.strip():
            raise refused(file.path, "has a column without a name in its header")
        if _is_number(name):
            raise refused(file.path, f"has the number {quoted(name)} where its header should have the name of a column")
    return _columns(file, table)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def from_parquet(file: RegularFile) -> Columns:
    """Parquet; columns of lists are not read."""
    table = parquet_file(file)
    fields = schema(file, table)
    _once(file, fields.names)
    plain = [each.name for each in fields if _kind(each.type) != "other"]
    size(f"rows of {file.path}", table.metadata.num_rows)
    with explained(file.path, *errors()):
        return _columns(file, table.read(columns=plain), fields)


def from_arrow(file: RegularFile) -> Columns:
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
        return _columns(file, pyarrow().table(whole, names=names), fields)


def _once(file: RegularFile, names: list[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise refused(file.path, f"has two columns named {quoted(twice[0])}")


def _columns(file: RegularFile, table: Any, fields: Any = None) -> Columns:
    """``fields``: the schema of the file, if not all of it has been read."""
    _once(file, table.column_names)
    size(f"rows of {file.path}", table.num_rows)
    with explained(file.path, *errors()):
        table.validate()
        kept = {each.name: _column(table.column(each.name), _kind(each.type)) for each in table.schema if _kind(each.type) != "other"}
    return kept, {each.name: f"of type {told(each.type)}" for each in fields or table.schema if _kind(each.type) == "other"}


def _kind(kind: Any) -> str:
    """"number", "words" or "other"."""
    types = pyarrow().types
    if types.is_dictionary(kind):
        kind = kind.value_type
    if any(fits(kind) for fits in (types.is_integer, types.is_floating, types.is_decimal, types.is_null)):
        return "number"
    texts = (types.is_string, types.is_large_string, types.is_string_view, types.is_boolean, types.is_temporal)
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
