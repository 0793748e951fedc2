"""Columns of lists, as Arrow and Parquet have them: which one is meant, and its rows as one array."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.embedding_files.acceptable import SUPPORTED, advice, table_shape
from numerics.embedding_files.extra import errors, pyarrow
from numerics.embedding_files.nulls import set_null
from numerics.embedding_files.regular_file import Argument, FileRefused, explained, listed, quoted, refused
from numerics.embedding_files.sources import Block

_PRECISIONS = {"halffloat": "float16", "float": "float32", "double": "float64", "int8": "int8"}  # Arrow's names
_MOST_TEXT = 40


@dataclass(frozen=True)
class ListColumn:
    """A column of lists of numbers of one precision; ``index`` is its place in the schema."""

    name: str
    index: int
    precision: str


def choose(path: Path, schema: Any, name: str | None) -> ListColumn:
    """The column called ``name``, or the only one that holds lists of numbers."""
    if name is None:
        fit = [i for i, each in enumerate(schema) if _precision(each.type) is not None]
        if len(fit) != 1:
            lists = listed([f"{quoted(schema.field(i).name)} ({told(schema.field(i).type)})" for i in fit or range(len(schema))])
            if fit:
                raise refused(path, f"has {len(fit)} columns of embeddings; choose one of them with ", Argument("column"), f": {lists}")
            raise refused(path, f"has no column of lists of {SUPPORTED}; it has {lists or 'no columns'}{_hint(schema)}")
        place = fit[0]
    else:
        places = schema.get_all_field_indices(name)
        if not places:
            raise refused(path, f"has no column {quoted(name)}; it has {listed([quoted(n) for n in schema.names])}")
        if len(places) > 1:
            raise refused(path, f"has {len(places)} columns named {quoted(name)}")
        place = places[0]
    found = schema.field(place)
    precision = _precision(found.type)
    if precision is None:
        found_type = f"{told(found.type)}; it must hold lists of {SUPPORTED}{_of_entries(found.type)}"
        raise refused(path, f"has column {quoted(found.name)} of type {found_type}")
    return ListColumn(found.name, place, precision)


def _hint(schema: Any) -> str:
    whole = next((words for each in schema if (words := _of_entries(each.type))), "")
    if whole:
        return whole
    structs = any(str(each.type).startswith("struct") for each in schema)
    return "; entries in a column each, or in a struct, are not read: write one column of lists" if structs or len(schema) > 1 else ""


def _of_entries(kind: Any) -> str:
    """Advice about lists of whole numbers."""
    kind = getattr(kind, "storage_type", kind)
    return advice(str(getattr(kind, "value_type", ""))) if hasattr(kind, "value_type") else ""


def _precision(kind: Any) -> str | None:
    """Of the entries of a list; None for any other type."""
    pa = pyarrow()
    kind = getattr(kind, "storage_type", kind)
    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return _PRECISIONS.get(str(kind.value_type)) if lists else None


def told(kind: Any) -> str:
    """A type, cut where it is long."""
    words = str(kind)
    return words if len(words) <= _MOST_TEXT else words[:_MOST_TEXT] + "..."


def dimension_of(path: Path, lists: Any) -> int:
    """The length of the lists of a chunk with rows, by their type or the first that is not null; 0 where neither says it."""
    lists = storage(lists)
    with explained(path, *errors()):
        given = _given(lists)
        if not hasattr(lists, "offsets"):
            length = lists.type.list_size
        elif given is None or np.any(given):
            length = len(lists[0 if given is None else int(np.argmax(given))])
        else:
            return 0
    return table_shape((1, length), path)[1]


def no_dimension(path: Path, rows: int) -> FileRefused:
    """The error of a column in which no list has a length."""
    return refused(path, f"has no embedding: all its {rows} rows are null" if rows else "has no rows")


def storage(lists: Any) -> Any:
    """The lists of a column of an extension type, such as tensors of one shape, or the column itself."""
    return getattr(lists, "storage", lists)


class Values(NamedTuple):
    """The numbers of lists, one after the other, as an Arrow array; ``given`` (n,): which lists are not null, None for all of n."""

    flat: Any
    given: NDArray[np.bool_] | None

    @property
    def whole(self) -> bool:
        """Whether neither a list nor a number is null."""
        return self.given is None and not self.flat.null_count


def values(path: Path, lists: Any, first: int, dimension: int) -> Values:
    """The numbers of those lists of a chunk that are not null.

    ``first`` is the row number of the chunk's first list. Raises ``InvalidInput`` with the number of the first row that has
    another length than ``dimension``.
    """
    lists = storage(lists)
    with explained(path, *errors()):
        lists.validate()
    given = _given(lists)
    if hasattr(lists, "offsets"):
        _same_lengths(path, np.diff(lists.offsets.to_numpy()), given, first, dimension)
    elif lists.type.list_size != dimension:
        raise refused(path, f"has a row {first} of {lists.type.list_size} numbers where others have {dimension}")
    return Values(lists.flatten(), given)


def _given(lists: Any) -> NDArray[np.bool_] | None:
    return np.asarray(lists.is_valid().to_numpy(zero_copy_only=False), np.bool_) if lists.null_count else None


def _same_lengths(path: Path, lengths: Any, given: NDArray[np.bool_] | None, first: int, dimension: int) -> None:
    other = np.flatnonzero(lengths != dimension if given is None else (lengths != dimension) & given)
    if len(other):
        row = int(other[0])
        where = "the first" if first + row else "others"
        raise refused(path, f"is ragged: row {first + row} has {lengths[row]} numbers where {where} has {dimension}")


def block(path: Path, lists: Any, first: int, dimension: int) -> Block:
    """A chunk of lists as an array (n, dimension) of its own memory; what is null is the NaN of `nulls`, for which int8 becomes float32."""
    found = values(path, lists, first, dimension)
    if found.whole:
        return np.array(found.flat.to_numpy(zero_copy_only=True)).reshape(-1, dimension)
    flat = found.flat
    # what lies in place of nulls is any number: Arrow's own conversion would make all whole numbers float64
    stored = pyarrow().Array.from_buffers(flat.type, len(flat), [None, flat.buffers()[1]], offset=flat.offset).to_numpy()
    entries = np.array(stored, np.float32 if stored.dtype == np.int8 else stored.dtype)
    set_null(entries, flat.is_null().to_numpy(zero_copy_only=False))
    if found.given is None:
        return entries.reshape(-1, dimension)
    whole = np.empty((len(lists), dimension), entries.dtype)
    set_null(whole, ~found.given)
    whole[found.given] = entries.reshape(-1, dimension)
    return whole
